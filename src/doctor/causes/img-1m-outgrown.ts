import type { Cause } from '../cause.ts';
import {
  arithmetic8266,
  assumed,
  fix8266,
  noSketch,
  outgrown1M,
  refusalStages,
  silentRefusal,
  tooBig,
  wouldHaveSaid,
} from './shared/space.ts';

const noEntryHasRoom = 'no Flash Size of 1 MB has room for two copies of it';

export const img1mOutgrown: Cause = {
  id: 'img-1m-outgrown',
  title: 'the sketch has outgrown half of the 1 MB flash, so that it can no longer update itself',
  met: 'sometimes',
  stops: [...refusalStages],
  only: { 'board.family': 'esp8266', 'board.flash-real': 1048576 },
  evidence: [
    tooBig,
    {
      strongly: {
        'history.changed': ['sketch-size'],
        'history.worked-before': 'until-a-change',
        'trial.smaller-image': 'works',
        'fit.verdict': 'too-big',
      },
      supports: {
        'board.flash-real': 1048576,
        'image.flash-declared': 1048576,
        'history.worked-before': 'regularly',
        'history.changed': ['sketch-code', 'library', 'firmware-release'],
      },
      against: { 'history.worked-before': 'never' },
    },
  ],
  together: [
    silentRefusal,
    noSketch,
    {
      grade: 'proves',
      of: ['device.error', 'image.size'],
      when: (seen) => outgrown1M(seen) && seen.is('device.error', 'not-enough-space'),
      because: noEntryHasRoom,
    },
    {
      grade: 'proves',
      of: ['fit.verdict', 'image.size', 'running.size'],
      when: (seen) =>
        outgrown1M(seen) && seen.is('fit.verdict', 'too-big') && !seen.is('device.error', 'not-enough-space'),
      because: noEntryHasRoom,
    },
    wouldHaveSaid,
    {
      grade: 'excludes',
      of: ['image.size'],
      when: (seen) => seen.has('image.size') && !outgrown1M(seen),
      because: 'a Flash Size with a smaller file system has room for two copies of it',
    },
    {
      grade: 'proves',
      of: ['fit.verdict', 'board.flash-real', 'history.changed', 'history.worked-before'],
      when: (seen) =>
        seen.is('fit.verdict', 'too-big') &&
        seen.is('board.flash-real', 1048576) &&
        (seen.is('history.changed', 'sketch-size') || seen.is('history.worked-before', 'until-a-change')),
      because: 'it used to fit, and the sum no longer works out on 1 MB',
    },
  ],
  assumes: assumed,
  arithmetic: arithmetic8266,
  fix: (seen) => [
    'Send a minimal OTA image first (it fits), then the full one: two steps over the air each time.',
    ...fix8266(seen),
  ],
  test: 'Send a minimal OTA sketch over the air. If that arrives, it is the size.',
};
