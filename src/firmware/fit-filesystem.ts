/** File-system images: written straight to their place, nothing is staged. */
import { formatNumber, type Problem } from '#values/index.ts';
import { atLeast } from './cores.ts';
import { layoutOf, schemeOf } from './layouts.ts';
import type { BoardFacts } from './types.ts';
import { type Fit, type Load, unknown } from './verdict.ts';

export function fitFileSystem(load: Load, board: BoardFacts): Fit {
  const available = board.fsBytes ?? areaOf(board);
  if (available === undefined) return unknown('the size of the file system on the board is not known (--layout)');
  const arithmetic = [
    `new: ${formatNumber(load.bytes)} bytes`,
    `file system on the board: ${formatNumber(available)} bytes`,
  ];
  const common = { assumptions: [], limit: { bytes: available } };
  if (load.bytes > available) {
    const lines = [...arithmetic, `too large by ${formatNumber(load.bytes - available)} bytes`];
    return {
      ...common,
      verdict: 'does-not-fit',
      because: `${formatNumber(load.bytes)} bytes for a file system of ${formatNumber(available)}`,
      arithmetic: lines,
      problem: tooBig(load.bytes, available, board, lines),
      ...behaviour(board),
    };
  }
  return {
    ...common,
    verdict: 'fits',
    because: `${formatNumber(load.bytes)} of ${formatNumber(available)} bytes`,
    arithmetic: [...arithmetic, load.bytes === available ? 'fits exactly' : 'smaller than the area; see the warning'],
    board: 'takes-it',
  };
}

function areaOf({ family, layout, core }: BoardFacts): number | undefined {
  if (layout === undefined) return undefined;
  if (family === 'esp8266') return layoutOf(layout, core)?.fsBytes;
  const scheme = family === 'esp32' ? schemeOf(layout) : undefined;
  return scheme && (scheme.fileSystem?.bytes ?? 0);
}

/** ESP8266 up to 2.5.2 checks nothing and runs over what follows (Updater.cpp @ 2.5.2, 2.6.0); an ESP32 says OK first. */
function behaviour({ family, core }: BoardFacts): { board?: NonNullable<Fit['board']> } {
  if (family === 'esp32') return { board: 'silent' };
  if (family === 'rp2040') return { board: 'says-so' };
  return core === undefined ? {} : { board: atLeast(core, '2.6.0') ? 'says-so' : 'breaks' };
}

function tooBig(bytes: number, available: number, board: BoardFacts, details: readonly string[]): Problem {
  const breaks = behaviour(board).board === 'breaks';
  return {
    code: 'img-fs-image-too-big',
    what:
      available === 0
        ? 'the running sketch has no file system to write this image to'
        : `the file-system image is ${formatNumber(bytes - available)} bytes larger than the file system on the board`,
    why: breaks
      ? `core ${board.core} does not check this: the image would run over the stored settings and the Wi-Fi credentials behind the file system`
      : 'size and place of the file system are fixed in the running sketch',
    fix: 'build the image with the layout that the running sketch was built with',
    blame: 'person',
    details,
  };
}
