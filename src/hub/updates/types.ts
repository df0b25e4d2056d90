/** What the rest of the hub asks of its updates, and what they ask of it. */
import type { Commands, Environment, World } from '#machine/index.ts';
import type { Asked, PullAnswer } from '#protocols/http-pull/index.ts';
import type { Millis, Result } from '#values/index.ts';
import type { FitAnswer, NewUpdates, OrderedUpdates, Update, UpdateDetail } from '../contract/index.ts';
import type { Devices } from '../devices.ts';
import type { Firmwares } from '../firmwares.ts';
import type { Live } from '../live.ts';
import type { Db } from '../store/open.ts';

/** What a board itself says of what it runs. */
export interface Words {
  /** As it names its build: Blynk's info, an announcement's TXT record. */
  readonly build?: string | undefined;
  /** MD5 of the running sketch, lower-case hex: the header of a board that asks for its update. */
  readonly md5?: string | undefined;
  /** What its sketch calls its version. */
  readonly version?: string | undefined;
}

/** An answer to a board that asks for its update. With a body, `ended` must be told how sending it ended. */
export interface PullReply extends PullAnswer {
  readonly body?: Uint8Array;
  ended?(whole: boolean): void;
}

export interface Updates {
  /** Checks each device, and queues what may work. Refused as a whole only when the firmware is missing. */
  order(wanted: NewUpdates, by: string): Promise<Result<OrderedUpdates>>;
  /** Newest first. */
  list(query: {
    readonly device?: string | undefined;
    readonly batch?: string | undefined;
    readonly after?: string | undefined;
    readonly limit?: number | undefined;
  }): Promise<{ items: Update[]; next?: string }>;
  get(id: string): Promise<UpdateDetail | undefined>;
  /** Problems: `hub-update-unknown`, `hub-update-too-late`. */
  cancel(id: string, by: string): Promise<Result<Update>>;
  /** Orders the same once more. Problems: as of `order`, and `hub-update-unknown`, `hub-update-not-over`. */
  retry(id: string, by: string): Promise<Result<Update>>;
  /** Orders the firmware that was confirmed before the one that runs. Problems: also `hub-nothing-before`. */
  rollback(device: string, by: string): Promise<Result<Update>>;
  fits(firmware: string, devices: readonly string[]): Promise<Result<FitAnswer[]>>;
  /** An update of this device is being sent, or the device restarts for one: silence of it is no absence. */
  underWay(device: string): boolean;
  /** The board is there, and may have said what it runs. Gateways call this for each login, announcement and question. */
  heard(device: string, words?: Words): void;
  /** A board asks for its update. `wanted`: digest of the credentials that are asked for, as `answerPull` takes it. */
  pull(device: string | undefined, asked: Asked, wanted?: string): Promise<PullReply>;
  /** The address that a Blynk `ota` message named; undefined: no such address, or no longer. */
  fetch(path: string, method: string): Promise<PullReply | undefined>;
  /** Drops what nobody reads any more; called now and then. */
  tidy(): Promise<void>;
  /** Waits for what is under way to be written down, and ends the transfers. */
  close(): Promise<void>;
}

/** How an `ota` message got on: `cannot` is a board that does not know it (library before 0.4.4). */
export type OtaSent = 'sent' | 'not-connected' | 'cannot';

export interface UpdatesSetting {
  readonly db: Db;
  readonly devices: Devices;
  readonly firmwares: Firmwares;
  readonly live: Live;
  readonly world: World;
  /** For the diagnosis of a failed one; absent: only what the transfer showed is weighed. */
  readonly host?: { readonly commands: Commands; readonly environment: Environment };
  /** Sends Blynk's `ota` message. The path is to be completed with the hub's address as that device sees it. */
  readonly sendOta?: (device: string, path: string) => Promise<OtaSent>;
  readonly audit?: (who: string, what: string, whom: string, detail?: string) => void;
  /** What the log of the hub should know: a disk that is full, a database that is locked. */
  readonly trouble?: (what: string) => void;
  /** An update came to an end. */
  readonly ended?: (update: Update) => void;
  /** Transfers at a time; default 16. */
  readonly parallel?: number;
  /** Port of this computer that boards call back, where a firewall lets only one through; default: any. */
  readonly hostPort?: number | undefined;
  readonly patience?: Partial<Patience>;
}

/** How long is waited for what; tests with quick boards say less. */
export interface Patience {
  /** For a board to come back from its restart. */
  readonly back: Millis;
  /** For a board that is back, and usually says what it runs, to say it. */
  readonly words: Millis;
  /** Between two calls to a board that sleeps or is away, at first and at most. */
  readonly retry: Millis;
  readonly retryMost: Millis;
  /** For a board to come at all. */
  readonly asleep: Millis;
  /** For a Blynk board to fetch what it was told of. */
  readonly fetch: Millis;
}
