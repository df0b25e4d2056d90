import { above, type Cause } from '../cause.ts';

export const devUsbCdcBlocks: Cause = {
  id: 'dev-usb-cdc-blocks',
  title: 'printing to a USB port where nobody listens holds the sketch up',
  met: 'seldom',
  stops: ['transfer', 'connect-back', 'invite'],
  evidence: [
    {
      strongly: { 'trial.terminal-open': 'works' },
      supports: {
        'board.chip': ['esp32-s2', 'esp32-s3', 'esp32-c3', 'esp32-c6'],
        'transfer.ack-time': above(90),
        'sketch.lint.wait-for-serial': true,
        'person.supply': ['charger', 'battery', 'adapter'],
        'sketch.lint.heavy-callback': true,
      },
      against: { 'person.supply': 'computer-usb' },
      excludes: {
        'board.chip': ['esp32', 'esp8266', 'esp8285', 'esp32-c2'],
        'board.family': 'esp8266',
        'trial.terminal-open': 'fails',
      },
    },
  ],
  fix: [
    'In setup() call Serial.setTxTimeoutMs(0), or print less.',
    'Update the ESP32 core (3.0 or later).',
    'For this upload open a serial terminal on the USB port.',
  ],
  test: 'Open a serial terminal on the USB port and upload. If that works, printing held it up.',
};
