import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ascii, millis, Secret, seeded } from '#values/index.ts';
import { meet, type Weather } from './channel.fixture.ts';
import { device, stepDevice } from './device.ts';
import type { DeviceEvent, HostEffect, HostEnding, HostEvent, HostOptions } from './events.ts';
import { type HostState, hosting, stepHost } from './host.ts';
import { profileIds, profileOf } from './profiles.ts';

const image = Uint8Array.from({ length: 30_000 }, (_, i) => i * 3);
const nonce32 = '9e107d9d372bb6826bd81d3542a419d6';

type Untimed<E> = E extends unknown ? Omit<E, 'now'> : never;
type Timed = [at: number, event: Untimed<HostEvent>];

/** Plays a list of events, waking the host as it wished in between, until it is over. */
function play(
  script: readonly Timed[],
  more: Partial<HostOptions> = {},
): { ending: HostEnding; at: number; effects: HostEffect[] } {
  let state: HostState = hosting({ command: 'sketch', image, hostPort: 1, entropy: new Uint8Array(32), ...more });
  const effects: HostEffect[] = [];
  let wakeAt = Number.POSITIVE_INFINITY;
  const left: Timed[] = [[0, { kind: 'start' }], ...script];
  for (let step = 0; step < 10_000; step++) {
    const next = left[0] && left[0][0] <= wakeAt ? left.shift()! : ([wakeAt, { kind: 'woke' }] as Timed);
    if (next[0] === wakeAt) wakeAt = Number.POSITIVE_INFINITY;
    if (next[0] === Number.POSITIVE_INFINITY) throw new Error('nothing left to wait for');
    const [after, wishes] = stepHost(state, { ...next[1], now: millis(next[0]) } as HostEvent);
    state = after;
    effects.push(...wishes);
    for (const wish of wishes) {
      if (wish.do === 'wake') wakeAt = Math.max(next[0], wish.at);
      if (wish.do === 'over') return { ending: wish.ending, at: next[0], effects };
    }
  }
  throw new Error('no end');
}

const said = (at: number, words: string): Timed => [at, { kind: 'received', bytes: ascii(words) }];
const datagram = (at: number, words: string): Timed => [at, { kind: 'datagram', bytes: ascii(words) }];
const called = (at: number): Timed => [at, { kind: 'connected' }];
const ended = (at: number): Timed => [at, { kind: 'closed', how: 'end' }];
/** Answers enough for everything to be sent. */
const taken: readonly Timed[] = [
  called(10),
  said(20, '1460'),
  ...Array.from({ length: 40 }, (_, i) => said(30 + i, '2920')),
];

describe('verdicts that published tools get wrong', () => {
  it('a count and OK in one segment are a success', () => {
    expect(play([...taken, said(80, '876OK')]).ending).toEqual({ kind: 'stored' });
  });
  it('an error line with a capital O in it is a failure', () => {
    const line = `876ERROR[7]: MD5 Failed: expected:${nonce32}, calculated:${nonce32}\n`;
    expect(play([...taken, said(80, line)]).ending).toMatchObject({
      kind: 'board-error',
      error: { kind: 'md5', number: 7 },
    });
  });
  it('bare ESP32 words after the digits are a failure', () => {
    expect(play([...taken, said(80, '512MD5 Check'), said(81, ' Failed\r\n')]).ending).toMatchObject({
      kind: 'board-error',
      error: { kind: 'md5', text: 'MD5 Check Failed' },
    });
  });
  it('an end without OK is not a success, and ends at once', () => {
    const { ending, at } = play([...taken, ended(80)]);
    expect(ending).toEqual({ kind: 'no-verdict', how: 'end' });
    expect(at).toBe(80);
  });
  it('an error line that a reset cuts off is still read', () => {
    const line = said(30, 'ERROR[1]: Flash Write Failed');
    expect(play([called(10), said(20, '1460'), line, [31, { kind: 'closed', how: 'reset' }]]).ending).toMatchObject({
      kind: 'board-error',
      error: { kind: 'flash-write' },
    });
  });
  it('a long error by datagram is read whole', () => {
    const words = 'ERR: ERROR[11]: Invalid bootstrapping state, reset ESP8266 before updating\r\n';
    expect(play([datagram(5, words)]).ending).toMatchObject({
      kind: 'board-error',
      over: 'udp',
      error: { kind: 'bootstrap' },
    });
  });
  it('OK before all bytes were sent is no OK', () => {
    expect(play([called(10), said(20, 'OK')]).ending).toMatchObject({ kind: 'garbage' });
  });
});

describe('before the call', () => {
  it('one lost datagram changes nothing: the invitation is repeated', () => {
    const { effects } = play([], { family: 'esp8266' });
    expect(effects.filter((effect) => effect.do === 'send-datagram').length).toBeGreaterThan(4);
  });
  it('nobody answering ends within 12 s, whatever the board', () => {
    for (const family of ['esp8266', 'esp32', 'rp2040', undefined] as const) {
      const { ending, at } = play([], { family });
      expect(ending).toEqual({ kind: 'no-answer' });
      expect(at).toBeLessThanOrEqual(12_000);
      expect(at).toBeGreaterThanOrEqual(10_000);
    }
  });
  it('a closed port is noticed in seconds', () => {
    const refused = [1, 1001, 2501].map((at): Timed => [at, { kind: 'refused' }]);
    expect(play(refused, { family: 'esp8266' })).toMatchObject({ ending: { kind: 'port-closed' }, at: 2501 });
  });
  it('a password that is asked for and missing ends at once and frees the board', () => {
    const { ending, effects } = play([datagram(5, `AUTH ${nonce32}`)]);
    expect(ending).toEqual({ kind: 'password-needed' });
    expect(effects).toContainEqual({ do: 'send-datagram', bytes: ascii('1\n') });
  });
  it('the password is in no effect', () => {
    const { effects } = play([datagram(5, `AUTH ${nonce32}`)], { password: new Secret('hunter2') });
    expect(JSON.stringify(effects)).not.toContain('hunter2');
  });
  it('bytes go out in the very step of the call: an ESP32 waits one second', () => {
    const { effects } = play([called(10), ended(20)]);
    expect(effects.some((effect) => effect.do === 'send')).toBe(true);
  });
  it('what is no answer is told and named', () => {
    expect(play([datagram(5, 'HTTP/1.1 400')]).ending).toEqual({ kind: 'garbled', text: 'HTTP/1.1 400' });
  });
});

describe('after OK and no call, the same invitation tells', () => {
  const good = (id: string, more: Partial<Weather>): Weather => ({
    random: seeded(3),
    image,
    profile: profileOf(id)!,
    ...more,
  });

  it('of a board that refused silently', () => {
    for (const id of ['esp8266@2.3.0', 'esp32@1.0.4', 'esp32@3.2.0'])
      expect(meet(good(id, { beginError: { kind: 'not-enough-space' } })).ending).toEqual({
        kind: 'no-call',
        again: 'at-once',
      });
  });
  it('of a board whose call does not get through', () => {
    for (const id of ['esp8266@2.7.4', 'esp32@3.2.0', 'rp2040@6.0.0'])
      expect(meet(good(id, { callBlocked: true })).ending).toEqual({ kind: 'no-call', again: 'after-connect-timeout' });
  });
  it('of a board whose loop is blocked', () => {
    expect(meet(good('esp8266@2.3.0', { loopBlockedUntil: 1e6 })).ending).toEqual({ kind: 'no-call', again: 'never' });
  });
  it('and a late call is taken', () => {
    for (const id of profileIds) expect(meet(good(id, { callsAfter: 4000 })).ending).toEqual({ kind: 'stored' });
  });
});

describe('handshakes', () => {
  it('a board left waiting by an abandoned attempt is won over: the first invitation only wakes it', () => {
    const { ending, at } = play(
      [
        datagram(1010, `AUTH ${nonce32}`),
        datagram(1020, 'OK'),
        called(1130),
        ...taken.slice(1).map(([t, e]): Timed => [t + 1130, e]),
        said(1300, 'OK'),
      ],
      { family: 'esp8266', password: new Secret('x') },
    );
    expect(ending).toEqual({ kind: 'stored' });
    expect(at).toBe(1300);
  });
  it('an ESP32 that stores an MD5 hash is answered in its way', () => {
    const passwordHash = '5ebe2294ecd0e0f08eab7690d2a6ee69';
    const { ending, told } = meet({
      random: seeded(1),
      image,
      profile: profileOf('esp32@3.3.1')!,
      passwordHash,
      hostPassword: 'secret',
    });
    expect(ending).toEqual({ kind: 'stored' });
    expect(told.flatMap((event) => (event.kind === 'responded' ? [event.scheme] : []))).toEqual([
      'sha256',
      'sha256-of-md5',
    ]);
  });
  it('a blocked loop behind the password is told from a wrong password', () => {
    const weather = { random: seeded(1), image, profile: profileOf('esp8266@3.1.2')!, loopBlockedUntil: 1e6 };
    expect(meet({ ...weather, boardPassword: 'x', hostPassword: 'x' }).ending).toEqual({
      kind: 'no-answer-to-authentication',
    });
  });
});

describe('liars', () => {
  it('10 MB of digits end in garbage, not in memory or time', () => {
    const flood = Array.from({ length: 160 }, (_, i): Timed => said(20 + i, '1'.repeat(65536)));
    expect(play([called(10), ...flood]).ending.kind).toBe('garbage');
  });
  it('10 MB of bytes end in garbage', () => {
    const random = seeded(9);
    const noise = Uint8Array.from({ length: 65536 }, () => Math.floor(random() * 256));
    expect(play([called(10), [20, { kind: 'received', bytes: noise }]]).ending.kind).toMatch(/garbage|board-error/);
  });
  it('counts that are too large never show as progress beyond what was sent, nor as 100 %', () => {
    const { effects } = play([
      called(10),
      ...Array.from({ length: 40 }, (_, i) => said(20 + i, '99999999')),
      ended(90),
    ]);
    for (const effect of effects)
      if (effect.do === 'tell' && effect.event.kind === 'acknowledged')
        expect(effect.event.bytes).toBeLessThan(image.length);
  });
});

describe('both machines', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .constantFrom(
        'OK',
        `AUTH ${nonce32}`,
        'Authentication Failed',
        'ERR: x',
        '1460',
        'OK\n',
        'ERROR[4]: ',
        '200 a b\n',
      )
      .map(ascii),
  );

  it('host: takes any events in any order, and says `over` once', () => {
    const event = fc.oneof(
      fc.record({ kind: fc.constantFrom('datagram', 'received'), bytes }),
      fc.record({ kind: fc.constantFrom('start', 'refused', 'connected', 'woke', 'cancel') }),
      fc.record({ kind: fc.constant('unreachable'), detail: fc.string() }),
      fc.record({ kind: fc.constant('closed'), how: fc.constantFrom('end', 'reset', 'timed-out') }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20_000), event), { maxLength: 40 }), fc.boolean(), (events, secret) => {
        let state: HostState = hosting({
          command: 'sketch',
          image,
          hostPort: 1,
          entropy: new Uint8Array(32),
          ...(secret && { password: new Secret('x') }),
        });
        let now = 0;
        let overs = 0;
        for (const [pause, each] of [[0, { kind: 'start' }] as const, ...events]) {
          now += pause;
          const [next, effects] = stepHost(state, { ...each, now: millis(now) } as HostEvent);
          state = next;
          overs += effects.filter((effect) => effect.do === 'over').length;
        }
        expect(overs).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('device: takes any events in any order', () => {
    const from = { address: '192.0.2.1', port: 4000 };
    const invitation = ascii(`0 41234 9000 ${nonce32}\n`);
    const error = fc.option(fc.record({ kind: fc.constantFrom('md5', 'magic', 'no-filesystem') }), { nil: undefined });
    const event = fc.oneof(
      fc.record({
        kind: fc.constant('datagram'),
        bytes: fc.oneof(bytes, fc.constant(invitation)),
        from: fc.constant(from),
      }),
      fc.record({ kind: fc.constant('read'), bytes }),
      fc.record({ kind: fc.constantFrom('handle', 'connected', 'connect-failed', 'woke') }),
      fc.record({ kind: fc.constantFrom('begun', 'wrote', 'finished'), error }),
      fc.record({ kind: fc.constant('closed'), how: fc.constantFrom('end', 'reset') }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...profileIds), fc.array(event, { maxLength: 60 }), (id, events) => {
        let state = device({ profile: profileOf(id)! });
        for (const [i, each] of events.entries())
          [state] = stepDevice(state, { ...each, now: millis(i) } as DeviceEvent);
        expect(state.queue.length).toBeLessThanOrEqual(6);
      }),
    );
  });
});
