import type { Cause } from '../cause.ts';
import { airTrouble } from './shared/transfer.ts';

export const devBleCoexistence: Cause = {
  id: 'dev-ble-coexistence',
  title: 'Bluetooth and Wi-Fi share one radio, and Bluetooth wins during the update',
  met: 'seldom',
  stops: ['transfer', 'connect-back'],
  only: { 'board.family': 'esp32' },
  evidence: [
    airTrouble,
    {
      strongly: { 'sketch.lint.ble-active': true, 'trial.bluetooth-off': 'works' },
      supports: { 'transfer.ping': 'spikes', 'trial.right-after-reset': 'works', 'net.signal': 'good' },
      excludes: { 'sketch.lint.ble-active': false, 'trial.bluetooth-off': 'fails' },
    },
  ],
  fix: [
    'In ArduinoOTA.onStart() stop scanning and switch Bluetooth off (BLEDevice::deinit(true)).',
    'Upload by cable once, or right after a reset.',
  ],
  test: 'Switch Bluetooth off in the sketch, or upload right after a reset, before scanning begins.',
};
