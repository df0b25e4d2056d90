import type { Cause } from '../cause.ts';
import { notHeard } from './shared/listing.ts';

export const discMdnsDisabled: Cause = {
  id: 'disc-mdns-disabled',
  title: "the sketch's announcements are switched off, so the board is never listed",
  met: 'seldom',
  stops: ['discover'],
  evidence: [
    notHeard,
    {
      strongly: { 'sketch.lint.mdns-off-without-update': true, 'discovery.over-time': 'never' },
      supports: { 'discovery.elsewhere': 'nowhere' },
      against: { 'discovery.over-time': 'vanishes-after-boot', 'sketch.lint.begin-before-wifi': true },
      excludes: {
        'discovery.elsewhere': ['any-host', 'same-access-point-only', 'device-own-network'],
        'sketch.lint.mdns-off-without-update': false,
      },
    },
  ],
  fix: [
    'Upload to the numeric address: the board works, it only does not announce itself.',
    'To be listed, call ArduinoOTA.begin() without `false`, and drop setMdnsEnabled(false) or NO_GLOBAL_MDNS.',
  ],
  test: 'Upload to the numeric address. If that works, only the announcement is missing.',
};
