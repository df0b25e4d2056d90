/** ESP32: the update goes into the application slot that does not run; the running sketch's length does not matter. */
import { formatNumber, type Problem } from '#values/index.ts';
import { type Scheme, schemeOf } from './layouts.ts';
import type { BoardFacts } from './types.ts';
import { type Fit, type Load, unknown } from './verdict.ts';

export function fitEsp32(load: Load, board: BoardFacts): Fit {
  if (load.gzip) return refused(gzip, [], 'says-so');
  const scheme = board.layout === undefined ? undefined : schemeOf(board.layout);
  const slotBytes = board.slotBytes ?? scheme?.slotBytes;
  if (slotBytes === undefined)
    return unknown(
      board.layout === undefined
        ? 'the partition scheme on the board is not known (--layout default, min_spiffs, ...)'
        : `no partition scheme is called ${board.layout}`,
    );
  if (scheme && board.slotBytes === undefined && !scheme.otaPossible) {
    // One slot beside a factory application: the first update works, the next has nowhere to go.
    if (scheme.slots.length === 1 && scheme.factory)
      return unknown(`the scheme ${scheme.id} has one slot beside a factory application: only the latter can update`);
    return refused(
      noSlot(scheme),
      [`${scheme.id}: ${scheme.partitions.map(({ name }) => name).join(', ')}`],
      failure(scheme),
    );
  }
  const name = scheme && board.slotBytes === undefined ? `slot of ${scheme.id}` : 'slot';
  const arithmetic = [`new: ${formatNumber(load.bytes)} bytes`, `${name}: ${formatNumber(slotBytes)} bytes`];
  const limit = { bytes: slotBytes };
  if (load.bytes > slotBytes) {
    const short = `short by ${formatNumber(load.bytes - slotBytes)} bytes`;
    return { ...refused(tooLarge(load.bytes, slotBytes), [...arithmetic, short], 'silent'), limit };
  }
  const spare = slotBytes - load.bytes;
  return {
    verdict: 'fits',
    because: `${formatNumber(load.bytes)} of ${formatNumber(slotBytes)} bytes, ${formatNumber(spare)} to spare`,
    arithmetic: [...arithmetic, `fits, ${formatNumber(spare)} bytes to spare`],
    assumptions: scheme ? [`the board really carries the partition scheme ${scheme.id}`] : [],
    board: 'takes-it',
    limit,
  };
}

/** Without a second slot the first erase hits the running application; with no slot at all begin() fails and, as OK was
 *  sent before, nothing is said (ArduinoOTA.cpp, Updater.cpp of arduino-esp32 up to 3.x). */
const failure = (scheme: Scheme): NonNullable<Fit['board']> =>
  scheme.slots.length === 0 ? 'silent' : 'starts-and-fails';

const refused = (problem: Problem, arithmetic: readonly string[], board: NonNullable<Fit['board']>): Fit => ({
  verdict: 'does-not-fit',
  because: problem.what,
  arithmetic,
  assumptions: [],
  problem: arithmetic.length > 0 ? { ...problem, details: arithmetic } : problem,
  board,
});

const gzip: Problem = {
  code: 'img-gzip-unsupported',
  what: 'the ESP32 Arduino core does not know gzip',
  why: 'it writes what it gets into the slot, and a compressed image does not start',
  fix: 'send the plain .bin',
  blame: 'person',
};

const noSlot = (scheme: Scheme): Problem => ({
  code: 'img-esp32-no-ota-slot',
  what: `the partition scheme ${scheme.id} has no second slot to update into`,
  why: 'an ESP32 writes the new firmware into the slot that does not run; this scheme gives all the room to one application. The board says OK and then nothing, or restarts',
  fix: 'choose a scheme with two application slots (default, min_spiffs) and flash once by USB',
  blame: 'person',
});

const tooLarge = (bytes: number, slotBytes: number): Problem => ({
  code: 'img-esp32-larger-than-slot',
  what: `the firmware is ${formatNumber(bytes - slotBytes)} bytes larger than the slot it goes to`,
  why: `it has ${formatNumber(bytes)} bytes, the slot ${formatNumber(slotBytes)}. The board says OK first, notices then, and stays silent`,
  fix: 'make the sketch smaller, or choose a scheme with larger slots (min_spiffs) and flash once by USB',
  blame: 'person',
});
