/** The server half: a request in, an answer out. Opens nothing and keeps nothing; `whyota serve` and the hub mount it. */
import { ascii, sha256Hex } from '#values/index.ts';
import { type Headers, type PullRequest, readPullRequest } from './wire.ts';

/** An image that is on offer. */
export interface Offer {
  readonly id: string;
  readonly bytes: number;
  /** Of the file as sent, lower-case hex. */
  readonly md5: string;
  /** Of the sketch as it lies in the flash, where that differs from the file: gzip, signed. */
  readonly innerMd5?: string;
  readonly mode: PullRequest['mode'];
  readonly family?: PullRequest['family'];
  /** As the sketch passes it to the update client. */
  readonly version?: string;
  /** Boards that it is for; absent: for all. One match is enough. */
  readonly for?: {
    readonly macs?: readonly string[];
    readonly tokens?: readonly string[];
    readonly groups?: readonly string[];
  };
}

export interface Asked {
  readonly method: string;
  readonly headers: Headers;
  /** From the address that the board called, as the server routes it. */
  readonly token?: string;
  /** Groups that the board is in, as the server knows it. */
  readonly groups?: readonly string[];
}

export type Outcome =
  | 'update'
  | 'current'
  | 'not-a-board'
  | 'not-for-it'
  | 'wrong-family'
  | 'too-large'
  | 'unauthorized'
  | 'wrong-method';

export interface PullAnswer {
  readonly status: 200 | 304 | 401 | 403 | 404 | 405;
  readonly headers: Readonly<Record<string, string>>;
  readonly outcome: Outcome;
  /** The offer whose bytes are the body of a 200. */
  readonly offer?: Offer;
  /** What the board said of itself. */
  readonly request?: PullRequest;
  /** Body of every answer but 200 and 304, for people who look. */
  readonly text?: string;
}

/** SHA-256 (hex) of `user:password`, so that no password lies about and comparing takes the same time for every guess. */
export const credentials = (user: string, password: string): string => sha256Hex(`${user}:${password}`);

/** The answer to one request. The first offer meant for this board wins; one that names it goes before one for all. */
export function answerPull(asked: Asked, offers: readonly Offer[], wanted?: string): PullAnswer {
  if (asked.method !== 'GET' && asked.method !== 'HEAD')
    return refuse(405, 'wrong-method', 'only GET is answered here', undefined, { allow: 'GET, HEAD' });
  const request = readPullRequest(asked.headers);
  if (wanted !== undefined && given(asked.headers) !== wanted)
    return refuse(401, 'unauthorized', 'user name and password are wrong or missing', request, {
      'www-authenticate': 'Basic realm="WhyOTA"',
    });
  if (!request)
    return refuse(403, 'not-a-board', 'this address answers boards that look for an update, and you are none');
  const meant = offers.filter((offer) => offer.mode === request.mode && isFor(offer, request, asked));
  const ours = meant.filter(({ family }) => family === undefined || family === request.family);
  const offer = ours.find((each) => each.for) ?? ours[0];
  if (!offer)
    return meant.length
      ? refuse(404, 'wrong-family', `there is no update for an ${request.family.toUpperCase()} here`, request)
      : refuse(404, 'not-for-it', 'there is no update for this board', request);
  if (isCurrent(offer, request)) return { status: 304, headers: {}, outcome: 'current', offer, request };
  // The board reads the length, and says itself that it has not the space (-100): no other answer would tell it so.
  const tooLarge = offer.mode === 'sketch' && request.freeSpace !== undefined && offer.bytes > request.freeSpace;
  return {
    status: 200,
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(offer.bytes),
      'x-md5': offer.md5,
      connection: 'close',
    },
    outcome: tooLarge ? 'too-large' : 'update',
    offer,
    request,
  };
}

function isFor({ for: whom }: Offer, { mac }: PullRequest, { token, groups = [] }: Asked): boolean {
  if (!whom) return true;
  return (
    (mac !== undefined && whom.macs?.includes(mac) === true) ||
    (token !== undefined && whom.tokens?.includes(token) === true) ||
    groups.some((group) => whom.groups?.includes(group))
  );
}

/** A file system is no sketch: the board's MD5 and version say nothing of it unless the sketch passes its version. */
const isCurrent = (offer: Offer, { sketchMd5, version }: PullRequest): boolean =>
  (offer.version !== undefined && version === offer.version) ||
  (offer.mode === 'sketch' && sketchMd5 !== undefined && (sketchMd5 === offer.md5 || sketchMd5 === offer.innerMd5));

function refuse(
  status: 401 | 403 | 404 | 405,
  outcome: Outcome,
  text: string,
  request?: PullRequest,
  more: Readonly<Record<string, string>> = {},
): PullAnswer {
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': String(ascii(text).length + 1),
    connection: 'close',
    ...more,
  };
  return { status, headers, outcome, text: `${text}\n`, ...(request ? { request } : {}) };
}

/** Digest of the user name and password that came with the request. */
function given(headers: Headers): string | undefined {
  const { authorization } = headers;
  const [, word] =
    /^Basic +([A-Za-z0-9+/]{1,1000}={0,2})$/i.exec(typeof authorization === 'string' ? authorization : '') ?? [];
  return word === undefined ? undefined : sha256Hex(fromBase64(word));
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function fromBase64(word: string): Uint8Array {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const letter of word.replace(/=+$/, '')) {
    held = ((held << 6) | alphabet.indexOf(letter)) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 0xff);
  }
  return Uint8Array.from(bytes);
}
