import type { Cause } from '../cause.ts';
import { didNotBoot } from './shared/restart.ts';

export const imgFlashModeMismatch: Cause = {
  id: 'img-flash-mode-mismatch',
  title: 'the new sketch reads its flash in a way (QIO, DIO, DOUT) that this chip cannot',
  met: 'seldom',
  stops: ['restart'],
  only: { 'board.family': 'esp8266' },
  evidence: [
    didNotBoot,
    {
      strongly: { 'after.restart': ['gone', 'cycles'] },
      supports: {
        'image.flash-mode': ['qio', 'qout'],
        'serial.reset-reason': 'hardware-watchdog',
        'serial.eboot': ['load-failed', 'copied'],
        'history.changed': ['flash-menu', 'board'],
      },
      against: {
        'image.flash-mode': ['dout'],
        'serial.boot-mode': 1,
        'trial.after-power-cycle': 'works',
        'trial.other-supply': 'works',
        'serial.reset-reason': 'brownout',
      },
      excludes: { 'after.restart': ['none', 'returns'], 'after.running-build': ['new', 'new-then-old'] },
    },
  ],
  together: [
    {
      grade: 'strongly',
      of: ['image.flash-mode', 'running.flash-mode'],
      when: (seen) =>
        seen.has('running.flash-mode') &&
        seen.has('image.flash-mode') &&
        seen.get('image.flash-mode') !== seen.get('running.flash-mode'),
      because: (seen) =>
        `the file asks for ${String(seen.get('image.flash-mode')).toUpperCase()}, the board ran with ${String(seen.get('running.flash-mode')).toUpperCase()}`,
    },
    {
      grade: 'excludes',
      of: ['image.flash-mode', 'running.flash-mode'],
      when: (seen) => seen.has('running.flash-mode') && seen.get('image.flash-mode') === seen.get('running.flash-mode'),
      because: 'the file asks for the flash mode with which the board ran',
    },
    {
      grade: 'against',
      of: ['running.core-version', 'image.kind'],
      when: (seen) =>
        seen.has('running.core-version') && seen.coreAtLeast('2.4.2') === true && seen.is('image.kind', 'app'),
      because: 'this core corrects the flash mode of plain files while it writes them',
    },
  ],
  fix: [
    'In the Tools menu set Flash Mode to DOUT (always works) or to the mode that worked before.',
    'Upload once by cable with that.',
  ],
  test: 'Upload the same sketch by cable with DOUT: if it starts, it was the mode.',
};
