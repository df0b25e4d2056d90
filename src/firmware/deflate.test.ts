import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { walkDeflate } from './deflate.ts';
import { makeEsp8266Image } from './make.ts';

const sector = 4096;
/** What zlib can put out of the beginning of a stream. */
const outputOf = (deflated: Uint8Array): number =>
  inflateRawSync(deflated, { finishFlush: constants.Z_SYNC_FLUSH }).length;

const streams: [string, Uint8Array, number][] = [
  ['stored', deflateRawSync(makeEsp8266Image({ core: '2.7.4', bytes: 90_000 }), { level: 0 }), 90_000],
  ['compressed', deflateRawSync(makeEsp8266Image({ core: '2.7.4', bytes: 90_000 }), { level: 9 }), 90_000],
  ['of one fixed code', deflateRawSync(new Uint8Array(90_000).fill(7), { strategy: constants.Z_FIXED }), 90_000],
];

describe('a walk through DEFLATE', () => {
  it.each(streams)(
    '%s says how much comes out, where the stream ends, and what must be read for each sector',
    (_, stream, output) => {
      const walk = walkDeflate(new Uint8Array([1, 2, 3, ...stream, 9, 9]), 3, 1e6);
      expect(walk).toMatchObject({ kind: 'whole', output: output + (output % 16), end: 3 + stream.length });
      if (walk.kind !== 'whole') return;
      expect(walk.readBySector.length).toBe(Math.floor(walk.output / sector));
      for (const [i, read] of walk.readBySector.entries()) {
        expect(outputOf(stream.subarray(0, read - 3))).toBeGreaterThanOrEqual((i + 1) * sector);
        // zlib needs a bit more than it uses, so it is asked with a byte less than two.
        expect(outputOf(stream.subarray(0, read - 3 - 2))).toBeLessThan((i + 1) * sector);
      }
    },
  );

  it('ends with more output than allowed, or at a cut', () => {
    const stream = streams[1]![1];
    expect(walkDeflate(stream, 0, 80_000)).toEqual({ kind: 'too-large' });
    expect(walkDeflate(stream.subarray(0, 20_000), 0, 1e6)).toEqual({ kind: 'truncated' });
    expect(walkDeflate(new Uint8Array(), 0, 1e6)).toEqual({ kind: 'truncated' });
  });

  it('takes what zlib takes, of any bytes', () => {
    const raw = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => new Uint8Array(deflateRawSync(bytes))),
    );
    const flipped = fc
      .tuple(raw, fc.nat(), fc.nat(255))
      .map(([bytes, at, by]) => bytes.map((byte, i) => (i === at % 400 ? byte ^ by : byte)));
    fc.assert(
      fc.property(flipped, (bytes) => {
        let output: number | undefined;
        try {
          output = inflateRawSync(bytes).length;
        } catch {
          // zlib refuses it
        }
        const walk = walkDeflate(bytes, 0, 1e6);
        if (output !== undefined) expect(walk).toMatchObject({ kind: 'whole', output });
      }),
      { numRuns: 2000 },
    );
  });
});
