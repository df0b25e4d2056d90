/** What devices said and what became of them, a line each. Written down together, a moment later: many come at once, and an SD
 *  card counts its writes. */
import { type Insertable, sql, type Transaction } from 'kysely';
import type { LogLine } from './contract/index.ts';
import type { Live } from './live.ts';
import type { Db } from './store/open.ts';
import type { DeviceLogRow, Tables } from './store/schema.ts';

export interface DeviceLog {
  add(device: string, kind: LogLine['kind'], text: string): Promise<void>;
  /** The newest first, older than the line `before`. */
  of(device: string, before: number | undefined, limit: number): Promise<LogLine[]>;
  flush(): Promise<void>;
}

export interface DeviceLogSetting {
  readonly db: Db;
  readonly live: Live;
  readonly wall: () => number;
  /** Told of each line, as it is kept. */
  readonly logged?: ((device: string, kind: LogLine['kind'], text: string) => void) | undefined;
}

/** A line from a board is kept this long at most. */
const longestText = 500;
const linesKept = 1000;
const writeAfter = 2000;
const linesTogether = 200;
/** While the disk can't be written to, the newest wait. */
const mostWaiting = 20_000;

export function openDeviceLog({ db, live, wall, logged }: DeviceLogSetting): DeviceLog {
  const waiting: Insertable<DeviceLogRow>[] = [];
  let firstId: Promise<number> | undefined;
  let count = 0;
  let writing: NodeJS.Timeout | undefined;

  const flush = async (): Promise<void> => {
    clearTimeout(writing);
    writing = undefined;
    // In small transactions: when ten thousand come back at once, others want the database too.
    while (waiting.length > 0) {
      const lines = waiting.splice(0, linesTogether);
      try {
        await db.transaction().execute(async (step) => {
          for (const line of lines) await write(step, line);
        });
      } catch (error) {
        const room = mostWaiting - waiting.length;
        if (room > 0) waiting.unshift(...lines.slice(-room));
        throw error;
      }
    }
  };
  const write = async (step: Transaction<Tables>, line: Insertable<DeviceLogRow>): Promise<void> => {
    const { id, device, at, kind, text } = line;
    // A device that was forgotten meanwhile has no log any more.
    await sql`insert into device_log (id, device, at, kind, text) select ${id}, ${device}, ${at}, ${kind}, ${text}
      where exists (select 1 from devices where id = ${device})`.execute(step);
    if (Number(id) % 100 !== 0) return;
    await step
      .deleteFrom('device_log')
      .where('device', '=', device)
      .where('id', 'not in', (q) =>
        q.selectFrom('device_log').select('id').where('device', '=', device).orderBy('id', 'desc').limit(linesKept),
      )
      .execute();
  };

  return {
    async add(device, kind, text) {
      firstId ??= db
        .selectFrom('device_log')
        .select(({ fn }) => fn.max('id').as('newest'))
        .executeTakeFirstOrThrow()
        .then(({ newest }) => (newest ?? 0) + 1);
      const first = await firstId;
      const line = { id: first + count++, device, at: wall(), kind, text: plainText(text) };
      waiting.push(line);
      live.tell({ kind: 'log', device, line: { id: line.id, at: line.at, kind, text: line.text } });
      logged?.(device, kind, line.text);
      writing ??= setTimeout(() => void flush().catch(() => {}), writeAfter).unref();
    },
    async of(device, before, limit) {
      await flush();
      const found = await db
        .selectFrom('device_log')
        .select(['id', 'at', 'kind', 'text'])
        .where('device', '=', device)
        .$if(before !== undefined, (q) => q.where('id', '<', before!))
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return found as LogLine[];
    },
    flush,
  };
}

/** Text from a board: bounded, without control characters. It is shown as text, never as HTML. */
export const plainText = (text: string): string =>
  text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, ' ').slice(0, longestText);
