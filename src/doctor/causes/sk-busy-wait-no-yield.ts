import type { Cause } from '../cause.ts';
import { loopStages, starved } from './shared/loop.ts';

export const skBusyWaitNoYield: Cause = {
  id: 'sk-busy-wait-no-yield',
  title: 'the sketch spins without giving the network a turn',
  met: 'seldom',
  stops: [...loopStages, 'discover'],
  evidence: [
    starved,
    {
      strongly: {
        'sketch.lint.busy-wait': true,
        'net.ping-pattern': 'long-gaps',
        'serial.reset-reason': ['soft-watchdog'],
        'sketch.lint.wdt-or-interrupts-off': true,
      },
      supports: {
        'net.ping': ['lossy', 'silent'],
        'serial.reset-reason': 'hardware-watchdog',
        'discovery.raw-mdns': 'absent',
      },
      against: { 'net.ping-pattern': 'steady', 'net.ping': 'answered' },
      excludes: { 'sketch.lint.busy-wait': false },
    },
  ],
  fix: [
    'Put yield() or delay(1) into every loop that waits for something, and limit how long it waits.',
    'Update the library that does the waiting, if it is not your own code.',
    'Upload by cable once.',
  ],
  test: 'Ping the board for half a minute: long gaps mean that the network does not get a turn.',
};
