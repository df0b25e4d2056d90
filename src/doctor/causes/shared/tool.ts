/** The tool fails by itself: nothing leaves this computer. */
import type { Evidence } from '../../cause.ts';

export const beforeAnything: Evidence = {
  supports: { 'invite.sent': 'not-sent' },
  excludes: {
    /* It needs none of their programs and settings. */
    'tool.name': 'whyota',
    'invite.sent': 'on-the-wire',
    'invite.reply': ['ok', 'auth', 'error', 'silence', 'port-unreachable', 'garbled'],
    'connectback.tcp': ['accepted', 'timed-out', 'late'],
    'attempt.tool-text': [
      'no-response-from-device',
      'no-answer',
      'no-response-from-the-esp',
      'error-uploading',
      'success',
    ],
  },
};
