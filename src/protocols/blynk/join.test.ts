// A library and the hub's half, over a channel that cuts and joins as TCP may.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, millis } from '#values/index.ts';
import {
  answerLogin,
  blynkDevice,
  opened,
  receive,
  redirect,
  type ServerWish,
  startOta,
  tick,
  writePin,
} from './index.ts';

const { connected, deviceOf, heard, libraryOf, run, virtualWrite } = blynkDevice;
const versions = ['0.3.10', '0.4.4', '0.5.4', '0.6.1', '1.3.2'];

/** Pieces of what was sent, cut anew. */
function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const size of [...sizes, bytes.length]) {
    if (at < bytes.length) pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}
const bytesOf = (wishes: readonly { readonly do: string; readonly bytes?: Uint8Array }[]): Uint8Array =>
  concat(...wishes.flatMap((wish) => (wish.do === 'send' ? [wish.bytes!] : [])));

describe('a device and the hub', () => {
  it.each(versions)(
    'of library %s: every value arrives once and in order, however TCP cuts, and nobody hangs up',
    (version) => {
      fc.assert(
        fc.property(
          fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 60 }),
          fc.array(fc.tuple(fc.integer({ min: 0, max: 31 }), fc.string({ maxLength: 40 })), { maxLength: 30 }),
          (sizes, writes) => {
            const device = deviceOf({
              library: libraryOf(version),
              token: 'f'.repeat(32),
              board: 'NodeMCU',
              build: 'x',
            });
            const server = opened(millis(0));
            const values = writes.map(([pin, value]) => [pin, value.replaceAll('\0', ' ')] as const);
            const got: ServerWish[] = [];
            const serve = (bytes: Uint8Array): Uint8Array => {
              const wishes: ServerWish[] = [];
              for (const piece of cut(bytes, sizes)) {
                wishes.push(...receive(server, piece, millis(0)));
                if (server.phase === 'asking') wishes.push(...answerLogin(server, 'good', millis(0)));
              }
              got.push(...wishes);
              return bytesOf(wishes);
            };
            run(device, millis(0));
            let toServer = bytesOf(connected(device, millis(0)));
            for (let rounds = 0; toServer.length > 0 && rounds < 10; rounds++) {
              const back = serve(toServer);
              toServer = concat(...cut(back, sizes).map((piece) => bytesOf(heard(device, piece, millis(0)))));
            }
            expect(device.phase).toBe('in');
            serve(concat(...values.map(([pin, value]) => bytesOf([virtualWrite(device, pin, value, millis(0))!]))));
            expect(got.flatMap((wish) => (wish.do === 'pin' ? [wish.write] : []))).toEqual(
              values.map(([pin, value]) => ({ pin: `V${pin}`, values: [value] })),
            );
            const written = writePin(server, { pin: 'V3', values: ['a', 'b'] }) as ServerWish[];
            const arrived = cut(bytesOf(written), sizes).flatMap((piece) => heard(device, piece, millis(0)));
            expect(arrived).toEqual([{ do: 'pin', pin: 'V3', values: ['a', 'b'] }]);
            expect(got.some((wish) => wish.do === 'close')).toBe(false);
          },
        ),
        { numRuns: 100 },
      );
    },
  );

  it.each(versions)('of library %s: heartbeats keep it there, and the end of them ends it', (version) => {
    const library = libraryOf(version);
    const device = deviceOf({ library, token: 'f'.repeat(32), board: 'NodeMCU', build: 'x' });
    const server = opened(millis(0));
    const at = (now: number, device2server: Uint8Array): void => {
      const wishes = [...receive(server, device2server, millis(now))];
      if (server.phase === 'asking') wishes.push(...answerLogin(server, 'good', millis(now)));
      const answer = bytesOf(heard(device, bytesOf(wishes), millis(now)));
      if (answer.length) at(now, answer);
    };
    run(device, millis(0));
    at(0, bytesOf(connected(device, millis(0))));
    let now = 0;
    for (; now < 600_000; now += 1000) {
      const beat = bytesOf(run(device, millis(now)));
      if (beat.length) at(now, beat);
      expect(tick(server, millis(now)).filter((wish) => wish.do === 'close')).toEqual([]);
    }
    expect(device.phase).toBe('in');
    const left = Array.from({ length: 200 }, (_, i) => tick(server, millis(now + i * 1000))).flat();
    expect(left).toContainEqual({ do: 'presence', presence: 'not-answering' });
    expect(left).toContainEqual({ do: 'close', why: 'silent' });
  });

  it.each(versions)('of library %s: is sent nothing that would cost it the connection', (version) => {
    const { device, server } = joined(version);
    const orders = [redirect(server, '10.0.0.9', 8080), startOta(server, 'http://10.0.0.1/f.bin')];
    const done = orders.flatMap((wishes) => (wishes ? [...heard(device, bytesOf(wishes), millis(1))] : []));
    const after = done.map((wish) => wish.do);
    if (version === '0.3.10') expect(orders).toEqual([undefined, undefined]);
    // A redirect ends the connection by itself, and leads elsewhere.
    else expect(after).toEqual(['close', 'redirect']);
    expect(run(device, millis(2))).toEqual(version === '0.3.10' ? [] : [{ do: 'connect' }]);
  });
});

function joined(version: string) {
  const device = deviceOf({ library: libraryOf(version), token: 'f'.repeat(32), board: 'NodeMCU', build: 'x' });
  const server = opened(millis(0));
  run(device, millis(0));
  for (let toServer = bytesOf(connected(device, millis(0))); toServer.length > 0; ) {
    const wishes = [...receive(server, toServer, millis(0))];
    if (server.phase === 'asking') wishes.push(...answerLogin(server, 'good', millis(0)));
    toServer = bytesOf(heard(device, bytesOf(wishes), millis(0)));
  }
  return { device, server };
}
