import type { Cause } from '../cause.ts';

export const hostListenFailed: Cause = {
  id: 'host-listen-failed',
  title: 'this computer cannot open the port that the board is to call',
  met: 'sometimes',
  stops: ['listen'],
  evidence: [
    {
      proves: { 'listener.bind': ['in-use', 'address-not-own', 'permission-denied', 'other-error'] },
      strongly: { 'attempt.tool-text': 'listen-failed' },
      supports: { 'invite.sent': 'not-sent', 'host.confinement': ['snap', 'flatpak'] },
      excludes: {
        'listener.bind': 'ok',
        'invite.sent': 'on-the-wire',
        'invite.reply': ['ok', 'auth', 'error', 'silence'],
      },
    },
  ],
  fix: (seen) => [
    ...(seen.is('listener.bind', 'address-not-own')
      ? ['Leave the host address out (-I, --host_ip): the one given is not an address of this computer.']
      : []),
    ...(seen.is('listener.bind', 'permission-denied') || seen.is('host.confinement', 'snap', 'flatpak')
      ? [
          'Allow the IDE to open ports (snap: `sudo snap connect arduino:network-bind`), or install it without the sandbox.',
        ]
      : []),
    'Close other uploads that are still running, or restart the computer.',
    'Leave the host port out (-P, --host_port) so that a free one is taken.',
    'Upload again.',
  ],
  test: 'Upload once without any -P, -I, --host_port or --host_ip option.',
};
