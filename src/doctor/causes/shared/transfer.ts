/** How a transfer breaks off. */
import type { Evidence } from '../../cause.ts';

const wholeTransfer: Evidence = {
  excludes: { 'transfer.end': 'completed', 'connectback.tcp': 'timed-out' },
  against: { 'device.error': ['magic', 'not-enough-space', 'signature', 'bootstrap'] },
};

/** It came to a standstill, the board itself runs on. */
export const breaksOff: Evidence = {
  ...wholeTransfer,
  supports: { 'transfer.end': 'stall', 'attempt.tool-text': 'error-uploading' },
  against: {
    ...wholeTransfer.against,
    'transfer.end': 'reboot',
    'serial.crash': ['illegal-instruction', 'cache-disabled', 'stack', 'null-access'],
  },
};

/** The board restarted in the middle. */
export const crashed: Evidence = {
  ...wholeTransfer,
  strongly: { 'transfer.end': 'reboot' },
  supports: {
    'attempt.tool-text': 'error-uploading',
    'invite.again-after-ok': 'after-reboot',
    'connectback.syn': 'reset-after',
  },
  against: { ...wholeTransfer.against, 'transfer.end': 'stall', 'serial.crash': 'none' },
};

/** The air between is busy or asleep. */
export const airTrouble: Evidence = {
  ...breaksOff,
  supports: {
    ...breaksOff.supports,
    'transfer.stop-pattern': 'random',
    'attempt.reproducible': ['sometimes', 'different-each-time'],
  },
  against: { ...breaksOff.against, 'transfer.stop-pattern': ['same-place', 'same-time'], 'trial.closer': 'works' },
};
