/** whyota serial flash: from the cable to proven updates over the air. Here: the flash itself; serial-after.ts has what
 *  everybody forgets afterwards. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { collectGarbage, environment, spareMemoryMost } from '#node/index.ts';
import { type FlashedByCable, type FlashingStep, flashByCable } from '#serial/flash.ts';
import type { Cable, ToFlash } from '#serial/index.ts';
import { formatBytes, formatDuration, formatNumber, millis, type Result, seconds } from '#values/index.ts';
import { type Ending, type Exit, interrupted, type Setting } from './command.ts';
import { type InputFile, readInput } from './input.ts';
import { givenPassword } from './password.ts';
import { afterwards } from './serial-after.ts';
import { besideOf } from './serial-beside.ts';
import { choosePort } from './serial-port.ts';

type Options = Record<string, unknown>;

export async function serialFlash([path = '']: readonly string[], options: Options, setting: Setting): Promise<Ending> {
  const { desk, signal } = setting;
  spareMemoryMost();
  const file = await fileOf(path, options, setting);
  if (typeof file !== 'string') return file;
  const input = await readInput(file);
  if ('exit' in input) return input;
  const password = await givenPassword(options);
  if ('exit' in password) return password;
  const cable = await choosePort(options['port'], setting);
  if ('exit' in cable) return cable;

  const began = performance.now();
  const wish = { ...(await wishOf(input, options)), ...(await besideOf(file)) };
  const flashed = await flashIt(cable, wish, options, setting);
  if (signal.aborted) return interrupted;
  if (!flashed.ok) return { exit: exitOf(flashed.problem.code), problem: flashed.problem };
  const { found } = flashed.value;
  desk.say(
    desk.paint('green', `flashed and verified after ${formatDuration(millis(performance.now() - began))}`) +
      `: ${flashed.value.plan.what}`,
  );
  return afterwards({ cable, ...flashed.value, input, options, password: password.secret, found }, setting);
}

/** A sketch folder means its newest build. */
async function fileOf(path: string, options: Options, setting: Setting): Promise<string | Ending> {
  const about = await stat(path).catch(() => undefined);
  if (!about?.isDirectory()) return path;
  const { sketchBuild } = await import('./sketch-folder.ts');
  const built = await sketchBuild(path, options, setting);
  return 'exit' in built ? built : join(built.build.file);
}

const wishOf = async (input: InputFile, { at, layout }: Options): Promise<ToFlash> => ({
  file: input.bytes,
  name: input.name,
  ...(typeof at === 'number' ? { at } : {}),
  ...(typeof layout === 'string' ? { layout } : {}),
});

/** First by the control lines; where nothing answers, by hand. */
async function flashIt(
  cable: Cable,
  wish: ToFlash,
  options: Options,
  { desk, signal }: Setting,
): Promise<Result<FlashedByCable & { readonly byHand: boolean }>> {
  const flashOptions = {
    os: environment.os,
    signal,
    baud: Number(options['speed']),
    eraseAll: options['erase'] === true,
    on: teller({ desk, signal }),
  };
  const first = await flashByCable(cable, wish, flashOptions);
  if (first.ok) return { ok: true, value: { ...first.value, byHand: false } };
  if (first.problem.code !== 'serial-no-boot-loader' || signal.aborted) return first;
  tellSteps(desk, 'no boot loader answers: the board has no auto-reset, so it takes two hands', [
    'connect GPIO0 to GND (or hold the FLASH or BOOT button, if it has one)',
    'press reset, or take its power away and give it back',
  ]);
  // At the ROM's speed: where a faster one fails, the hand would be needed again.
  const byHand = seconds(Number(options['wait']));
  const second = await flashByCable(cable, wish, { ...flashOptions, byHand, baud: 115_200 });
  return second.ok ? { ok: true, value: { ...second.value, byHand: true } } : second;
}

/** What a person is to do, in order; then it is waited for. */
export function tellSteps(desk: Setting['desk'], why: string, steps: readonly string[]): void {
  desk.event({ type: 'by-hand', why, steps });
  desk.note(desk.paint('bold', why));
  steps.forEach((step, i) => {
    desk.note(`  ${i + 1}. ${step}`);
  });
  desk.note('  waiting for it (Ctrl-C ends it)');
}

/** 3: it could not have worked, and nothing was written. */
const exitOf = (code: string): Exit =>
  /^img-|^tool-|^serial-(?:no-room|no-partition-table|where|not-for-pico)$/.test(code) ? 3 : 1;

/** Written between two looks at memory, bytes. */
const collectEvery = 1024 * 1024;

function teller({ desk }: Setting): (step: FlashingStep) => void {
  let collected = 0;
  return (step) => {
    const { kind, ...rest } = step;
    if (kind !== 'said') desk.event({ type: kind === 'writing' ? 'progress' : kind, ...rest });
    switch (step.kind) {
      case 'connecting':
        if (!step.byHand) desk.detail('asking for the boot loader');
        break;
      case 'found':
        desk.note(`${step.model} with ${formatBytes(step.flashBytes)} of flash, MAC ${step.mac}`);
        desk.detail(`talking at ${step.baud} baud`);
        break;
      case 'planned':
        for (const note of step.notes) desk.note(note);
        for (const { at, bytes } of step.pieces)
          desk.detail(`0x${at.toString(16).padStart(6, '0')}: ${formatNumber(bytes)} bytes`);
        break;
      case 'erasing':
        desk.note('erasing the whole chip, which takes up to a minute');
        break;
      case 'writing':
        if (step.done - collected >= collectEvery) {
          collected = step.done;
          collectGarbage();
        }
        desk.progress(
          'writing',
          step.total ? step.done / step.total : 1,
          `${formatNumber(step.done)} of ${formatNumber(step.total)}`,
        );
        break;
      case 'verified':
        desk.endProgress();
        break;
      case 'said':
        desk.detail(step.words);
    }
  };
}
