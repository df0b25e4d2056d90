import { describe, expect, it } from 'vitest';
import { type BoardFacts, gzipFor, identify } from '#firmware/index.ts';
import { makeEsp32Image, makeEsp8266Image, makeLittleFs, signedTrailer } from '#firmware/make.ts';
import { md5Hex } from '#values/index.ts';
import { knowledgeFrom, plan } from './index.ts';
import { imageFor } from './scene.fixture.ts';

const sketch = imageFor('esp8266@3.1.2', { bytes: 200_000 });
const known: BoardFacts = { family: 'esp8266', core: '2.7.0', flashMode: 'dout' };

describe('an image is compressed by itself', () => {
  it('where the running core inflates it and the flash mode is known to be the same', () => {
    const made = plan(sketch, 'sketch', known);
    expect(made.compressed).toBe(true);
    expect(made.bytes.length).toBeLessThan(sketch.length);
    expect(made.md5).toBe(md5Hex(made.bytes));
    expect(identify(made.bytes).kind).toBe('gzip');
  });

  it.each<[string, BoardFacts]>([
    ['where the core is older than 2.7.0', { ...known, core: '2.6.3' }],
    ['where the core is not known', { family: 'esp8266', flashMode: 'dout' }],
    ['where the flash mode is not known', { family: 'esp8266', core: '3.1.2' }],
    ['where the flash mode is another', { ...known, flashMode: 'dio' }],
    ['where the board is of another family', { family: 'esp32', core: '3.2.0', flashMode: 'dout' }],
    ['where nothing is known', {}],
  ])('never %s', (_, board) => {
    const made = plan(sketch, 'sketch', board);
    expect(made.compressed).toBe(false);
    expect(made.bytes).toBe(sketch);
  });

  it('never when the person said no', () => {
    expect(plan(sketch, 'sketch', known, false).compressed).toBe(false);
  });

  it('never when it is signed: the signature belongs behind what travels', () => {
    expect(plan(signedTrailer(sketch), 'sketch', known, true).compressed).toBe(false);
  });

  it('never as a file system, never for an ESP32, never twice', () => {
    expect(plan(makeLittleFs(0x10000), 'filesystem', known, true).compressed).toBe(false);
    const esp32 = makeEsp32Image({ bytes: 200_000 });
    expect(plan(esp32, 'sketch', { family: 'esp32', core: '3.2.0' }, true).compressed).toBe(false);
    expect(plan(gzipFor(sketch).bytes, 'sketch', known, true).compressed).toBe(false);
  });

  it('never when that saves nothing', () => {
    const noise = makeEsp8266Image({ core: '3.1.2', bytes: 200_000, flashBytes: 4_194_304, compressibility: 1 });
    const made = plan(noise, 'sketch', known);
    expect(made.bytes.length).toBeLessThanOrEqual(noise.length);
  });
});

describe('asked for by the person, compression', () => {
  it('is done where the core inflates, although the flash mode is not known', () => {
    expect(plan(sketch, 'sketch', { family: 'esp8266', core: '3.1.2' }, true).compressed).toBe(true);
  });

  it('is not done where it would break the update', () => {
    expect(plan(sketch, 'sketch', { family: 'esp8266', core: '2.3.0' }, true).compressed).toBe(false);
    expect(plan(sketch, 'sketch', {}, true).compressed).toBe(false);
  });
});

describe('a plan', () => {
  it('names each problem once, with what, why and what to do', () => {
    const made = plan(imageFor('esp32@3.2.0'), 'sketch', known);
    expect(made.problems.map(({ code }) => code)).toEqual(['img-wrong-chip']);
    for (const { what, why, fix } of made.problems) for (const words of [what, why, fix]) expect(words).not.toBe('');
  });

  it('reckons what fits with what travels: an image that is too large as it is may fit compressed', () => {
    const board: BoardFacts = {
      family: 'esp8266',
      core: '2.7.4',
      layout: '1M512',
      runningBytes: 240_000,
      flashMode: 'dout',
    };
    const large = makeEsp8266Image({ core: '2.7.4', bytes: 280_000, compressibility: 0.4 });
    expect(plan(large, 'sketch', board, false).fit.verdict).toBe('does-not-fit');
    expect(plan(large, 'sketch', board).problems).toEqual([]);
  });

  it('never throws, whatever the file holds', () => {
    for (let length = 0; length < 64; length++)
      for (const first of [0x00, 0x1f, 0x3c, 0x7f, 0xe9, 0xff]) {
        const file = new Uint8Array(length).fill(first);
        for (const command of ['sketch', 'filesystem'] as const) expect(() => plan(file, command, known)).not.toThrow();
      }
  });
});

describe('what is learnt from an image', () => {
  it('is family, size, core, flash mode and build of what runs next', () => {
    expect(knowledgeFrom(identify(sketch), sketch)).toMatchObject({
      family: 'esp8266',
      runningBytes: sketch.length,
      flashMode: 'dout',
      runningBuild: 'new',
    });
    const esp32 = imageFor('esp32@3.2.0');
    expect(knowledgeFrom(identify(esp32), esp32)).toMatchObject({
      family: 'esp32',
      chip: 'esp32',
      runningBuild: 'new',
    });
    const pico = imageFor('rp2040@6.0.0');
    expect(knowledgeFrom(identify(pico), pico)).toMatchObject({ family: 'rp2040', stagedBytes: pico.length });
  });

  it('is the same for its gzip', () => {
    const packed = gzipFor(sketch).bytes;
    expect(knowledgeFrom(identify(packed), packed)).toEqual(knowledgeFrom(identify(sketch), sketch));
  });
});
