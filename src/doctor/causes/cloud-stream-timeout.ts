import type { Cause } from '../cause.ts';
import { pulled } from './shared/pull.ts';

export const cloudStreamTimeout: Cause = {
  id: 'cloud-stream-timeout',
  title: 'the download stalls until the board gives up',
  met: 'seldom',
  stops: ['transfer', 'verdict'],
  evidence: [
    pulled,
    {
      strongly: { 'device.error': 'stream-timeout' },
      supports: {
        'transfer.end': 'stall',
        'pull.body': 'firmware',
        'pull.status': 200,
        'attempt.reproducible': 'sometimes',
      },
      against: { 'pull.length': ['absent', 'wrong'] },
      excludes: { 'transfer.end': 'completed', 'device.error': ['magic', 'md5', 'not-enough-space'] },
    },
  ],
  fix: [
    'Try the other lwIP variant in the Tools menu ("v2 Higher Bandwidth") and build again.',
    'Serve the file from a machine on your own network.',
    'Raise the time-out of the client in the sketch.',
  ],
  test: 'Serve the file from a computer beside the board and let it fetch from there.',
};
