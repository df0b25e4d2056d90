import type { Cause } from '../cause.ts';

export const authReplyLost: Cause = {
  id: 'auth-reply-lost',
  title: 'the answer to the password got lost on a poor link',
  met: 'seldom',
  stops: ['authenticate'],
  evidence: [
    {
      strongly: { 'auth.result': 'no-reply', 'net.ping': 'lossy', 'trial.without-password': 'works' },
      supports: {
        'attempt.reproducible': 'sometimes',
        'attempt.tool-text': 'no-answer-to-authentication',
        'net.signal': ['weak', 'swinging'],
        'trial.at-once-again': 'works',
        'net.ping-pattern': 'spikes',
      },
      against: { 'auth.nonce-length': 64, 'net.ping': 'answered', 'net.ping-pattern': 'steady' },
      excludes: { 'attempt.reproducible': 'every-time', 'auth.result': ['accepted', 'refused'], 'invite.reply': 'ok' },
    },
  ],
  fix: ['Upload again, a few times.', 'Bring the board nearer to the access point.'],
  test: 'Try three times with the board next to the access point.',
};
