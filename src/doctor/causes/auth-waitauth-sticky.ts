import type { Cause } from '../cause.ts';

export const authWaitauthSticky: Cause = {
  id: 'auth-waitauth-sticky',
  title: 'the board still waits for a password from the attempt before, and swallows every second invitation',
  met: 'sometimes',
  stops: ['invite', 'authenticate'],
  evidence: [
    {
      strongly: { 'invite.pattern': 'alternates', 'attempt.reproducible': 'alternates' },
      supports: {
        'invite.reply': 'silence',
        'trial.at-once-again': 'works',
        'net.ping': 'answered',
      },
      against: {
        'net.ping': 'lossy',
        'invite.reply': ['auth', 'error'],
        /* It ends the stuck state before it invites. */
        'tool.name': 'whyota',
      },
      excludes: {
        'invite.pattern': ['always', 'never', 'bursts', 'now-and-then-lost'],
        'trial.at-once-again': 'fails',
        'discovery.auth-upload': 'no',
        'sketch.password-form': 'none',
        'invite.reply': ['ok', 'port-unreachable'],
        'connectback.tcp': 'accepted',
      },
    },
  ],
  // Command line, sketch and announcement all say the same thing: once.
  together: [
    {
      grade: 'supports',
      of: ['args.auth-shape', 'sketch.password-form', 'discovery.auth-upload'],
      when: (seen) =>
        seen.is('args.auth-shape', 'plain', 'given', 'hex-32') ||
        seen.is('sketch.password-form', 'plain', 'md5-hash', 'sha256-hash') ||
        seen.is('discovery.auth-upload', 'yes'),
      because: 'the board has an OTA password',
    },
  ],
  fix: [
    'Upload again at once: every second try gets through.',
    'WhyOTA ends the stuck state by itself before it invites.',
  ],
  test: 'Upload twice within a few seconds: the second one is answered.',
};
