/** The board asks for its password and refuses the answer. */
import type { Evidence } from '../../cause.ts';

export const challenge: Evidence = {
  strongly: { 'auth.result': 'refused' },
  supports: { 'invite.reply': 'auth', 'serial.first-error': 'auth', 'attempt.tool-text': 'authentication-failed' },
  against: { 'attempt.reproducible': ['sometimes', 'alternates'] },
  excludes: {
    'auth.result': 'accepted',
    'invite.reply': ['ok', 'silence', 'port-unreachable'],
    'discovery.auth-upload': 'no',
    'connectback.tcp': 'accepted',
  },
};
