import { above, type Cause, under } from '../cause.ts';
import { breaksOff } from './shared/transfer.ts';

export const skCallbackTooHeavy: Cause = {
  id: 'sk-callback-too-heavy',
  title: 'the sketch does slow work in its OTA callbacks',
  met: 'seldom',
  stops: ['transfer', 'connect-back'],
  evidence: [
    breaksOff,
    {
      strongly: {
        'sketch.lint.heavy-callback': true,
        'transfer.ack-time': above(300),
        'serial.crash-place': 'ota-callback',
      },
      supports: {
        'transfer.ping': 'steady',
        // onStart() and the first onProgress() run before the board calls back (esp8266/Arduino 2.3.0 and later, ArduinoOTA.cpp).
        'connectback.tcp': 'timed-out',
      },
      against: { 'transfer.ack-time': under(50) },
      excludes: { 'sketch.lint.heavy-callback': false },
    },
  ],
  fix: [
    'In onProgress draw or print only every few percent; no network and no files in onStart and onProgress.',
    'Upload by cable once.',
  ],
  test: 'Take the onProgress callback out for one upload by cable, then try over the air.',
};
