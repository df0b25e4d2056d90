import type { Cause } from '../cause.ts';
import { refusalStages } from './shared/space.ts';

export const imgFsImageTooBig: Cause = {
  id: 'img-fs-image-too-big',
  title: 'the file-system image is larger than the place for it on the board',
  met: 'seldom',
  stops: [...refusalStages, 'transfer'],
  only: { 'args.command': 'filesystem' },
  evidence: [
    {
      strongly: { 'fit.verdict': 'too-big', 'device.error': 'not-enough-space' },
      supports: {
        'args.command': 'filesystem',
        'image.kind': 'filesystem',
        'trial.other-command': 'works',
        'running.layout-vs-new': 'differs',
        'serial.first-error': 'begin',
      },
      excludes: {
        'fit.verdict': 'fits',
        'image.kind': ['app', 'gzip-app'],
        'trial.other-command': 'fails',
        'serial.first-error': 'connect',
      },
    },
  ],
  together: [
    {
      grade: 'proves',
      of: ['device.error', 'args.command', 'image.kind'],
      when: (seen) =>
        seen.is('device.error', 'not-enough-space') &&
        seen.is('args.command', 'filesystem') &&
        seen.is('image.kind', 'filesystem'),
      because: 'the board itself says that there is not enough space for the file system',
    },
    {
      grade: 'proves',
      of: ['fit.verdict', 'args.command', 'image.kind'],
      when: (seen) =>
        seen.is('fit.verdict', 'too-big') &&
        seen.is('args.command', 'filesystem') &&
        seen.is('image.kind', 'filesystem'),
      because: 'the image is larger than the area of the file system',
    },
  ],
  fix: [
    'Build the image with the Flash Size (or partition scheme) of the sketch that is on the board.',
    'Or first upload the sketch with the new setting, then the file system.',
  ],
  test: 'Compare the size of the image with the FS size in the Tools menu.',
};
