import { formatNumber } from '#values/index.ts';
import type { Cause } from '../cause.ts';
import { kb, silentRefusal, tooBig } from './shared/space.ts';

export const imgEsp32LargerThanSlot: Cause = {
  id: 'img-esp32-larger-than-slot',
  title: 'the sketch is larger than the place for updates on the board',
  headline: (seen) => {
    const over = -(seen.get('fit.spare') ?? 0);
    return over > 0 ? `the sketch is ${kb(over)} larger than the place for updates on the board` : undefined;
  },
  met: 'sometimes',
  stops: ['connect-back', 'transfer', 'verdict', 'invite'],
  only: { 'board.family': 'esp32' },
  evidence: [
    tooBig,
    {
      proves: { 'fit.verdict': 'too-big', 'device.error': 'not-enough-space' },
      supports: { 'running.layout-vs-new': 'same', 'build.app-slots': 2 },
      against: {
        'running.layout-vs-new': 'differs',
        'history.changed': ['partition-table', 'board'],
        'trial.smaller-image': 'fails',
        'build.app-slots': 1,
      },
      /* Its size is that of the flash, not of the sketch; or there is no place at all. */
      excludes: { 'image.kind': 'merged', 'running.slot-size': 0 },
    },
  ],
  together: [
    silentRefusal,
    {
      grade: 'strongly',
      of: ['image.size', 'running.slot-size'],
      when: (seen) => (seen.get('image.size') ?? 0) > (seen.get('running.slot-size') ?? Infinity),
      because: (seen) =>
        `the file has ${formatNumber(seen.get('image.size')!)} bytes, the place for it ${formatNumber(seen.get('running.slot-size')!)}`,
    },
  ],
  assumes: (seen) =>
    seen.fact('fit.verdict')?.inferred ? 'assuming the board has the partition table of this build' : undefined,
  arithmetic: (seen) => {
    const [image, slot] = [seen.get('image.size'), seen.get('running.slot-size')];
    return image === undefined || slot === undefined
      ? []
      : [
          `the .bin has ${formatNumber(image)} bytes, the slot ${formatNumber(slot)}: ${formatNumber(Math.max(0, image - slot))} too many`,
        ];
  },
  fix: [
    'Make the sketch smaller, or choose a roomier Partition Scheme with OTA ("Minimal SPIFFS (1.9MB APP with OTA)").',
    'With a new scheme upload once by cable: a partition table cannot change over the air.',
  ],
  test: 'Send a small OTA sketch over the air. If that arrives, it is the size.',
};
