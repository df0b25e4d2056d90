import type { Cause } from '../cause.ts';

export const discHostnameCollision: Cause = {
  id: 'disc-hostname-collision',
  title: 'two boards have the same name, and the upload went to the other one',
  met: 'seldom',
  stops: ['restart', 'run', 'discover', 'authenticate'],
  evidence: [
    {
      strongly: { 'after.running-build': 'new-on-other-board', 'discovery.name-resolves': ['several', 'other-board'] },
      supports: {
        'after.running-build': 'old',
        'attempt.tool-text': 'success',
        'args.target': ['dot-local', 'bare-name'],
      },
      excludes: { 'after.running-build': ['new', 'new-then-old'] },
    },
  ],
  together: [
    {
      grade: 'proves',
      of: ['after.running-build', 'discovery.name-resolves'],
      when: (seen) =>
        seen.is('after.running-build', 'new-on-other-board') &&
        seen.is('discovery.name-resolves', 'several', 'other-board'),
      because: 'the name leads to more than one board, and the new sketch runs on the wrong one',
    },
  ],
  fix: [
    'Give every board a name of its own, for example with the chip id in it: "kitchen-" and ESP.getChipId().',
    'Until then upload to the numeric address of the board you mean.',
  ],
  test: 'Switch the other board off and look whether the name still answers.',
};
