import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ascii, concat, fromHex, millis, seconds, toHex } from '#values/index.ts';
import {
  answerBridge,
  answerClock,
  answerLogin,
  answerSync,
  askPin,
  bridged,
  command,
  decodeText,
  doubt,
  encodeText,
  fieldsOf,
  opened,
  printFrame,
  readInfo,
  receive,
  redirect,
  restart,
  type ServerState,
  type ServerWish,
  setUpdating,
  startOta,
  status,
  takeFrames,
  tick,
  writePin,
} from './index.ts';

interface Captured {
  readonly id: string;
  readonly frames: readonly {
    readonly conn: number;
    readonly dir?: string;
    readonly hex?: string;
    readonly name?: string;
  }[];
}
const { captures } = JSON.parse(readFileSync('test/fixtures/blynk/captures.json', 'utf8')) as { captures: Captured[] };

const token = '0123456789abcdef0123456789abcdef';
const now = millis(1000);
const info = (more: Record<string, string> = {}) =>
  printFrame(
    command.internal,
    2,
    ...Object.entries({
      ver: '0.6.1',
      'h-beat': '10',
      'buff-in': '1024',
      dev: 'NodeMCU',
      build: 'Nov  2 2026 08:00:00',
      ...more,
    }).flat(),
  );

/** A device that is logged in, and has said who it is. */
function there(more?: Record<string, string>): ServerState {
  const state = opened(now);
  receive(state, printFrame(command.hardwareLogin, 1, token), now);
  answerLogin(state, 'good', now);
  receive(state, info(more), now);
  return state;
}
const sent = (wishes: readonly ServerWish[]) =>
  wishes.flatMap((wish) => (wish.do === 'send' ? [...takeFrames(new Uint8Array(0), wish.bytes, 65_535).frames] : []));
const statusesOf = (wishes: readonly ServerWish[]) => sent(wishes).map((frame) => frame.status);
const hears = (state: ServerState, ...bytes: readonly Uint8Array[]) => receive(state, concat(...bytes), now);

describe('captured sessions of real clients', () => {
  const sessions = captures.flatMap(({ id, frames }) =>
    [...new Set(frames.map(({ conn }) => conn))].map((conn) => ({
      id: `${id}, connection ${conn}`,
      frames: frames.filter((frame) => frame.conn === conn && frame.dir === 'c2s' && frame.hex !== undefined),
    })),
  );

  it.each(sessions.filter(({ frames }) => frames.length > 0).map((session) => [session.id, session.frames] as const))(
    '%s: is understood to its end, however TCP cuts it',
    (_, frames) => {
      const bytes = concat(...frames.map(({ hex }) => fromHex(hex!)!));
      const login = [command.login, command.hardwareLogin].includes(bytes[0]! as 2);
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 40 }), (cuts) => {
          const state = opened(now);
          const wishes: ServerWish[] = [];
          let at = 0;
          for (const cut of [...cuts, bytes.length]) {
            const more = receive(state, bytes.subarray(at, at + cut), now);
            at += cut;
            wishes.push(...more);
            if (more.some((wish) => wish.do === 'login')) wishes.push(...answerLogin(state, 'good', now));
          }
          const closed = wishes.flatMap((wish) => (wish.do === 'close' ? [wish.why] : []));
          if (!login) {
            expect(closed).toEqual(['first-frame-is-no-login']);
            return;
          }
          expect(closed).toEqual([]);
          const count = (name: string) => frames.filter((frame) => frame.name === name).length;
          const good = statusesOf(wishes).filter((code) => code === status.ok).length;
          expect(good).toBeGreaterThanOrEqual(1 + count('PING'));
          expect(wishes.filter((wish) => wish.do === 'info').length).toBeLessThanOrEqual(count('INTERNAL'));
        }),
        { numRuns: 10 },
      );
    },
  );

  it('say who they are, in every order of keys', () => {
    const said = captures.flatMap(({ frames }) =>
      frames.flatMap(({ dir, name, hex }) => {
        if (dir !== 'c2s' || name !== 'INTERNAL') return [];
        const known = readInfo(fieldsOf(fromHex(hex!)!.subarray(5)));
        return known ? [known] : [];
      }),
    );
    expect(said.length).toBeGreaterThan(40);
    for (const { library, longest } of said) {
      expect(library).toMatch(/^\d+\.\d+\.\d+/);
      expect(longest).toBeGreaterThanOrEqual(256);
    }
  });
});

describe('a login', () => {
  it.each([command.login, command.hardwareLogin])('by command %i is answered 200 with its id', (number) => {
    const state = opened(now);
    expect(hears(state, printFrame(number, 7, `${token}\0 `))).toContainEqual({ do: 'login', token });
    expect(sent(answerLogin(state, 'good', now))).toEqual([expect.objectContaining({ id: 7, status: 200 })]);
  });
  it('of a token that is not known yet is never answered 9', () => {
    const state = opened(now);
    hears(state, printFrame(command.login, 1, token));
    expect(answerLogin(state, 'not-yet', now)).toEqual([{ do: 'close', why: 'turned-away' }]);
  });
  it('must come first, and within ten seconds', () => {
    expect(hears(opened(now), printFrame(command.ping, 1))).toContainEqual({
      do: 'close',
      why: 'first-frame-is-no-login',
    });
    expect(hears(opened(now), Uint8Array.of(0x99))).toEqual([{ do: 'close', why: 'first-frame-is-no-login' }]);
    const silent = opened(now);
    hears(silent, Uint8Array.of(29, 0));
    expect(tick(silent, millis(now + 9_999))).toEqual([]);
    expect(tick(silent, millis(now + 10_000))).toEqual([{ do: 'close', why: 'no-login' }]);
  });
  it('is followed by what came behind it, once it is answered', () => {
    const state = opened(now);
    const first = hears(state, printFrame(command.login, 1, token), info(), printFrame(command.ping, 3));
    expect(first.map((wish) => wish.do)).toEqual(['login']);
    expect(sent(answerLogin(state, 'good', now)).map(({ id }) => id)).toEqual([1, 2, 3]);
  });
  it('with the same token again changes nothing; with another it ends', () => {
    const state = there();
    expect(statusesOf(hears(state, printFrame(command.login, 9, token)))).toEqual([200]);
    expect(hears(state, printFrame(command.login, 9, 'f'.repeat(32)))).toContainEqual({
      do: 'close',
      why: 'another-login',
    });
  });
});

describe('pins', () => {
  it('are written by the device without an answer, several values and empty ones too', () => {
    const wishes = hears(
      there(),
      printFrame(command.hardware, 5, 'vw', '4', '12.5', '7'),
      printFrame(command.hardware, 5, 'vw', '7', ''),
      printFrame(command.hardware, 5, 'dw', '13', '1'),
    );
    expect(wishes).toEqual([
      { do: 'pin', write: { pin: 'V4', values: ['12.5', '7'] } },
      { do: 'pin', write: { pin: 'V7', values: [''] } },
      { do: 'pin', write: { pin: 'D13', values: ['1'] } },
    ]);
  });
  it.each([['vw'], ['vw', '256', '1'], ['xw', '1', '1'], ['vw', 'A', '1']])(
    '%j is answered 2, and nothing is lost',
    (...words) => {
      expect(
        statusesOf(hears(there(), printFrame(command.hardware, 5, ...words.flat()), printFrame(command.ping, 6))),
      ).toEqual([2, 200]);
    },
  );
  it('keep bytes that are no text', () => {
    const raw = Uint8Array.of(0x41, 0xff, 0xc3, 0x28, 0x42);
    expect(encodeText(decodeText(raw))).toEqual(raw);
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(encodeText(decodeText(bytes))).toEqual(bytes);
      }),
    );
  });
  it('are written at the device in one frame, after making a physical pin an output', () => {
    const state = there();
    const written = writePin(state, { pin: 'D4', values: ['1'] });
    expect(sent(written as ServerWish[]).map(({ body }) => decodeText(body))).toEqual(['pm\x004\0out', 'dw\x004\x001']);
    expect(sent(writePin(state, { pin: 'D4', values: ['0'] }) as ServerWish[])).toHaveLength(1);
  });
  it('that are longer than the device takes are not sent, and whoever wrote them is told', () => {
    expect(writePin(there({ 'buff-in': '256' }), { pin: 'V1', values: ['x'.repeat(300)] })).toBe('too-long');
    expect(writePin(opened(now), { pin: 'V1', values: ['1'] })).toBe('not-there');
  });
  it('are given back to a sync with the id of the question', () => {
    const state = there();
    expect(hears(state, printFrame(command.sync, 8, 'vr', '1', '2'))).toEqual([
      { do: 'sync', id: 8, pins: ['V1', 'V2'] },
    ]);
    expect(hears(state, printFrame(command.sync, 9))).toEqual([{ do: 'sync', id: 9, pins: 'all' }]);
    const [frame] = sent(answerSync(state, 8, [{ pin: 'V1', values: ['a', 'b'] }]));
    expect(frame).toMatchObject({ id: 8, command: command.hardware });
    expect(decodeText(frame!.body)).toBe('vw\x001\0a\0b');
  });
});

describe('other messages', () => {
  it('ask for the time', () => {
    const [wish] = hears(there(), printFrame(command.internal, 4, 'rtc', 'sync'));
    expect(wish).toMatchObject({ do: 'clock', id: 4, key: 'rtc' });
    const [frame] = sent(answerClock({ id: 4, key: 'rtc', name: 'sync' }, 1_700_000_000_000, 60, 'Europe/Berlin'));
    expect(decodeText(frame!.body)).toBe('rtc\x001700003600');
    const utc = (name: string) =>
      sent(answerClock({ id: 4, key: 'utc', name }, 1_700_000_000_000, 60, 'Europe/Berlin')).map(({ body }) =>
        decodeText(body).split('\0'),
      );
    expect(utc('iso')).toEqual([['utc', 'iso', '2023-11-14T22:13:20.000Z']]);
    expect(utc('tz')).toEqual([['utc', 'tz', '60', '0']]);
    expect(utc('tz_name')).toEqual([['utc', 'tz_name', 'Europe/Berlin']]);
    expect(utc('tz_rule')).toEqual([]);
  });
  it('of an update go only to libraries that survive them', () => {
    expect(startOta(there({ ver: '0.4.3' }), 'http://x/')).toBeUndefined();
    const [frame] = sent(startOta(there(), 'http://192.168.1.10:8080/static/ota/firmware_ota.bin')!);
    const { frameHex } = JSON.parse(readFileSync('test/fixtures/blynk/ota.json', 'utf8')) as { frameHex: string };
    expect(`11${frameHex.slice(6)}`).toBe(toHex(Uint8Array.of(frame!.command, 0, frame!.body.length, ...frame!.body)));
  });
  it('that nobody knows change nothing; numbers from 100 on end the connection', () => {
    const state = there();
    expect(statusesOf(hears(state, printFrame(50, 4, 'x'), printFrame(command.ping, 5)))).toEqual([200]);
    expect(hears(state, printFrame(120, 4))).toContainEqual({ do: 'close', why: 'unknown-command' });
  });
  it('beyond a hundred a second are dropped whole, and the device is told once a minute', () => {
    const state = there();
    const many = concat(
      ...Array.from({ length: 300 }, (_, i) => printFrame(command.hardware, i + 1, 'vw', '1', String(i))),
    );
    const wishes = receive(state, many, millis(now + 2000));
    expect(wishes.filter((wish) => wish.do === 'pin')).toHaveLength(100);
    expect(wishes.filter((wish) => wish.do === 'flooding')).toHaveLength(1);
    expect(statusesOf(receive(state, printFrame(command.ping, 9), millis(now + 4000)))).toEqual([200]);
  });
});

describe('what the hub has to say', () => {
  const bodies = (wishes: readonly ServerWish[] | undefined) =>
    wishes && sent(wishes).map(({ command: number, body }) => [number, decodeText(body)]);

  it('asks for the level of a physical pin', () => {
    expect(bodies(askPin(there(), 'D4'))).toEqual([[command.hardware, 'dr\x004']]);
    expect(bodies(askPin(there(), 'A0'))).toEqual([[command.hardware, 'ar\x000']]);
    expect(askPin(there(), 'V1')).toBeUndefined();
    expect(askPin(opened(now), 'D4')).toBeUndefined();
  });
  it('restarts a device that has a console for it, and no other', () => {
    expect(bodies(restart(there({ ver: '1.1.0', tmpl: 'TMPL1234567' })))).toEqual([[command.internal, 'dbg\0reboot']]);
    expect(restart(there({ ver: '1.1.0' }))).toBeUndefined();
    expect(restart(there({ tmpl: 'TMPL1234567' }))).toBeUndefined();
  });
  it('redirects only libraries that know it, to names that they have room for', () => {
    expect(bodies(redirect(there({ ver: '0.4.0' }), '192.168.1.5', 8080))).toEqual([
      [command.redirect, '192.168.1.5\x008080'],
    ]);
    expect(redirect(there({ ver: '0.3.10' }), '192.168.1.5', 8080)).toBeUndefined();
    const [short, long] = ['a'.repeat(31), 'a'.repeat(32)];
    expect(redirect(there(), short, 80)).toBeDefined();
    expect(redirect(there(), long, 80)).toBeUndefined();
    expect(redirect(there({ ver: '1.0.1' }), long, 80)).toBeDefined();
  });
  it('is one frame a write, never with the id 0, also after 65,535 of them', () => {
    const state = there();
    state.nextId = 65_533;
    const written = [1, 2, 3, 4].map((value) => writePin(state, { pin: 'V1', values: [`${value}`] }) as ServerWish[]);
    expect(written.every((wishes) => wishes.length === 1)).toBe(true);
    expect(written.map((wishes) => sent(wishes)[0]!.id)).toEqual([65_534, 65_535, 1, 2]);
  });
  it('to a device that counts past 65,535 on from 0 has an id all the same', () => {
    const [answer] = sent(hears(there(), printFrame(command.ping, 0)));
    expect(answer).toMatchObject({ status: 200 });
    expect(answer!.id).toBeGreaterThan(0);
  });
  it('before the info message is no longer than every library takes', () => {
    const fresh = opened(now);
    hears(fresh, printFrame(command.login, 1, token));
    answerLogin(fresh, 'good', now);
    expect(writePin(fresh, { pin: 'V1', values: ['x'.repeat(246)] })).toBe('too-long');
    expect(writePin(fresh, { pin: 'V1', values: ['x'.repeat(245)] })).toHaveLength(1);
    expect(startOta(fresh, 'http://10.0.0.1/f.bin')).toBeUndefined();
  });
});

describe('properties, bridges and notices', () => {
  it('change a widget: 200, or 11 where something is missing', () => {
    const wishes = hears(there(), printFrame(command.property, 4, '1', 'label', 'Lamp', ''));
    expect(statusesOf(wishes)).toEqual([200]);
    expect(wishes).toContainEqual({ do: 'property', pin: 'V1', name: 'label', values: ['Lamp'] });
    for (const body of [['1'], ['1', 'label'], ['x', 'label', 'a'], ['256', 'label', 'a']])
      expect(statusesOf(hears(there(), printFrame(command.property, 4, ...body))), String(body)).toEqual([11]);
  });
  it('pass a write on to another device, once it is named', () => {
    const state = there();
    expect(statusesOf(hears(state, printFrame(command.bridge, 3, '64', 'vw', '1', '5')))).toEqual([status.notAllowed]);
    expect(statusesOf(hears(state, printFrame(command.bridge, 4, '64', 'i', token)))).toEqual([200]);
    expect(hears(state, printFrame(command.bridge, 5, '64', 'vw', '1', '5'))).toEqual([
      { do: 'bridge', id: 5, token, fields: ['vw', '1', '5'] },
    ]);
    expect(statusesOf(answerBridge(5, status.deviceNotInNetwork))).toEqual([7]);
    expect(statusesOf(hears(state, printFrame(command.bridge, 6, '64', 'vw')))).toEqual([2]);
    const [frame] = sent(bridged(there(), ['vw', '1', '5']));
    expect([frame!.command, decodeText(frame!.body)]).toEqual([command.bridge, 'vw\x001\x005']);
  });
  it.each([
    [command.tweet, 'tweet'],
    [command.email, 'email'],
    [command.notify, 'notify'],
    [command.sms, 'sms'],
  ] as const)('of kind %i are answered and told on as %s', (number, kind) => {
    const wishes = hears(there(), printFrame(number, 4, 'it is', 'wet'));
    expect(statusesOf(wishes)).toEqual([200]);
    expect(wishes).toContainEqual({ do: 'notice', kind, text: 'it is wet' });
    expect(statusesOf(hears(there(), printFrame(number, 4)))).toEqual([status.notificationInvalidBody]);
  });
  it('as events, groups and ends of events get no answer', () => {
    const wishes = hears(
      there(),
      printFrame(command.event, 4, 'flood', 'cellar', ''),
      printFrame(command.eventClear, 5, 'flood'),
      printFrame(command.group, 6, 'b'),
    );
    expect(wishes).toEqual([{ do: 'notice', kind: 'event', text: 'flood: cellar' }]);
  });
});

describe('info', () => {
  const read = (...fields: string[]) => readInfo(fields);
  it('has no order, keeps what it does not know, and takes the library from `blynk` where that is', () => {
    const known = read(
      'mcu',
      '1.2.3',
      'blynk',
      '1.3.2',
      'h-beat',
      '45',
      'buff-in',
      '1024',
      'colour',
      'red',
      'ver',
      '9',
    );
    expect(known).toMatchObject({ firmware: '1.2.3', library: '1.3.2', heartbeat: 45, longest: 1024 });
    expect(known!.all['colour']).toBe('red');
    expect(read('ver', '2.0.0', 'blynk', '0.5.4')).toMatchObject({ firmware: '2.0.0', library: '0.5.4' });
    expect(read('rtc', 'sync')).toBeUndefined();
  });
  it.each(['0', '86401', '-1', 'ten', '', '1e3'])('with the heartbeat %j has none', (beat) => {
    expect(read('ver', '0.6.1', 'h-beat', beat)!.heartbeat).toBeUndefined();
  });
});

describe('silence', () => {
  it('is followed by a ping of ours, then by doubt, then by the end', () => {
    const state = there();
    const at = (time: number) => tick(state, millis(now + time));
    expect(at(9_000)).toEqual([]);
    expect(sent(at(10_000))).toEqual([expect.objectContaining({ command: command.ping })]);
    expect(at(12_000)).toEqual([]);
    expect(at(15_000)).toEqual([{ do: 'presence', presence: 'not-answering' }]);
    expect(at(22_000)).toEqual([]);
    expect(at(23_000)).toEqual([{ do: 'close', why: 'silent' }]);
  });
  it('ends with any byte', () => {
    const state = there();
    for (const time of [10_000, 15_000]) tick(state, millis(now + time));
    expect(receive(state, Uint8Array.of(0), millis(now + 16_000))).toContainEqual({
      do: 'presence',
      presence: 'online',
    });
    expect(tick(state, millis(now + 24_000))).toEqual([]);
  });
  it('during an update is none', () => {
    const state = there();
    setUpdating(state, true, now);
    expect(tick(state, millis(now + 100_000))).toEqual([]);
    setUpdating(state, false, millis(now + 100_000));
    expect(tick(state, millis(now + 105_000))).toEqual([]);
  });
  it.each([
    [10, 23],
    [40, 92],
    [45, 104],
    [50, 115],
    [60, 138],
  ])('with a heartbeat of %i s ends the connection after %i s', (beat, limit) => {
    const state = there({ 'h-beat': String(beat) });
    expect(tick(state, millis(now + limit * 1000 - 1)).some((wish) => wish.do === 'close')).toBe(false);
    expect(tick(state, millis(now + limit * 1000))).toEqual([{ do: 'close', why: 'silent' }]);
  });
  it('of a connection that another has come for ends it; an answer shows that there are two', () => {
    const gone = there();
    doubt(gone, now);
    expect(tick(gone, millis(now + seconds(5)))).toEqual([{ do: 'close', why: 'replaced' }]);
    const twin = there();
    const [ping] = sent(doubt(twin, now));
    expect(hears(twin, Uint8Array.of(0, ping!.id >> 8, ping!.id & 255, 0, 200))).toContainEqual({ do: 'twin' });
  });
});

describe('hostile bytes', () => {
  it('never break it, and never make it hold more than a frame', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 20 }), fc.boolean(), (parts, known) => {
        const state = known ? there() : opened(now);
        for (const part of parts) {
          const wishes = receive(state, part, now);
          if (wishes.some((wish) => wish.do === 'login')) answerLogin(state, 'good', now);
          expect(state.rest.length).toBeLessThanOrEqual(16_389);
          for (const frame of sent(wishes)) expect(frame.id).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 300 },
    );
    const state = there();
    expect(hears(state, Uint8Array.of(20, 0, 1, 0xff, 0xff), ascii('x'))).toContainEqual({
      do: 'close',
      why: 'too-long',
    });
  });
});
