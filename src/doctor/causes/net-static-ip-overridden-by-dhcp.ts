import type { Cause } from '../cause.ts';

export const netStaticIpOverriddenByDhcp: Cause = {
  id: 'net-static-ip-overridden-by-dhcp',
  title: 'the router gave the board another address, over the fixed one in the sketch, until the power is off once',
  met: 'rarely',
  stops: ['invite', 'discover'],
  only: { 'board.family': 'esp8266' },
  evidence: [
    {
      strongly: {
        'net.other-address': 'dhcp-lease',
        'trial.after-power-cycle': 'works',
        'build.address': 'static-as-target',
      },
      supports: { 'history.wire-since-power-on': true, 'invite.reply': 'silence', 'net.lease': 'other-address' },
      against: { 'history.wire-since-power-on': false },
      excludes: {
        'net.other-address': ['none', 'previous-build'],
        'trial.after-power-cycle': 'fails',
        'build.address': 'dhcp',
      },
    },
  ],
  fix: [
    'Switch the power of the board off and on.',
    'In the sketch call WiFi.config() before WiFi.begin().',
    'Better: let the router give the board its fixed address.',
  ],
  test: 'Switch the power off and on, then ping the fixed address.',
};
