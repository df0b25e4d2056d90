import { above, type Cause } from '../cause.ts';
import {
  arithmetic8266,
  assumed,
  declaredFlash,
  refusalStages,
  silentRefusal,
  tooBig,
  wouldHaveSaid,
} from './shared/space.ts';

export const imgFlashSizeDeclaredTooSmall: Cause = {
  id: 'img-flash-size-declared-too-small',
  title: 'the Flash Size chosen is smaller than the chip, so there is no room by its own map',
  met: 'sometimes',
  stops: [...refusalStages],
  only: { 'board.family': 'esp8266' },
  evidence: [tooBig, { strongly: { 'fit.verdict': 'too-big' }, supports: { 'board.flash-real': above(1048576) } }],
  together: [
    silentRefusal,
    wouldHaveSaid,
    {
      grade: 'proves',
      of: ['running.flash-declared', 'board.flash-real', 'fit.verdict'],
      when: (seen) =>
        (declaredFlash(seen) ?? Infinity) < (seen.get('board.flash-real') ?? 0) && seen.is('fit.verdict', 'too-big'),
      because: 'the chip has more flash than the sketch was built for, and by that smaller size it does not fit',
    },
    {
      grade: 'excludes',
      of: ['running.flash-declared', 'board.flash-real'],
      when: (seen) => (declaredFlash(seen) ?? 0) >= (seen.get('board.flash-real') ?? Infinity),
      because: 'the sketch on the board was built for all the flash that there is',
    },
    {
      grade: 'against',
      of: ['fit.verdict'],
      when: (seen) => !seen.has('board.flash-real'),
      because: 'nothing shows that the chip is larger than the setting',
    },
  ],
  assumes: assumed,
  arithmetic: arithmetic8266,
  fix: [
    'Choose the real size in the Tools menu (NodeMCU, D1 mini, ESP-12: 4M).',
    'Upload once by cable, then over the air.',
  ],
  test: 'By cable run `esptool.py flash_id`: it prints the real size.',
};
