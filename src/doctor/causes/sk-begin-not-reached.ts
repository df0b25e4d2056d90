import type { Cause } from '../cause.ts';
import { closedPort, somebodyListens } from './shared/presence.ts';

export const skBeginNotReached: Cause = {
  id: 'sk-begin-not-reached',
  title: 'the sketch is on Wi-Fi but never gets as far as starting OTA',
  met: 'sometimes',
  stops: ['invite', 'discover'],
  evidence: [
    closedPort,
    {
      strongly: {
        'sketch.lint.ota-begin-after-blocker': true,
        'serial.last-sign': ['config-portal', 'server-connect', 'serial-wait', 'sensor-init'],
      },
      supports: {
        'net.arp': 'board',
        'net.ping': 'answered',
        'running.has-ota': true,
        'sketch.lint.blynk-begin-owns-wifi': true,
        'sketch.lint.wait-for-serial': true,
        'running.server-link': 'down',
        'discovery.raw-mdns': 'absent',
        'sketch.lint.ota-begin-missing': true,
      },
      against: {
        'discovery.listed': 'yes',
        'net.arp': 'silent',
        'sketch.lint.ota-begin-after-blocker': false,
        'history.worked-before': 'once',
      },
      excludes: {
        'invite.reply': ['ok', 'auth', 'error'],
        'serial.last-sign': 'ready',
        'running.has-ota': false,
        'connectback.tcp': 'accepted',
        'discovery.raw-mdns': 'seen',
      },
    },
  ],
  together: [somebodyListens],
  fix: [
    'In setup() call ArduinoOTA.begin() right after Wi-Fi is connected, before anything that can wait (Blynk, MQTT, a set-up portal, sensors, while(!Serial)).',
    'Give everything else a time limit.',
    'Upload by cable once. A board that waits for a Blynk server which is gone needs none: `whyota hub --rescue` answers it, and its setup() goes on.',
  ],
  test: 'Read the serial monitor: what is the last line before it stops?',
};
