import type { Cause } from '../cause.ts';

export const netInviteDatagramLost: Cause = {
  id: 'net-invite-datagram-lost',
  title: 'the single invitation got lost on the way',
  met: 'sometimes',
  stops: ['invite'],
  evidence: [
    {
      strongly: { 'invite.pattern': 'now-and-then-lost', 'trial.at-once-again': 'works' },
      supports: {
        'invite.reply': 'silence',
        'net.ping': 'lossy',
        'attempt.reproducible': 'sometimes',
        'history.worked-before': 'regularly',
      },
      against: {
        'attempt.reproducible': ['every-time', 'alternates'],
        'net.arp': 'silent',
        'net.ping': 'silent',
        'board.family': 'esp32',
        'net.ping-pattern': 'long-gaps',
        /* It repeats the invitation. */
        'tool.name': 'whyota',
      },
      excludes: {
        'invite.pattern': ['always', 'never', 'alternates', 'only-after-reset', 'bursts'],
        'trial.at-once-again': 'fails',
        'invite.reply': ['ok', 'auth', 'error', 'port-unreachable'],
      },
    },
  ],
  fix: [
    'Upload again: espota.py for the ESP8266 sends its invitation only once.',
    'If it happens often, bring the board nearer to the access point. WhyOTA repeats the invitation by itself.',
  ],
  test: 'Upload again at once, two or three times.',
};
