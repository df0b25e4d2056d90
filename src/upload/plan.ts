/** Before a byte is sent: what the file is, whether it is for this board, whether it fits, and what exactly to send. */
import {
  type BoardFacts,
  compatible,
  type Fit,
  fit,
  gzipFor,
  type Identified,
  identify,
  inflatesGzip,
} from '#firmware/index.ts';
import { md5Hex, type Problem } from '#values/index.ts';

export type Command = 'sketch' | 'filesystem';

export interface Plan {
  /** The bytes that go over the wire. */
  readonly bytes: Uint8Array;
  readonly md5: string;
  readonly image: Identified;
  readonly compressed: boolean;
  readonly fit: Fit;
  /** Reasons not to send it. */
  readonly problems: readonly Problem[];
  /** Risks. */
  readonly warnings: readonly Problem[];
}

/** `compress`: true where the board inflates, false never, undefined: where that is known to be safe and saves something. */
export function plan(
  file: Uint8Array,
  command: Command,
  board: BoardFacts,
  compress?: boolean,
  image: Identified = identify(file),
): Plan {
  const packed = mayCompress(image, command, board, compress) ? gzipFor(file).bytes : undefined;
  const bytes = packed && packed.length < file.length ? packed : file;
  const compressed = bytes !== file;
  const asSent = compressed ? identify(bytes) : image;
  const { problems, warnings } = compatible(asSent, board, command);
  const space = fit(asSent, board, command);
  const refusals = space.verdict === 'does-not-fit' && space.problem ? [...problems, space.problem] : problems;
  let md5: string | undefined;
  return {
    bytes,
    // Only what is sent needs one; a refusal should not wait for it.
    get md5() {
      md5 ??= md5Hex(bytes);
      return md5;
    },
    image,
    compressed,
    fit: space,
    problems: unique(refusals),
    warnings: unique(warnings),
  };
}

/** eboot writes an inflated image as it is, flash mode included (the raw way patches that byte): so by itself only where the
 *  running sketch is known to use the same mode (esp8266/Arduino Updater.cpp, bootloaders/eboot @ 2.7.0). */
function mayCompress(image: Identified, command: Command, board: BoardFacts, wanted: boolean | undefined): boolean {
  if (wanted === false || command !== 'sketch' || image.kind !== 'esp8266-app' || image.signature) return false;
  if (board.family && board.family !== 'esp8266') return false;
  if (!board.core || !inflatesGzip(board.core)) return false;
  return wanted === true || board.flashMode === image.image.flashMode;
}

/** One sentence once, although two checks may come to it. */
const unique = (problems: readonly Problem[]): readonly Problem[] =>
  problems.filter((one, i) => problems.findIndex((other) => other.code === one.code) === i);

/** What a board runs once this image is on it, as far as the file tells. */
export function knowledgeFrom(image: Identified, plain: Uint8Array): BoardFacts & { readonly runningBuild?: string } {
  const app = image.kind === 'gzip' ? image.inside : image;
  const build = app.build === undefined ? {} : { runningBuild: app.build };
  switch (app.kind) {
    case 'esp8266-app': {
      const core = app.image.coreHint ?? app.image.ebootCores?.split('-')[0];
      return {
        family: 'esp8266',
        chip: 'esp8266',
        runningBytes: app.image.bytes,
        flashMode: app.image.flashMode,
        ...(core ? { core } : {}),
        ...build,
      };
    }
    case 'esp32-app':
      return { family: 'esp32', chip: app.image.chip, runningBytes: app.image.bytes, ...build };
    case 'rp2040-app':
      return {
        family: 'rp2040',
        chip: app.image.chip,
        runningBytes: plain.length,
        stagedBytes: plain.length,
        ...build,
      };
    default:
      return build;
  }
}
