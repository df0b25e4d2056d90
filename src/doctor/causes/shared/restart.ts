/** All bytes arrived, and then the board does not do what it should. */
import type { Evidence } from '../../cause.ts';

/** It is gone after the restart. */
export const didNotBoot: Evidence = {
  strongly: { 'after.restart': 'gone' },
  supports: { 'transfer.end': 'completed', 'attempt.tool-text': 'success', 'verdict.reply': 'ok' },
  against: { 'after.restart': 'runs-without-network' },
  excludes: {
    'after.restart': 'none',
    'transfer.end': ['stall', 'closed'],
    'after.running-build': ['new-on-other-board'],
  },
};

/** It came back, with the old sketch. */
export const slipped: Evidence = {
  supports: {
    'attempt.tool-text': 'success',
    'verdict.reply': 'ok',
    'transfer.end': 'completed',
    'after.restart': 'returns',
  },
  excludes: { 'after.running-build': ['new', 'new-on-other-board'], 'after.restart': ['gone', 'none'] },
};
