/** Room for two sketches on an ESP8266, for one image in an ESP32's slot: the sums, and how a refusal looks. */
import { atLeast, type Layout, largestThatUpdatesItself, layouts, sketchUsesOf } from '#firmware/index.ts';
import type { FactName } from '#values/facts.ts';
import { formatNumber, sectorBytes, sectors } from '#values/index.ts';
import type { Evidence, Together } from '../../cause.ts';
import type { Seen } from '../../seen.ts';
import { longerThanAny8266 } from './file.ts';

/** The board refuses when the update begins: nothing was written, it is ready again at once. */
export const refused: Evidence = {
  strongly: { 'serial.first-error': 'begin', 'invite.again-after-ok': 'at-once' },
  supports: { 'connectback.app-sessions': 'survived', 'connectback.tcp': 'timed-out' },
  against: {
    'transfer.stopped-at': (value) => value > 5,
    'serial.first-error': ['auth', 'receive'],
    'invite.reply': ['silence', 'port-unreachable'],
    'connectback.tcp': 'accepted',
  },
  excludes: {
    'invite.again-after-ok': ['after-connect-timeout', 'never'],
    'serial.start-reached': true,
    'serial.first-error': 'connect',
  },
};

/** The same, where the size is what it refuses. */
export const tooBig: Evidence = {
  ...refused,
  strongly: {
    ...refused.strongly,
    'device.error': 'not-enough-space',
    'trial.smaller-image': 'works',
    'history.changed': ['sketch-size'],
    'attempt.tool-text': 'not-enough-space',
    'serial.says': 'image-too-large',
  },
  supports: {
    ...refused.supports,
    'connectback.largest-called': (size, seen) => size > 0 && size < (seen.get('image.size') ?? Infinity),
  },
  against: {
    ...refused.against,
    'connectback.largest-called': 0,
  },
  excludes: {
    ...refused.excludes,
    'fit.verdict': 'fits',
    'trial.smaller-image': 'fails',
    /* A file system has a place of its own. */
    'args.command': 'filesystem',
    'image.kind': 'filesystem',
    /* Blynk.Air has a cause of its own for it. */
    'tool.method': 'blynk-air',
  },
};

/** From 2.4.0 on an ESP8266 says why it refuses; a silent refusal is then none (ArduinoOTA.cpp @ 2.4.0). */
export const wouldHaveSaid: Together = {
  grade: 'excludes',
  of: ['invite.reply', 'connectback.tcp', 'running.core-version'],
  when: (seen) =>
    seen.is('board.family', 'esp8266') &&
    seen.coreAtLeast('2.4.0') === true &&
    seen.is('invite.reply', 'ok') &&
    seen.is('connectback.tcp', 'timed-out') &&
    !seen.has('device.error'),
  because: 'this core would have said so instead of OK',
};

/** Until then, and on every ESP32, it says OK first and finds out afterwards. */
export const silentRefusal: Together = {
  grade: 'supports',
  of: ['invite.reply', 'connectback.tcp', 'running.core-version'],
  when: (seen) =>
    (seen.is('board.family', 'esp32') || seen.coreAtLeast('2.4.0') === false) &&
    seen.is('invite.reply', 'ok') &&
    seen.is('connectback.tcp', 'timed-out'),
  because: 'this core says OK before it finds out that it cannot begin, and then says nothing',
};

/** What is no sketch need not fit like one. */
export const noSketch: Together = {
  grade: 'excludes',
  of: ['image.size'],
  when: longerThanAny8266,
  because: 'no ESP8266 sketch is as long as this file',
};

export const refusalStages = ['connect-back', 'invite', 'authenticate'] as const;

/** Kilobytes as people say them (of 1000). */
export const kb = (bytes: number): string => `${(bytes / 1000).toFixed(1)} KB`;

/** Where a layout is chosen: the Tools menu, or a line in platformio.ini (its linker scripts are named after the layouts). */
const entry = ({ id, label }: Layout, seen: Seen): string =>
  seen.is('tool.name', 'platformio')
    ? `a roomier layout: in platformio.ini \`board_build.ldscript = eagle.flash.${id.toLowerCase()}.ld\``
    : `Tools > Flash Size > ${label}`;

/** Sums of the case at hand, when everything that they need is known. */
export function sums8266(seen: Seen) {
  const image = seen.get('image.size');
  const end = seen.get('build.fs-start');
  if (image === undefined || end === undefined) return undefined;
  const running = seen.get('running.size') ?? image;
  const available = Math.floor(end / sectorBytes);
  const beside = (available - sectors(running)) * sectorBytes;
  const limit = running === image ? largestThatUpdatesItself(end) : beside;
  const core = seen.get('build.core-version') ?? '2.3.0';
  const flash = seen.get('image.flash-declared') ?? seen.get('board.flash-real');
  const menu = layouts(core).filter((layout) => layout.flashBytes === flash && layout.fsBytes > 0);
  const roomier = menu
    .filter((layout) => layout.updateEnd > end)
    .sort((a, b) => b.updateEnd - a.updateEnd)
    .find((layout) => 2 * sectors(image) * sectorBytes <= layout.updateEnd);
  return {
    image,
    running,
    end,
    available,
    needed: sectors(image) + sectors(running),
    limit,
    over: image - limit,
    uses: sketchUsesOf(Math.max(limit, 0), core).from,
    /** The largest sketch that can cross: it must fit beside the running one. */
    crossing: beside,
    present: menu.find((layout) => layout.updateEnd === end)?.label,
    roomier: roomier && entry(roomier, seen),
    sayNothing: !atLeast(core, '2.4.0'),
  };
}

export function arithmetic8266(seen: Seen): readonly string[] {
  const sums = sums8266(seen);
  if (!sums) return [];
  const uses = seen.get('build.sketch-uses');
  const n = formatNumber;
  return [
    `${uses === undefined ? '' : `the sketch uses ${n(uses)} bytes, so `}the .bin has ${n(sums.image)} bytes = ${sectors(sums.image)} sectors of 4,096`,
    `the sketch on the board has ${n(sums.running)} bytes = ${sectors(sums.running)} sectors${seen.has('running.size') && !seen.fact('running.size')?.inferred ? '' : ' (assumed)'}`,
    `needed side by side: ${sums.needed} sectors; below the file system there are ${sums.available}: ${shortage(sums.needed - sums.available)}`,
    `largest .bin that fits: ${n(sums.limit)} bytes ("Sketch uses" up to ${n(sums.uses)})`,
    ...(sums.sayNothing ? ['core 2.3.0 and older answer OK before they find out, and then stay silent'] : []),
  ];
}

const shortage = (missing: number): string => (missing > 0 ? `${missing} missing` : `${-missing} to spare`);

/** Flash for which the running sketch was built; a file system below 1 MB is on a layout of 1 MB at most. */
export const declaredFlash = (seen: Seen): number | undefined =>
  seen.get('running.flash-declared') ??
  seen.get('image.flash-declared') ??
  ((seen.get('build.fs-start') ?? Infinity) < 0x100000 ? 0x100000 : undefined);

/** On 1 MB no menu entry with a file system lets a longer .bin update itself; then it is not the menu's fault. */
const largestOn1M = 479_232;
export const outgrown1M = (seen: Seen): boolean =>
  (seen.get('board.flash-real') ?? declaredFlash(seen)) === 0x100000 &&
  Math.max(seen.get('image.size') ?? 0, seen.get('running.size') ?? 0) > largestOn1M;

/** What a sum takes for granted. */
export function assumed(seen: Seen): string | undefined {
  const verdict = seen.fact('fit.verdict');
  // A file system that is too big is refused in the same words.
  const what: readonly FactName[] = ['args.command', 'image.kind', 'build.sketch-uses', 'fit.verdict'];
  if (!what.some((each) => seen.has(each))) return 'assuming it was a sketch that was sent, not a file system';
  if (verdict?.value !== 'too-big') return undefined;
  if (verdict.inferred) return 'assuming the running sketch is about as large as this one';
  const sums = seen.has('image.size') && seen.has('running.size') && seen.has('build.fs-start');
  const chip = seen.has('board.flash-real') && declaredFlash(seen) !== undefined;
  return sums || chip ? undefined : 'assuming the flash chip is as large as the Flash Size chosen';
}

/** What to do about two copies that don't fit, the way without a cable first. */
export function fix8266(seen: Seen): readonly string[] {
  const sums = sums8266(seen);
  const menu = sums?.roomier ?? 'Tools > Flash Size, the entry with the smallest file system (SPIFFS or FS)';
  const small = sums ? `at most ${formatNumber(sums.crossing)} bytes of .bin` : "the core's BasicOTA example will do";
  const shrink = sums
    ? `Or make the sketch smaller: "Sketch uses" must say ${formatNumber(sums.uses)} or less.`
    : 'Or make the sketch smaller: at most half of the room.';
  return [
    `Choose ${menu}.`,
    `Without a cable: with that setting send a small OTA sketch first (${small}); once it runs, send the real one.`,
    'Or with a cable: upload once by USB with that setting, then switch the power off and on.',
    shrink,
    ...(seen.coreAtLeast('2.7.0') ? ['Or send it compressed (.bin.gz): the core on the board can unpack it.'] : []),
  ];
}
