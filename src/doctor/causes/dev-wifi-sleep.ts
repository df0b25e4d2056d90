import type { Cause } from '../cause.ts';
import { airTrouble } from './shared/transfer.ts';

export const devWifiSleep: Cause = {
  id: 'dev-wifi-sleep',
  title: 'the Wi-Fi of the board sleeps between packets, and the transfer starves',
  met: 'seldom',
  stops: ['transfer', 'invite', 'connect-back'],
  evidence: [
    airTrouble,
    {
      strongly: {
        'net.ping-pattern': 'saw-tooth',
        'trial.sleep-off': 'works',
        'sketch.lint.light-or-modem-sleep': true,
      },
      supports: { 'transfer.ping': 'spikes', 'net.signal': 'good' },
      against: { 'transfer.ping': 'bursts', 'net.ping-pattern': 'steady' },
      excludes: { 'trial.sleep-off': 'fails', 'sketch.lint.light-or-modem-sleep': false },
    },
  ],
  fix: [
    'In the sketch call WiFi.setSleep(false) (ESP8266: WiFi.setSleepMode(WIFI_NONE_SLEEP)), at least in onStart.',
    'Upload by cable once, or try several times.',
  ],
  test: 'Ping the board for half a minute: times that climb to 100-300 ms and drop again are this.',
};
