import type { Cause } from '../cause.ts';
import { breaksOff } from './shared/transfer.ts';

export const devSerialRxLoad: Cause = {
  id: 'dev-serial-rx-load',
  title: 'a talkative device on the serial line disturbs the update',
  met: 'seldom',
  stops: ['transfer'],
  evidence: [
    breaksOff,
    {
      strongly: {
        'sketch.lint.uart-device': true,
        'transfer.stop-pattern': 'same-place',
        'trial.peripheral-off': 'works',
      },
      supports: { 'transfer.ping': 'steady' },
      against: {
        'transfer.stop-pattern': ['random', 'same-time'],
        'device.error': ['flash-write', 'flash-erase', 'flash-read'],
      },
      excludes: { 'sketch.lint.uart-device': false, 'trial.peripheral-off': 'fails' },
    },
  ],
  fix: [
    'In ArduinoOTA.onStart() call Serial.end() and SoftwareSerial end().',
    'For this upload unplug the wire from the device (GPS, meter).',
  ],
  test: 'Unplug the serial device and upload.',
};
