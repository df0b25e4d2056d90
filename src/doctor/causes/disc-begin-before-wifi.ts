import type { Cause } from '../cause.ts';
import { notHeard } from './shared/listing.ts';

export const discBeginBeforeWifi: Cause = {
  id: 'disc-begin-before-wifi',
  title: 'OTA was started before Wi-Fi was connected, so the board never announces itself',
  met: 'sometimes',
  stops: ['discover'],
  evidence: [
    notHeard,
    {
      strongly: { 'sketch.lint.begin-before-wifi': true, 'discovery.elsewhere': 'nowhere' },
      supports: { 'discovery.over-time': 'never', 'serial.says': 'mdns-failed' },
      excludes: {
        'sketch.lint.begin-before-wifi': false,
        'discovery.elsewhere': ['any-host', 'same-access-point-only', 'device-own-network'],
      },
    },
  ],
  fix: [
    'In setup() wait until WiFi.status() is WL_CONNECTED, then call ArduinoOTA.begin().',
    'Upload to the numeric address this time.',
  ],
  test: 'In the sketch look whether ArduinoOTA.begin() comes before the wait for Wi-Fi.',
};
