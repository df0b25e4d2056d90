import type { Cause } from '../cause.ts';
import { notHeard } from './shared/listing.ts';

export const discApstaWrongInterface: Cause = {
  id: 'disc-apsta-wrong-interface',
  title: 'the board announces itself on its own access point instead of your network',
  met: 'seldom',
  stops: ['discover'],
  evidence: [
    notHeard,
    {
      strongly: { 'running.wifi-mode': 'ap-and-station', 'discovery.elsewhere': 'device-own-network' },
      supports: { 'sketch.lint.ap-or-apsta': true },
      excludes: {
        'running.wifi-mode': ['station', 'ap'],
        'sketch.lint.ap-or-apsta': false,
        'discovery.elsewhere': ['any-host', 'same-access-point-only'],
      },
    },
  ],
  fix: [
    'Call WiFi.mode(WIFI_STA) as soon as the board has joined your network, before ArduinoOTA.begin().',
    'Upload to the numeric address this time.',
  ],
  test: "Connect to the board's own access point and look for it in the list there.",
};
