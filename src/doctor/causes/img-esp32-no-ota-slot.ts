import { above, type Cause } from '../cause.ts';
import { refused, silentRefusal } from './shared/space.ts';

export const imgEsp32NoOtaSlot: Cause = {
  id: 'img-esp32-no-ota-slot',
  title: 'the partition scheme of the board has no place for an update',
  met: 'often',
  stops: ['connect-back', 'transfer', 'invite'],
  only: { 'board.family': 'esp32' },
  evidence: [
    refused,
    {
      proves: { 'device.error': 'no-partition' },
      strongly: {
        'connectback.largest-called': 0,
        'serial.says': 'no-update-partition',
      },
      supports: { 'history.worked-before': 'never', 'history.changed': ['partition-table'] },
      against: {
        'history.worked-before': ['regularly', 'a-few-times'],
        'trial.smaller-image': 'works',
        'device.error': ['not-enough-space', 'already-running'],
      },
      excludes: {
        'build.app-slots': (slots) => slots >= 2,
        'connectback.largest-called': above(0),
        'running.slot-size': above(0),
        'transfer.stopped-at': above(5),
      },
    },
  ],
  together: [
    silentRefusal,
    {
      grade: 'proves',
      of: ['running.slot-size'],
      when: (seen) => seen.is('running.slot-size', 0),
      because: 'the layout of the board has a place for one sketch and none for an update',
    },
    {
      // esp_ota_get_next_update_partition() returns the only slot, the one that runs (ESP-IDF 4.4, esp_ota_ops.c).
      grade: 'strongly',
      of: ['transfer.end', 'transfer.stopped-at', 'connectback.tcp'],
      when: (seen) => seen.is('transfer.end', 'reboot') && (seen.get('transfer.stopped-at') ?? 100) < 5,
      because: 'the board restarted with the first bytes, as if it wrote over the sketch that runs',
    },
    {
      grade: 'proves',
      of: ['build.app-slots'],
      when: (seen) => (seen.get('build.app-slots') ?? 2) < 2 && !seen.is('running.layout-vs-new', 'differs'),
      because: 'the partition table has a place for one sketch and none for an update',
    },
  ],
  assumes: (seen) =>
    seen.is('running.slot-size', 0) ||
    seen.is('running.layout-vs-new', 'same') ||
    seen.is('connectback.largest-called', 0) ||
    seen.is('serial.says', 'no-update-partition') ||
    seen.is('device.error', 'no-partition')
      ? undefined
      : 'assuming the board has the partition table of this build',
  fix: [
    'In Tools > Partition Scheme choose one with OTA (for example "Default 4MB with spiffs" or "Minimal SPIFFS (1.9MB APP with OTA)").',
    'Upload once by cable: a partition table cannot change over the air.',
    'From then on over the air.',
  ],
  test: 'Look at Tools > Partition Scheme: "Huge APP" and "No OTA" have no place for an update.',
};
