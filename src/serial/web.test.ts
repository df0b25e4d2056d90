import { beforeAll, describe, expect, it } from 'vitest';
import { makeEsp8266Image } from '#firmware/make.ts';
import { seconds } from '#values/index.ts';
import { WebPort } from '#virtual/index.ts';
import { bench, loadStubs } from './bench.fixture.ts';
import { flashByCable } from './flash.ts';
import { webPorts } from './web.ts';

const image = makeEsp8266Image({ bytes: 120_000, core: '3.1.2' });

describe('a port that the browser was given', () => {
  beforeAll(loadStubs);

  it('flashes a board', async () => {
    const { line, clock, flash } = bench({}, { vendor: '1a86', product: '7523' });
    const cable = { ...webPorts(new WebPort(line)), clock };
    expect(cable.info).toMatchObject({ vendor: '1a86', product: '7523' });
    const ended = await clock.run(flashByCable(cable, { file: image }, { os: 'other' }));
    expect(ended.ok).toBe(true);
    expect(flash.read(0, image.length)).toEqual(image);
  });

  it('may be taken', async () => {
    const { line, clock } = bench();
    await line.open(115_200, { data() {}, closed() {} });
    const ended = await clock.run(
      flashByCable({ ...webPorts(new WebPort(line)), clock }, { file: image }, { os: 'other' }),
    );
    expect(ended).toMatchObject({ ok: false, problem: { code: 'serial-port-busy' } });
  });

  it('may be pulled', async () => {
    const { line, clock, at } = bench({ sectorTime: 25 });
    at(seconds(3), () => line.unplug());
    const ended = await clock.run(
      flashByCable({ ...webPorts(new WebPort(line)), clock }, { file: image }, { os: 'other' }),
    );
    expect(ended).toMatchObject({ ok: false, problem: { code: 'serial-unplugged' } });
  });
});
