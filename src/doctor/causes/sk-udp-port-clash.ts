import type { Cause } from '../cause.ts';

export const skUdpPortClash: Cause = {
  id: 'sk-udp-port-clash',
  title: 'something else in the sketch has taken the update port',
  met: 'rarely',
  stops: ['invite'],
  evidence: [
    {
      strongly: { 'serial.says': 'udp-bind-failed', 'sketch.lint.udp-on-ota-port': true },
      supports: { 'invite.reply': 'silence', 'net.ping': 'answered' },
      excludes: { 'invite.reply': ['ok', 'auth', 'error', 'port-unreachable'], 'sketch.lint.udp-on-ota-port': false },
    },
  ],
  together: [
    {
      grade: 'proves',
      of: ['serial.says', 'sketch.lint.udp-on-ota-port'],
      when: (seen) => seen.is('serial.says', 'udp-bind-failed') && seen.is('sketch.lint.udp-on-ota-port', true),
      because: 'the update port was taken, and the sketch uses it for something else',
    },
  ],
  fix: ['Give your own WiFiUDP another port than 8266 (ESP8266) or 3232 (ESP32).', 'Upload by cable once.'],
  test: 'Look for a WiFiUDP.begin() with the OTA port in the sketch.',
};
