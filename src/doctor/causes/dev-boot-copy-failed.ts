import type { Cause } from '../cause.ts';
import { didNotBoot } from './shared/restart.ts';

export const devBootCopyFailed: Cause = {
  id: 'dev-boot-copy-failed',
  title: 'the boot loader could not put the update in place',
  met: 'seldom',
  stops: ['restart'],
  only: { 'board.family': 'esp8266' },
  evidence: [
    didNotBoot,
    {
      proves: { 'serial.eboot': 'copy-failed' },
      strongly: { 'serial.eboot': 'load-failed' },
      supports: { 'trial.by-wire': 'works' },
      against: {
        'image.kind': 'gzip-app',
        'trial.after-power-cycle': 'works',
        'serial.boot-mode': 1,
        'person.parts-on-boot-pins': true,
      },
      excludes: { 'serial.eboot': ['normal', 'copied'], 'after.running-build': ['new', 'new-then-old'] },
    },
  ],
  assumes: (seen) =>
    seen.is('image.kind', 'gzip-app') && seen.coreAtLeast('2.7.0') !== true
      ? 'assuming the boot loader on the board can unpack compressed files'
      : undefined,
  fix: [
    'Upload by cable once.',
    'If it happens again, suspect the supply, the flash chip or the flash mode; send plain .bin files, not compressed ones.',
  ],
  test: 'Read the serial line at 74880 baud during a restart: "@cp:" with another number than 0 is this.',
};
