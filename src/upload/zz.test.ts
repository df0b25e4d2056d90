import { it } from 'vitest';
import { imageFor, scene, upload } from './scene.fixture.ts';

it('x', async () => {
  for (const bytes of [80_000, 200_000]) {
    const image = imageFor('esp8266@3.1.2', { bytes: 200_000 });
    const house = await scene({ board: { faults: { silentAfter: bytes } } });
    const r = await upload(house, { file: image });
    console.log(r.took, JSON.stringify(r.attempt.events.slice(-8)));
  }
});
