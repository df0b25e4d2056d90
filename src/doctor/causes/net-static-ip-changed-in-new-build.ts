import type { Cause } from '../cause.ts';
import { unreachable } from './shared/presence.ts';

export const netStaticIpChangedInNewBuild: Cause = {
  id: 'net-static-ip-changed-in-new-build',
  title: 'the upload aims at the address in the new sketch, but the board still has the old one',
  met: 'seldom',
  stops: ['invite', 'discover'],
  evidence: [
    unreachable,
    {
      strongly: {
        'net.other-address': 'previous-build',
        'build.address': 'static-as-target',
        'history.changed': ['address'],
      },
      excludes: { 'net.other-address': 'none', 'build.address': ['dhcp', 'static-other'] },
    },
  ],
  fix: [
    'Upload once to the address that the board has now (`--to <old address>`).',
    'After that it has the new address: aim there from then on.',
  ],
  test: 'Ping the old address. If the board answers there, aim at it.',
};
