import type { Cause } from '../cause.ts';
import {
  arithmetic8266,
  assumed,
  declaredFlash,
  fix8266,
  kb,
  noSketch,
  outgrown1M,
  refusalStages,
  silentRefusal,
  sums8266,
  tooBig,
  wouldHaveSaid,
} from './shared/space.ts';

/** Start of the file system of 1M (512K) and 512K: half of it is what the smallest useful OTA sketches need. */
const smallArea = 0x7b000;

export const img8266TwoCopiesDontFit: Cause = {
  id: 'img-8266-two-copies-dont-fit',
  title:
    'the sketch is too big to update itself with the Flash Size chosen: the old and the new copy must fit side by side',
  headline: (seen) => {
    const sums = sums8266(seen);
    if (!sums || sums.over <= 0) return undefined;
    const menu = sums.present ? `, ${sums.present}` : '';
    return `the sketch is ${kb(sums.over)} too big to update itself with the Flash Size chosen${menu}`;
  },
  met: 'often',
  stops: [...refusalStages],
  only: { 'board.family': 'esp8266' },
  evidence: [
    tooBig,
    {
      proves: { 'fit.verdict': 'too-big', 'device.error': 'not-enough-space' },
      // A small sketch ran first; beside the one that followed there is less room.
      supports: {
        'attempt.reproducible': 'first-works-then-fails',
        'history.worked-before': ['once', 'a-few-times'],
        'board.flash-real': 0x100000,
      },
      against: {
        'board.flash-real': 524288,
        'history.changed': ['sketch-size'],
        'history.worked-before': 'until-a-change',
        'device.error': ['flash-config'],
      },
    },
  ],
  together: [
    silentRefusal,
    noSketch,
    {
      grade: 'against',
      of: ['image.size', 'running.size'],
      when: outgrown1M,
      because: 'no Flash Size of 1 MB has room for two copies of it',
    },
    {
      grade: 'strongly',
      of: ['image.size', 'build.fs-start', 'running.core-version', 'device.error'],
      when: (seen) =>
        seen.coreAtLeast('2.4.2') === false &&
        (seen.get('image.size') ?? 0) > (seen.get('build.fs-start') ?? Infinity) &&
        seen.is('device.error', 'flash-write', 'flash-erase'),
      because: 'the file is larger than the whole area: this core begins all the same and fails at the first sector',
    },
    wouldHaveSaid,
    {
      grade: 'strongly',
      of: ['build.fs-start'],
      when: (seen) => !seen.has('image.size') && (seen.get('build.fs-start') ?? Infinity) <= smallArea,
      because:
        'with this Flash Size a .bin may have 249,856 bytes at most, and a sketch with Wi-Fi and OTA has about that',
    },
    {
      grade: 'excludes',
      of: ['board.flash-real'],
      when: (seen) => (seen.get('board.flash-real') ?? 0) > (declaredFlash(seen) ?? Infinity),
      because: 'the chip has more flash than the sketch was built for: a larger setting is all it takes',
    },
  ],
  assumes: assumed,
  arithmetic: arithmetic8266,
  fix: fix8266,
  test: (seen) =>
    seen.is('sketch.lint.blynk-begin-owns-wifi', true) || seen.is('sketch.lint.blocking-cloud-loop', true)
      ? 'Send a small OTA sketch (BasicOTA) over the air. If that arrives, it is the size; if it fails as well, it is the loop that waits for its server.'
      : 'Send a small OTA sketch (BasicOTA) over the air. If that arrives, it is the size.',
};
