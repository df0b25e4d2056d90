import type { Cause } from '../cause.ts';
import { notHeard } from './shared/listing.ts';

export const discRouterFiltersMulticast: Cause = {
  id: 'disc-router-filters-multicast',
  title: 'the router does not pass on announcements of boards',
  met: 'sometimes',
  stops: ['discover'],
  evidence: [
    notHeard,
    {
      strongly: {
        'discovery.elsewhere': 'same-access-point-only',
        'trial.other-network': 'works',
        'history.changed': ['router', 'router-setting', 'access-point'],
      },
      supports: {
        'discovery.elsewhere': 'nowhere',
        'sketch.lint.begin-before-wifi': false,
        'discovery.over-time': 'never',
        'net.device-segment': ['same', 'guest'],
      },
      against: {
        'sketch.lint.begin-before-wifi': true,
        'sketch.lint.mdns-off-without-update': true,
        'discovery.over-time': 'vanishes-after-boot',
      },
      excludes: { 'discovery.elsewhere': ['any-host', 'device-own-network'], 'trial.other-network': 'fails' },
    },
  ],
  fix: [
    'In the router switch "IGMP snooping" or "multicast filter" off, or "multicast enhancement" on.',
    'Or connect the computer to the same access point as the board.',
    'Or do without the list: upload to the numeric address.',
  ],
  test: 'Put computer and board on the same access point or a phone hotspot and look again.',
};
