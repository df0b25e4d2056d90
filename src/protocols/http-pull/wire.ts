/** What a board says of itself when it asks for an update, read from and written as HTTP headers. Sources:
 *  esp8266/Arduino 2.0.0-3.1.2 ESP8266httpUpdate.cpp, arduino-esp32 HTTPUpdate.cpp. */

export type PullFamily = 'esp8266' | 'esp32';

export interface PullRequest {
  readonly family: PullFamily;
  /** What it wants; cores before 2.1.0 do not say and mean the sketch. Newer ESP32 cores name each file system. */
  readonly mode: 'sketch' | 'filesystem';
  /** Lower case with colons. */
  readonly mac?: string;
  /** Bytes that the board counts as free for the update. */
  readonly freeSpace?: number;
  readonly sketchBytes?: number;
  readonly flashBytes?: number;
  /** MD5 of the running sketch as it lies in the flash, lower-case hex. */
  readonly sketchMd5?: string;
  readonly sdk?: string;
  /** Only where the sketch passes one. */
  readonly version?: string;
}

/** Header names in lower case, as Node and the Fetch standard give them. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

const longestWord = 200;

/** Undefined: who asks is no board's update client. Fields that make no sense are left out. */
export function readPullRequest(headers: Headers): PullRequest | undefined {
  const families: readonly PullFamily[] = ['esp8266', 'esp32'];
  const family = families.find(
    (each) =>
      single(headers['user-agent'])?.toLowerCase() === `${each}-http-update` ||
      single(headers[`x-${each}-sta-mac`]) !== undefined,
  );
  if (!family) return undefined;
  const field = (name: string): string | undefined => single(headers[`x-${family}-${name}`]);
  const mode = field('mode')?.toLowerCase();
  return {
    family,
    mode: mode === undefined || mode === 'sketch' ? 'sketch' : 'filesystem',
    ...said('mac', macOf(field('sta-mac'))),
    ...said('freeSpace', bytesOf(field('free-space'))),
    ...said('sketchBytes', bytesOf(field('sketch-size'))),
    ...said('flashBytes', bytesOf(field('chip-size'))),
    ...said('sketchMd5', md5Of(field('sketch-md5'))),
    ...said('sdk', wordOf(field('sdk-version'))),
    ...said('version', wordOf(field('version'))),
  };
}

const single = (value: Headers[string]): string | undefined => (typeof value === 'string' ? value.trim() : value?.[0]);

const said = <K extends string, V>(name: K, value: V | undefined): { [key in K]?: V } =>
  (value === undefined ? {} : { [name]: value }) as { [key in K]?: V };

const bytesOf = (word: string | undefined): number | undefined =>
  word !== undefined && /^\d{1,10}$/.test(word) ? Number(word) : undefined;
const md5Of = (word: string | undefined): string | undefined =>
  word !== undefined && /^[0-9a-f]{32}$/i.test(word) ? word.toLowerCase() : undefined;
const wordOf = (word: string | undefined): string | undefined =>
  word !== undefined && word.length <= longestWord && /^[\x20-\x7e]+$/.test(word) ? word : undefined;

export function macOf(word: string | undefined): string | undefined {
  const digits = word !== undefined && word.length <= 17 ? word.replace(/[:-]/g, '').toLowerCase() : '';
  return /^[0-9a-f]{12}$/.test(digits) ? digits.match(/../g)!.join(':') : undefined;
}
