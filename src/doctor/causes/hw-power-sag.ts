import type { Cause } from '../cause.ts';

export const hwPowerSag: Cause = {
  id: 'hw-power-sag',
  title: 'the power supply breaks down when Wi-Fi and flash work at once',
  met: 'sometimes',
  stops: ['transfer', 'restart', 'verdict'],
  evidence: [
    {
      proves: { 'serial.reset-reason': 'brownout' },
      strongly: { 'trial.other-supply': 'works' },
      supports: {
        'transfer.end': 'reboot',
        'attempt.reproducible': 'different-each-time',
        'device.error': ['md5', 'flash-write'],
        'person.supply': ['computer-usb', 'other-board', 'mains-module', 'battery'],
        'after.restart': ['gone', 'cycles'],
        'history.changed': ['power-supply', 'wiring'],
      },
      against: {
        'serial.reset-reason': ['exception', 'task-watchdog', 'soft-watchdog', 'software'],
        'serial.crash': ['illegal-instruction', 'cache-disabled', 'divide-by-zero', 'alloc-failed', 'driver-assert'],
        'transfer.end': 'stall',
        'transfer.stop-pattern': 'same-place',
      },
      excludes: { 'trial.other-supply': 'fails', 'connectback.tcp': 'timed-out' },
    },
  ],
  fix: [
    'Use a supply that gives at least 500 mA at 3.3 V, and a short, thick cable. The 3.3 V pin of a USB adapter or Arduino is too weak.',
    'Put a capacitor of 100 to 470 µF next to the module.',
    'Upload again.',
  ],
  test: 'Feed the board from a strong phone charger with a short cable and upload.',
};
