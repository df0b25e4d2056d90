import type { Cause } from '../cause.ts';

export const toolFsFlagMixup: Cause = {
  id: 'tool-fs-flag-mixup',
  title: 'a sketch was sent as a file system, or a file system as a sketch',
  met: 'seldom',
  stops: ['restart', 'verdict', 'transfer', 'invite'],
  evidence: [
    {
      supports: {
        'after.filesystem': 'lost',
        'after.running-build': 'old',
        'trial.other-command': 'works',
        'attempt.tool-text': 'success',
        'device.error': 'magic',
      },
      excludes: {
        'after.running-build': ['new', 'new-then-old', 'new-on-other-board'],
        'trial.other-command': 'fails',
      },
    },
  ],
  together: [
    {
      grade: 'proves',
      of: ['image.kind', 'args.command'],
      when: (seen) =>
        (seen.is('image.kind', 'app', 'gzip-app') && seen.is('args.command', 'filesystem')) ||
        (seen.is('image.kind', 'filesystem') && seen.is('args.command', 'sketch')),
      because: (seen) =>
        seen.is('args.command', 'filesystem')
          ? 'the file is a sketch, but a file system was announced'
          : 'the file is a file system, but a sketch was announced',
    },
    {
      grade: 'excludes',
      of: ['image.kind', 'args.command'],
      when: (seen) =>
        (seen.is('image.kind', 'app', 'gzip-app') && seen.is('args.command', 'sketch')) ||
        (seen.is('image.kind', 'filesystem') && seen.is('args.command', 'filesystem')),
      because: 'what was announced is what the file is',
    },
    {
      grade: 'excludes',
      of: ['args.command', 'after.running-build'],
      when: (seen) =>
        !seen.has('image.kind') && seen.is('args.command', 'sketch') && seen.is('after.running-build', 'old'),
      because: 'a sketch was announced',
    },
  ],
  fix: [
    'Send a sketch without `-s` (`--spiffs`, `--filesystem`), and a file system with it.',
    'Files on the board may be gone: upload the file system again.',
  ],
  test: 'Look at the command: is there a `-s`, and which file does it name?',
};
