import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ascii, concat, fromHex, millis, seconds, toHex } from '#values/index.ts';
import {
  answerClock,
  answerLogin,
  answerSync,
  command,
  decodeText,
  doubt,
  encodeText,
  fieldsOf,
  opened,
  printFrame,
  readInfo,
  receive,
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
    const [frame] = sent(answerClock({ id: 4, key: 'rtc', name: 'sync' }, 1_700_000_000_000, 60));
    expect(decodeText(frame!.body)).toBe('rtc\x001700003600');
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
