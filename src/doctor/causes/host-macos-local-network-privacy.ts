import type { Cause } from '../cause.ts';

export const hostMacosLocalNetworkPrivacy: Cause = {
  id: 'host-macos-local-network-privacy',
  title: 'macOS does not let this program reach the local network',
  met: 'sometimes',
  stops: ['invite', 'discover', 'prepare'],
  only: { 'host.os': 'macos' },
  evidence: [
    {
      proves: { 'host.local-network-permission': 'denied' },
      strongly: { 'invite.sent': ['not-sent', 'no-route', 'denied'], 'trial.other-tool': 'works' },
      supports: {
        'attempt.tool-text': ['host-not-found', 'traceback'],
        'host.local-network-permission': 'never-asked',
        'history.changed': ['os'],
        'net.from-elsewhere': 'reachable',
      },
      excludes: {
        'host.local-network-permission': 'granted',
        'invite.sent': 'on-the-wire',
        'invite.reply': ['ok', 'auth', 'error', 'port-unreachable'],
        'connectback.tcp': 'accepted',
      },
    },
  ],
  fix: [
    'Open System Settings > Privacy & Security > Local Network.',
    'Switch the program that runs the upload on: the Arduino IDE, Visual Studio Code or the terminal.',
    'Quit that program, start it again, and upload.',
  ],
  test: 'Run the same upload command in the Terminal app. If it works there, macOS holds your IDE back.',
};
