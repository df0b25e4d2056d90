// A line that flips bits and loses bytes: what is called flashed is flashed.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeEsp8266Image } from '#firmware/make.ts';
import type { SerialPorts } from '#machine/index.ts';
import { seeded } from '#values/index.ts';
import { bench, loadStubs } from './bench.fixture.ts';
import { flashByCable } from './flash.ts';

const image = makeEsp8266Image({ bytes: 70_000, core: '3.1.2' });

/** Spoils one byte of so many, each way. */
function noisy({ open, list }: SerialPorts, seed: number, every: number): SerialPorts {
  const dice = seeded(seed);
  const spoil = (bytes: Uint8Array): Uint8Array => {
    if (dice() * every > bytes.length) return bytes;
    const at = Math.floor(dice() * bytes.length);
    if (dice() < 0.5) return bytes.filter((_, i) => i !== at);
    return bytes.map((byte, i) => (i === at ? byte ^ (1 << Math.floor(dice() * 8)) : byte));
  };
  return {
    list,
    async open(path, baud, on) {
      const port = await open(path, baud, { ...on, data: (bytes) => on.data(spoil(bytes)) });
      return 'trouble' in port ? port : { ...port, write: (bytes) => port.write(spoil(bytes)) };
    },
  };
}

describe('a flash over a bad cable', () => {
  beforeAll(loadStubs);

  it('is never called good where it is not', async () => {
    let good = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.constantFrom(20_000, 60_000, 300_000), async (seed, every) => {
        const { cable, clock, flash } = bench();
        const ports = noisy(cable.ports as SerialPorts, seed, every);
        const ended = await clock.run(flashByCable({ ...cable, ports }, { file: image }, { os: 'linux' }));
        if (ended.ok) {
          good++;
          expect(flash.read(0, image.length)).toEqual(image);
        } else expect(ended.problem.code).toMatch(/^serial-/);
      }),
      { numRuns: 40 },
    );
    // Blocks are sent again, so that most get through.
    expect(good).toBeGreaterThan(5);
  });
});
