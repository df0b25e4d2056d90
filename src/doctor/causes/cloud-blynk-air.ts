import type { Cause } from '../cause.ts';

export const cloudBlynkAir: Cause = {
  id: 'cloud-blynk-air',
  title: 'Blynk.Air could not update the board',
  met: 'seldom',
  stops: ['transfer', 'prepare', 'verdict', 'invite', 'connect-back', 'restart'],
  only: { 'tool.method': 'blynk-air' },
  evidence: [
    {
      strongly: { 'tool.method': 'blynk-air' },
      supports: {
        'pull.body': 'other-firmware',
        'device.error': ['not-enough-space', 'no-detail'],
        'running.firmware': (name) => /edgent|blynk/i.test(name),
      },
      excludes: { 'after.running-build': 'new' },
    },
  ],
  together: [
    {
      grade: 'proves',
      of: ['tool.method', 'device.error'],
      when: (seen) => seen.is('tool.method', 'blynk-air') && seen.is('device.error', 'not-enough-space'),
      because: 'the board itself says that the update does not fit',
    },
    {
      grade: 'proves',
      of: ['tool.method', 'image.size', 'running.free-space'],
      when: (seen) =>
        seen.is('tool.method', 'blynk-air') &&
        (seen.get('image.size') ?? 0) > (seen.get('running.free-space') ?? Infinity),
      because: 'the file is larger than the room that the board reports',
    },
  ],
  fix: [
    'Read the banner that Edgent prints at start: firmware size and free space. The file must be smaller than the free space.',
    'Choose a Flash Size or partition scheme with more room, and upload once by cable.',
    'Raise BLYNK_FIRMWARE_VERSION and send the .bin for this very board.',
  ],
  test: 'Compare the size of the file with the free space in the serial log.',
};
