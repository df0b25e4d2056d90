/** The board fetches its update by itself. */
import type { Evidence } from '../../cause.ts';

export const pulled: Evidence = {
  supports: { 'tool.method': 'http-pull' },
  excludes: {
    'tool.method': ['espota', 'network-upload', 'serial', 'http-form'],
    'connectback.tcp': ['timed-out', 'late'],
  },
};
