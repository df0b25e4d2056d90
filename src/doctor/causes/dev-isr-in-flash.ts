import { type Cause, under } from '../cause.ts';
import { crashed } from './shared/transfer.ts';

export const devIsrInFlash: Cause = {
  id: 'dev-isr-in-flash',
  title: 'an interrupt handler of the sketch lies in flash and crashes the board while flash is written',
  met: 'sometimes',
  stops: ['transfer', 'connect-back'],
  evidence: [
    crashed,
    {
      strongly: {
        'sketch.lint.isr-not-iram': true,
        'serial.crash': ['illegal-instruction', 'cache-disabled'],
        'serial.crash-place': 'interrupt',
      },
      supports: {
        'transfer.stop-pattern': 'at-start',
        'transfer.stopped-at': under(5),
        'serial.reset-reason': 'exception',
        'trial.peripheral-off': 'works',
        'trial.minimal-sketch': 'works',
      },
      against: {
        'transfer.stop-pattern': 'same-time',
        'serial.reset-reason': ['brownout', 'task-watchdog'],
        'serial.crash': ['driver-assert', 'alloc-failed'],
      },
      excludes: { 'sketch.lint.isr-not-iram': false },
    },
  ],
  fix: [
    'Put IRAM_ATTR (old ESP8266 cores: ICACHE_RAM_ATTR) before the interrupt handler and before every function it calls.',
    'In ArduinoOTA.onStart() call detachInterrupt().',
    'Upload by cable once.',
  ],
  test: 'Disconnect what triggers the interrupt and upload.',
};
