/** Is this file for this board? */
import { formatBytes, formatNumber, type Problem } from '#values/index.ts';
import { atLeast } from './cores.ts';
import { type Command, familyOfChip } from './fit.ts';
import { chipName } from './identify.ts';
import { layoutOf, schemeOf } from './layouts.ts';
import type { Application, BoardFacts, Chip, Family, FileSystemImage, Identified } from './types.ts';

/** `problems` mean: do not send. `warnings` are risks. */
export interface Compatibility {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

type Finding = { readonly problem: Problem } | { readonly warning: Problem } | undefined;

/** Whether this file is for this board, as far as both are known. Includes the file's own problem and warnings, not what
 *  `fit` says about room. */
export function compatible(image: Identified, board: BoardFacts, command: Command = 'sketch'): Compatibility {
  const findings: readonly Finding[] = command === 'sketch' ? asSketch(image, board) : asFileSystem(image, board);
  return {
    problems: findings.flatMap((found) => (found && 'problem' in found ? [found.problem] : [])),
    warnings: [...image.warnings, ...findings.flatMap((found) => (found && 'warning' in found ? [found.warning] : []))],
  };
}

function asSketch(image: Identified, board: BoardFacts): readonly Finding[] {
  const inside = image.kind === 'gzip' ? image.inside : image;
  switch (inside.kind) {
    case 'wrong':
      return [{ problem: inside.problem }, wrongChip(inside.chip, board)];
    case 'filesystem':
      return [{ problem: fileSystemAsSketch(inside) }];
    default: {
      const chip = inside.kind === 'esp8266-app' ? 'esp8266' : inside.image.chip;
      const mismatch = wrongChip(chip, board);
      if (mismatch) return [mismatch];
      return [signature(image, board), flashSize(inside, board), flashMode(inside, board, image.kind === 'gzip')];
    }
  }
}

const familyOfBoard = (board: BoardFacts): Family | undefined =>
  board.family ?? (board.chip === undefined ? undefined : familyOfChip(board.chip));

function wrongChip(chip: Chip | undefined, board: BoardFacts): Finding {
  const family = familyOfBoard(board);
  if (chip === undefined || family === undefined) return undefined;
  const forFamily = familyOfChip(chip);
  const sameChip = board.chip === undefined || family === 'esp8266' || board.chip === chip;
  if (forFamily === family && sameChip) return undefined;
  const has = chipName((board.chip as Chip | undefined) ?? family);
  return {
    problem: {
      code: 'img-wrong-chip',
      what: `the firmware is for ${chipName(chip)}, the board is ${article(has)}`,
      why: whatHappens(forFamily, family),
      fix: `build it for ${has}, or send it to the board it was built for`,
      blame: 'person',
    },
  };
}

const article = (name: string): string => `${/^[AEIOUR]/.test(name) ? 'an' : 'a'} ${name}`;

/** What the board would do with an image of another family. */
function whatHappens(image: Family | undefined, board: Family): string {
  if (board === 'esp8266')
    return image === 'esp32'
      ? 'an ESP8266 does not notice: it accepts the file, copies it over its boot loader, and starts no more until it is flashed by wire'
      : 'an ESP8266 takes the whole file before it notices, if at all';
  if (board === 'esp32')
    return 'an ESP32 takes the whole file, then refuses to activate it; the old program keeps running';
  return 'a Pico checks nothing: it accepts the file, and starts no more until it is flashed by USB';
}

const fileSystemAsSketch = (image: FileSystemImage): Problem => ({
  code: 'tool-fs-flag-mixup',
  what: `this is ${image.what}, not a sketch`,
  why: 'sent as a sketch it is refused after the whole transfer by ESP boards; a Pico would accept it and start no more until it is flashed by USB',
  fix: 'send it as a file system (--filesystem)',
  blame: 'person',
});

function asFileSystem(image: Identified, board: BoardFacts): readonly Finding[] {
  if (image.kind === 'filesystem')
    return [foreignFileSystem(image, board), newerLittleFs(image, board), otherSize(image, board)];
  // With atomic updates built in an ESP8266 could inflate it; nothing outside the board shows whether it is.
  if (image.kind === 'gzip' && image.inside.kind === 'filesystem')
    return [
      {
        problem: {
          code: 'img-gzip-filesystem',
          what: 'the file-system image is gzip-compressed',
          why: 'the board writes the compressed bytes as they are, and its files are gone (only an ESP8266 sketch built with atomic file-system updates inflates them)',
          fix: 'unpack the image and send it plain',
          blame: 'person',
        },
      },
    ];
  if (image.kind === 'wrong') return [{ problem: image.problem }];
  return [
    {
      problem: {
        code: 'tool-fs-flag-mixup',
        what: `this is ${anything(image)}, not a file-system image`,
        why: 'no board checks what it writes into its file system: the transfer succeeds, the files are gone, and the old sketch runs on',
        fix: 'send it without --filesystem',
        blame: 'person',
      },
    },
  ];
}

const anything = (image: Identified): string => article(image.what);

function foreignFileSystem(image: FileSystemImage, board: BoardFacts): Finding {
  const family = familyOfBoard(board);
  if (!image.spiffsFor || !family || image.spiffsFor === family) return undefined;
  return {
    problem: {
      code: 'img-fs-wrong-flavour',
      what: `this is ${image.what}, and the board is ${article(chipName(family))}`,
      why: 'the two keep different notes with each file and cannot read each other: the board would format it',
      fix: `build the image for ${chipName(family)}`,
      blame: 'person',
    },
  };
}

/** Version 2.1 on disk came with littlefs 2.6; ESP8266 cores up to 3.1.2 carry 2.0.5 to 2.5.1. */
function newerLittleFs(image: FileSystemImage, board: BoardFacts): Finding {
  if (image.format !== 'littlefs' || image.version === undefined || image.version <= 0x20000) return undefined;
  if (familyOfBoard(board) !== 'esp8266') return undefined;
  return {
    warning: {
      code: 'img-fs-littlefs-too-new',
      what: 'the image has version 2.1 of LittleFS, which no ESP8266 core up to 3.1.2 can mount',
      why: 'it was made with mklittlefs 4.0.0 or later',
      fix: 'make it with mklittlefs 3.x',
      blame: 'person',
    },
  };
}

/** An image shorter than its place: what is beyond keeps its old content, and newer LittleFS refuses another block count. */
function otherSize(image: FileSystemImage, board: BoardFacts): Finding {
  const family = familyOfBoard(board);
  const { layout, core } = board;
  const area =
    board.fsBytes ??
    (layout === undefined
      ? undefined
      : family === 'esp8266'
        ? layoutOf(layout, core)?.fsBytes
        : family === 'esp32'
          ? schemeOf(layout)?.fileSystem?.bytes
          : undefined);
  if (area === undefined || image.bytes >= area) return undefined;
  return {
    warning: {
      code: 'img-fs-smaller-than-area',
      what: `the image has ${formatNumber(image.bytes)} bytes, the file system on the board ${formatNumber(area)}`,
      why: 'behind its end old content stays. Some cores refuse to mount a file system of another size and format it',
      fix: 'build the image with the layout that the running sketch was built with',
      blame: 'person',
    },
  };
}

function signature(image: Identified, board: BoardFacts): Finding {
  if (board.signing !== true || ('signature' in image && image.signature)) return undefined;
  return {
    problem: {
      code: 'img-signature',
      what: 'the board accepts signed firmware only, and this file is not signed',
      why: 'it would be transferred in full and then refused',
      fix: 'send the .bin.signed that the build writes when the key lies beside the sketch',
      blame: 'person',
    },
  };
}

function flashSize(image: Application, board: BoardFacts): Finding {
  const declared = 'flashBytes' in image.image ? image.image.flashBytes : undefined;
  if (declared === undefined || board.flashBytes === undefined || declared === board.flashBytes) return undefined;
  const what = `the firmware was built for ${formatBytes(declared)} of flash, the board has ${formatBytes(board.flashBytes)}`;
  if (declared > board.flashBytes)
    return {
      problem: {
        code: 'img-new-image-flash-size-too-big',
        what,
        why:
          image.kind === 'esp8266-app'
            ? 'an ESP8266 refuses it after the whole transfer (error 9); sent compressed it is not even checked, and file system and settings would lie beyond the chip'
            : 'the board may fail to start it',
        fix: 'choose the board and flash size that the chip really has, and build again',
        blame: 'person',
      },
    };
  if (image.kind !== 'esp8266-app') return undefined;
  return {
    warning: {
      code: 'img-layout-differs-from-running',
      what,
      why: 'file system and stored settings lie elsewhere for it: the sketch will not find the old ones',
      fix: 'build with the flash size that the running sketch was built with, if its files matter',
      blame: 'person',
    },
  };
}

/** The Updater writes the running mode into raw images from 2.4.2 on; a boot loader that inflates does not. */
function flashMode(image: Application, board: BoardFacts, compressed: boolean): Finding {
  if (image.kind !== 'esp8266-app' || board.flashMode === undefined) return undefined;
  const { flashMode: mode } = image.image;
  if (mode === board.flashMode) return undefined;
  if (!compressed && board.core !== undefined && atLeast(board.core, '2.4.2')) return undefined;
  const problem: Problem = {
    code: 'img-flash-mode-mismatch',
    what: `the firmware uses flash mode ${mode.toUpperCase()}, the board runs with ${board.flashMode.toUpperCase()}`,
    why: compressed
      ? 'in a compressed image the board cannot correct the mode, and a chip that is wired for another may start no more'
      : 'cores before 2.4.2 do not correct the mode, and a chip that is wired for another may start no more',
    fix: `build with flash mode ${board.flashMode.toUpperCase()}${compressed ? ', or send it uncompressed' : ''}`,
    blame: 'person',
  };
  return compressed ? { problem } : { warning: problem };
}
