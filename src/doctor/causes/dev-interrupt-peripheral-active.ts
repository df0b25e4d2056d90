import type { Cause } from '../cause.ts';
import { crashed } from './shared/transfer.ts';

export const devInterruptPeripheralActive: Cause = {
  id: 'dev-interrupt-peripheral-active',
  title: 'a timer or driver of the sketch keeps interrupting the update',
  met: 'seldom',
  stops: ['transfer', 'connect-back'],
  evidence: [
    crashed,
    {
      strongly: {
        'sketch.lint.timers-running': true,
        'serial.crash': 'driver-assert',
        'trial.peripheral-off': 'works',
      },
      supports: {
        'transfer.end': 'stall',
        'transfer.stop-pattern': 'at-start',
        'sketch.stops-work-on-start': false,
        'trial.minimal-sketch': 'works',
      },
      against: {
        'sketch.lint.isr-not-iram': true,
        'serial.crash': 'cache-disabled',
        'serial.reset-reason': ['brownout', 'task-watchdog'],
        'sketch.lint.uart-device': true,
      },
      excludes: { 'sketch.lint.timers-running': false, 'trial.peripheral-off': 'fails' },
    },
  ],
  fix: [
    'In ArduinoOTA.onStart() stop timers and drivers: timer1_disable(), Ticker.detach(), Servo.detach(), radio and LED drivers.',
    'Upload by cable once, or with the part unplugged.',
  ],
  test: 'Unplug the part that the driver serves and upload.',
};
