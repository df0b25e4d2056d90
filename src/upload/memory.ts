/** What is remembered of each board: what it is, what was sent to it, when, and how that ended. One JSON file a board, so
 *  that uploads side by side don't overwrite each other's memory. */
import type { BoardFacts } from '#firmware/index.ts';
import type { Files } from '#machine/index.ts';
import type { AttemptEnding, Recorded } from '#transcript/index.ts';
import { ascii, md5Hex } from '#values/index.ts';

/** What is known of a board, most of it from earlier uploads. Unknown is absent. */
export interface Knowledge extends BoardFacts {
  readonly runningMd5?: string | undefined;
  readonly runningBuild?: string | undefined;
}

export interface RememberedAttempt {
  /** Milliseconds since 1970. */
  readonly began: number;
  readonly file: string;
  readonly what: string;
  readonly bytes: number;
  readonly md5: string;
  readonly command: 'sketch' | 'filesystem';
  readonly ending: AttemptEnding;
  readonly events: readonly Recorded[];
}

export interface RememberedBoard {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly mac?: string;
  readonly knowledge: Knowledge;
  /** Oldest first. */
  readonly attempts: readonly RememberedAttempt[];
}

/** Attempts kept a board; transcripts are kept of the newest few. */
const attemptsKept = 50;
const transcriptsKept = 5;

export interface Memory {
  find(target: {
    readonly name?: string;
    readonly address?: string;
    readonly mac?: string;
  }): Promise<RememberedBoard | undefined>;
  all(): Promise<readonly RememberedBoard[]>;
  keep(board: Omit<RememberedBoard, 'attempts'>, attempt: RememberedAttempt): Promise<void>;
  /** False when nothing was known. */
  forget(target: string): Promise<boolean>;
}

export function memoryIn(files: Files, folder: string): Memory {
  /** Readable, and safe whatever the name holds. */
  const path = (name: string) => {
    const plain = plainName(name);
    return `${folder}/${plain.replace(/[^a-z0-9]+/g, '-').slice(0, 40)}-${md5Hex(plain).slice(0, 8)}.json`;
  };

  async function all(): Promise<readonly RememberedBoard[]> {
    const names = (await files.list(folder)).filter((name) => name.endsWith('.json')).sort();
    const boards = await Promise.all(names.map(async (name) => parseBoard(await files.read(`${folder}/${name}`))));
    return boards.filter((board) => board !== undefined);
  }

  async function find(target: { name?: string; address?: string; mac?: string }): Promise<RememberedBoard | undefined> {
    const boards = await all();
    const name = target.name && plainName(target.name);
    return (
      boards.find((board) => target.mac && board.mac === target.mac) ??
      boards.find((board) => name && plainName(board.name) === name) ??
      boards.find((board) => target.address && board.address === target.address && !target.name)
    );
  }

  return {
    all,
    find,
    async keep(board, attempt) {
      const before = await find({ name: board.name, ...(board.mac ? { mac: board.mac } : {}) });
      const attempts = [...(before?.attempts ?? []), attempt].slice(-attemptsKept);
      const trimmed = attempts.map((one, i) => (i < attempts.length - transcriptsKept ? { ...one, events: [] } : one));
      await files.write(path(board.name), ascii(`${JSON.stringify({ ...board, attempts: trimmed }, null, 1)}\n`), {
        mode: 0o600,
      });
      if (before && path(before.name) !== path(board.name)) await files.remove(path(before.name));
    },
    async forget(target) {
      const board =
        (await find({ name: target })) ?? (await find({ address: target })) ?? (await find({ mac: target }));
      if (!board) return false;
      await files.remove(path(board.name));
      return true;
    },
  };
}

/** `Kitchen.local.` and `kitchen` are one board. */
export const plainName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/\.?$/, '')
    .replace(/\.local$/, '');

/** A damaged memory is no memory: the next upload writes a new one. */
function parseBoard(bytes: Uint8Array | undefined): RememberedBoard | undefined {
  if (!bytes) return undefined;
  try {
    const { name, address, port, mac, knowledge, attempts } = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof name !== 'string' || typeof address !== 'string' || !Number.isInteger(port) || !Array.isArray(attempts))
      return undefined;
    return {
      name,
      address,
      port,
      ...(typeof mac === 'string' ? { mac } : {}),
      knowledge: typeof knowledge === 'object' && knowledge !== null ? knowledge : {},
      attempts: attempts.filter(isAttempt),
    };
  } catch {
    return undefined;
  }
}

const isAttempt = (value: Partial<RememberedAttempt> | null): value is RememberedAttempt =>
  typeof value?.began === 'number' && typeof value.ending?.kind === 'string' && Array.isArray(value.events);
