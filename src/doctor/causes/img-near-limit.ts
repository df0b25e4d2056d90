import { formatNumber } from '#values/index.ts';
import { type Cause, under } from '../cause.ts';
import { tooBig } from './shared/space.ts';

export const imgNearLimit: Cause = {
  id: 'img-near-limit',
  title: 'the build says that it fits, but the file is a little larger than that number',
  met: 'seldom',
  stops: ['connect-back', 'transfer', 'verdict'],
  only: { 'board.family': ['esp32', 'rp2040'] },
  evidence: [
    tooBig,
    {
      strongly: { 'build.ide-usage': (percent) => percent >= 98 && percent <= 100 },
      supports: { 'fit.verdict': 'too-big', 'trial.by-wire': 'works', 'trial.smaller-image': 'works' },
      against: { 'build.ide-usage': under(95) },
      excludes: { 'fit.verdict': 'fits', 'build.ide-usage': under(90), 'running.layout-vs-new': 'differs' },
    },
  ],
  together: [
    {
      grade: 'proves',
      of: ['fit.spare', 'build.ide-usage'],
      when: (seen) =>
        (seen.get('fit.spare') ?? 0) < 0 &&
        (seen.get('fit.spare') ?? 0) > -65536 &&
        (seen.get('build.ide-usage') ?? 0) >= 97 &&
        (seen.get('build.ide-usage') ?? 101) <= 100,
      because: (seen) =>
        `the build counts ${seen.get('build.ide-usage')} %, but the file is ${formatNumber(-seen.get('fit.spare')!)} bytes too long`,
    },
  ],
  fix: [
    'Make the sketch at least 64 KB smaller than the limit.',
    'Or choose a roomier partition scheme and upload once by cable.',
  ],
  test: 'Compare the size of the .bin in bytes with the slot, not the percentage of the IDE.',
};
