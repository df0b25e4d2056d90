import type { Cause } from '../cause.ts';

export const devCoreRegression: Cause = {
  id: 'dev-core-regression',
  title: 'this release of the core breaks updates; another one does not',
  met: 'seldom',
  stops: ['connect-back', 'transfer', 'verdict', 'invite', 'restart'],
  evidence: [
    {
      strongly: { 'trial.other-core': 'works', 'history.changed': ['core-version'] },
      supports: {
        'trial.minimal-sketch': 'fails',
        'sketch.stock-example': true,
        'history.worked-before': 'until-a-change',
        'trial.other-host': 'fails',
      },
      against: {
        'trial.minimal-sketch': 'works',
        'auth.nonce-length': 64,
        'auth.result': ['refused', 'no-reply'],
        'trial.other-network': 'works',
      },
      excludes: { 'trial.other-core': 'fails', 'fit.verdict': 'too-big', 'history.changed': ['nothing'] },
    },
  ],
  fix: [
    'In the Boards Manager choose a newer release of the core, or the last one that worked.',
    'Upload by cable once with that release.',
  ],
  test: "Build the core's own OTA example with the other release and try that.",
};
