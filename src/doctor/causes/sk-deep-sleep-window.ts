import type { Cause } from '../cause.ts';

export const skDeepSleepWindow: Cause = {
  id: 'sk-deep-sleep-window',
  title: 'the board sleeps most of the time, and the upload comes while it does',
  met: 'sometimes',
  stops: ['invite', 'discover', 'transfer'],
  evidence: [
    {
      strongly: { 'net.ping': 'awake-windows', 'sketch.lint.deep-sleep': true, 'serial.reset-reason': 'deep-sleep' },
      supports: {
        'person.supply': 'battery',
        'invite.reply': 'silence',
        'net.arp': 'silent',
        'invite.pattern': 'bursts',
        'discovery.over-time': 'on-and-off',
      },
      against: { 'net.ping': 'answered' },
      excludes: { 'sketch.lint.deep-sleep': false },
    },
  ],
  together: [
    {
      grade: 'supports',
      of: ['sketch.lint.deep-sleep', 'invite.reply'],
      when: (seen) =>
        seen.is('sketch.lint.deep-sleep', true) &&
        (seen.is('invite.reply', 'silence') || seen.is('discovery.listed', 'no')) &&
        !seen.is('net.ping', 'answered'),
      because: 'the sketch sends the board to sleep, and a sleeping board answers nobody',
    },
  ],
  fix: [
    'Keep the board awake for the upload: a pin, a retained MQTT message or a file on a server that the sketch looks at before it sleeps.',
    'Or start the upload first and wake the board: `whyota flash --wait` goes on inviting until it answers.',
  ],
  test: 'Ping the board for some minutes: answers for a few seconds at regular times are this.',
};
