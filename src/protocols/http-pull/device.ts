/** The device half: what the update clients of the released cores ask, and what they make of an answer. Sources:
 *  esp8266/Arduino 2.0.0-3.1.2 ESP8266httpUpdate.cpp, arduino-esp32 HTTPUpdate.cpp. */
import { ascii, text } from '#values/index.ts';
import type { PullFamily } from './wire.ts';

export interface PullClient {
  readonly family: PullFamily;
  /** "2.3.0" */
  readonly core: string;
  readonly mac: string;
  readonly freeSpace: number;
  readonly sketchBytes: number;
  readonly flashBytes: number;
  readonly sketchMd5: string;
  readonly sdk: string;
  readonly chipId?: number;
  readonly mode?: 'sketch' | 'spiffs';
  readonly version?: string;
}

/** -1..-11 of the HTTP client, -100..-109 of the update client; undefined where the core has no codes (2.0.0). */
export type PullVerdict =
  | { readonly kind: 'flash'; readonly bytes: number; readonly md5?: string }
  | { readonly kind: 'no-update' }
  | { readonly kind: 'failed'; readonly code: number | undefined; readonly text: string };

const atLeast = (core: string, wanted: string): boolean => {
  const [have, want] = [core, wanted].map((each) => each.split('.').map(Number));
  for (let i = 0; i < 3; i++) {
    const difference = (have![i] || 0) - (want![i] || 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
};

/** The request as it goes over the wire: HTTP/1.0 on purpose, so that no server answers in chunks. `authorization`: `Basic …`. */
export function printPullRequest(client: PullClient, path: string, host: string, authorization?: string): Uint8Array {
  const { family, core, mac } = client;
  const since = (version: string): boolean => family === 'esp32' || atLeast(core, version);
  const prefix = family === 'esp8266' ? 'x-ESP8266-' : 'x-ESP32-';
  const own: readonly (readonly [string, string | number | undefined, boolean?])[] = [
    ['Chip-ID', client.chipId, family === 'esp8266' && since('2.6.0')],
    ['STA-MAC', mac.toUpperCase()],
    ['AP-MAC', mac.toUpperCase()],
    ['free-space', client.freeSpace],
    ['sketch-size', client.sketchBytes],
    ['sketch-md5', client.sketchMd5, since('2.4.0')],
    ['chip-size', client.flashBytes],
    ['sdk-version', client.sdk],
    ['mode', client.mode ?? 'sketch', since('2.1.0')],
    ['version', client.version],
  ];
  const lines = [
    `GET ${path} HTTP/1.0`,
    `Host: ${host}`,
    `User-Agent: ${family === 'esp8266' ? 'ESP8266' : 'ESP32'}-http-Update`,
    'Connection: close',
    ...(authorization === undefined ? [] : [`Authorization: ${authorization}`]),
    ...(family === 'esp32' ? ['Cache-Control: no-cache'] : []),
    ...own.flatMap(([name, value, there = true]) =>
      there && value !== undefined ? [`${prefix}${name}: ${value}`] : [],
    ),
  ];
  return ascii(`${lines.join('\r\n')}\r\n\r\n`);
}

const longestHead = 8192;

/** The head of an answer, once it is whole: status, headers in lower case, and where the body begins. Undefined: not yet,
 *  'garbage' when it is none. */
export function readPullAnswer(
  bytes: Uint8Array,
):
  | { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: number }
  | 'garbage'
  | undefined {
  const head = text(bytes.subarray(0, longestHead));
  const end = head.indexOf('\r\n\r\n');
  if (end === -1) return bytes.length >= longestHead || !'HTTP/1.'.startsWith(head.slice(0, 7)) ? 'garbage' : undefined;
  const [first = '', ...lines] = head.slice(0, end).split('\r\n');
  const status = /^HTTP\/1\.\d (\d{3})\b/.exec(first)?.[1];
  if (status === undefined) return 'garbage';
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { status: Number(status), headers, body: end + 4 };
}

/** What the update client makes of status and headers, before it reads the body. */
export function judgePullAnswer(
  client: PullClient,
  { status, headers }: { readonly status: number; readonly headers: Readonly<Record<string, string>> },
): PullVerdict {
  if (status === 304) return { kind: 'no-update' };
  if (status !== 200) return failed(client, codeOfStatus(client, status));
  const length = headers['transfer-encoding'] ? Number.NaN : Number(headers['content-length']);
  if (!(length > 0)) return failed(client, -101);
  if ((client.mode ?? 'sketch') === 'sketch' && length > client.freeSpace) return failed(client, -100);
  const md5 = headers['x-md5'];
  if (md5 !== undefined && md5.length !== 32) return failed(client, -105);
  return { kind: 'flash', bytes: length, ...(md5 === undefined ? {} : { md5 }) };
}

/** The first byte of a sketch: 0xE9, and 0x1F (gzip) on an ESP8266 from 2.7.0 on; -106 otherwise. */
export function judgeFirstByte(client: PullClient, first: number): PullVerdict | undefined {
  if ((client.mode ?? 'sketch') !== 'sketch' || first === 0xe9) return undefined;
  if (first === 0x1f && client.family === 'esp8266' && atLeast(client.core, '2.7.0')) return undefined;
  return failed(client, -106);
}

function codeOfStatus({ family, core }: PullClient, status: number): number {
  if (status === 404) return -102;
  if (status === 403) return -103;
  if (status === 401 && family === 'esp8266' && atLeast(core, '3.0.0')) return -108;
  return -104;
}

const failed = (client: PullClient, code: number): PullVerdict => ({
  kind: 'failed',
  code: client.family === 'esp8266' && !atLeast(client.core, '2.1.0') ? undefined : code,
  text: pullErrorText(client.family, client.core, code),
});

const texts: Readonly<Record<number, string>> = {
  [-100]: 'Not Enough space',
  [-101]: 'Server Did Not Report Size',
  [-102]: 'File Not Found (404)',
  [-103]: 'Forbidden (403)',
  [-104]: 'Wrong HTTP Code',
  [-105]: 'Wrong MD5',
  [-106]: 'Verify Bin Header Failed',
  [-107]: 'New Binary Does Not Fit Flash Size',
};
const textsBefore240: Readonly<Record<number, string>> = {
  [-100]: 'To less space',
  [-101]: 'Server not Report Size',
  [-102]: 'File not Found (404)',
  [-103]: 'Forbidden (403)',
  [-104]: 'Wrong HTTP code',
  [-105]: 'Faulty MD5',
  [-106]: 'Verify bin header failed',
  [-107]: 'bin for wrong flash size',
};

/** What `getLastErrorString()` gives for a code of the update client. -108 means two things. */
export function pullErrorText(family: PullFamily, core: string, code: number): string {
  if (code === -108) return family === 'esp8266' ? 'Unauthorized (401)' : 'Partition Could Not be Found';
  const old = family === 'esp8266' && !atLeast(core, '2.4.0');
  return (old ? textsBefore240 : texts)[code] ?? '';
}
