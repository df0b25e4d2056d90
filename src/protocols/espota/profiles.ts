/** How the released cores differ on the wire. One row a generation; every other release behaves as the nearest older row,
 *  except where the list of changes says more. Sources: ArduinoOTA.cpp and Updater.cpp of esp8266/Arduino 2.0.0 to 3.1.2,
 *  arduino-esp32 1.0.0 to 3.3 and arduino-pico 2.4.0 to 6.0.0. */
import { type Millis, millis, seconds } from '#values/index.ts';
import { atLeastCore, compareCores, type Family, isCore } from './cores.ts';
import type { ParserRules } from './wire.ts';

export interface Profile {
  readonly family: Family;
  readonly core: string;
  /** Datagrams are worked on in the network callback, also while loop() blocks; else one a handle(). */
  readonly udpInCallback: boolean;
  /** OK is said before Update.begin() has looked at size and space. */
  readonly okBeforeBegin: boolean;
  /** A refused begin() is told by datagram. */
  readonly errReply: boolean;
  readonly replyPort: 'packet' | 'invitation';
  readonly nonceLength: 32 | 64;
  readonly parser: ParserRules;
  /** An empty password means none (esp8266/Arduino up to 2.3.0). */
  readonly emptyPasswordIsNone: boolean;
  readonly digestCaseSensitive: boolean;
  /** Failed erases are reported as failed writes (esp8266/Arduino up to 2.4.0). */
  readonly eraseErrorIs: 'flash-write' | 'flash-erase';
  /** Silence of the host: wait for ever, or repeat the last number three times and give up. */
  readonly stall: 'hang' | 'repeat-and-abort';
  /** Most bytes taken in one read: a flash sector, or one segment. */
  readonly readMost: number;
  /** Everything readable is taken before a number is printed. */
  readonly drains: boolean;
  /** Each number waits for the host's TCP to acknowledge it (esp8266/Arduino up to 2.3.0). */
  readonly printBlocks: boolean;
  /** A FIN of the host: the stack aborts, or reading goes on and nothing can be said any more. */
  readonly onHostEnd: 'abort' | 'mute';
  /** Pauses around the last OK, and from the end to the restart. */
  readonly okDelay: Millis;
  readonly afterOk: Millis;
  readonly restartAfter: Millis;
  /** Undefined: the stack's SYN retries alone. */
  readonly connectTimeout?: Millis | undefined;
  readonly closesSockets: boolean;
  readonly gzip: boolean;
  readonly signatures: 'no' | 'legacy' | 'pkcs1' | 'block-512';
  /** The file system is mounted before begin(), and its absence is told as `No Filesystem` (arduino-pico from 2.4.1). */
  readonly needsFileSystem: boolean;
}

const esp8266: Omit<Profile, 'core'> = {
  family: 'esp8266',
  udpInCallback: true,
  okBeforeBegin: true,
  errReply: false,
  replyPort: 'packet',
  nonceLength: 32,
  parser: { digitLimit: 16, stopsAtEnd: false },
  emptyPasswordIsNone: true,
  digestCaseSensitive: true,
  eraseErrorIs: 'flash-write',
  stall: 'hang',
  readMost: 4096,
  drains: true,
  printBlocks: true,
  onHostEnd: 'abort',
  okDelay: millis(0),
  afterOk: millis(0),
  restartAfter: millis(10),
  closesSockets: true,
  gzip: false,
  signatures: 'no',
  needsFileSystem: false,
};

const esp32: Omit<Profile, 'core'> = {
  ...esp8266,
  family: 'esp32',
  udpInCallback: false,
  parser: { digitLimit: 15, stopsAtEnd: true },
  emptyPasswordIsNone: false,
  eraseErrorIs: 'flash-erase',
  stall: 'repeat-and-abort',
  readMost: 1460,
  drains: false,
  printBlocks: false,
  restartAfter: millis(110),
  closesSockets: false,
};

const rp2040: Omit<Profile, 'core'> = {
  ...esp8266,
  family: 'rp2040',
  okBeforeBegin: false,
  errReply: true,
  replyPort: 'invitation',
  parser: { digitLimit: 16, stopsAtEnd: true },
  emptyPasswordIsNone: false,
  digestCaseSensitive: false,
  eraseErrorIs: 'flash-erase',
  printBlocks: false,
  onHostEnd: 'mute',
  okDelay: seconds(1),
  afterOk: seconds(1),
  restartAfter: millis(100),
  connectTimeout: seconds(5),
  closesSockets: false,
  gzip: true,
  signatures: 'pkcs1',
};

const first: Readonly<Record<Family, Profile>> = {
  esp8266: { ...esp8266, core: '2.0.0' },
  esp32: { ...esp32, core: '1.0.0' },
  rp2040: { ...rp2040, core: '2.4.0' },
};

/** What changed, and when. */
const changes: readonly (readonly [Family, since: string, Partial<Profile>])[] = [
  [
    'esp8266',
    '2.4.0',
    {
      okBeforeBegin: false,
      errReply: true,
      replyPort: 'invitation',
      emptyPasswordIsNone: false,
      printBlocks: false,
      onHostEnd: 'mute',
      connectTimeout: seconds(5),
      restartAfter: millis(110),
    },
  ],
  ['esp8266', '2.4.1', { parser: { digitLimit: 16, stopsAtEnd: true }, eraseErrorIs: 'flash-erase' }],
  ['esp8266', '2.5.0', { digestCaseSensitive: false, signatures: 'legacy' }],
  ['esp8266', '2.6.0', { signatures: 'pkcs1', restartAfter: millis(1100) }],
  ['esp8266', '2.7.0', { gzip: true, okDelay: seconds(1), afterOk: seconds(1), restartAfter: millis(100) }],
  ['esp8266', '3.1.0', { closesSockets: false }],
  ['esp32', '2.0.0', { connectTimeout: seconds(3) }],
  ['esp32', '3.0.0', { digestCaseSensitive: false }],
  ['esp32', '3.3.0', { signatures: 'block-512' }],
  ['esp32', '3.3.1', { nonceLength: 64 }],
  ['rp2040', '2.4.1', { needsFileSystem: true }],
];

/** The releases that every test of the two halves goes through. */
export const profileIds = [
  'esp8266@2.0.0',
  'esp8266@2.3.0',
  'esp8266@2.4.0',
  'esp8266@2.5.2',
  'esp8266@2.6.3',
  'esp8266@2.7.4',
  'esp8266@3.0.2',
  'esp8266@3.1.2',
  'esp32@1.0.4',
  'esp32@3.2.0',
  'esp32@3.3.1',
  'rp2040@2.4.0',
  'rp2040@6.0.0',
] as const;

/** `esp8266@2.7.4`, `pico@6.0.0`; undefined when it names no family or no version. */
export function profileOf(id: string): Profile | undefined {
  const [name = '', core = '', more] = id.split('@');
  const family = name === 'pico' ? 'rp2040' : name;
  if (!Object.hasOwn(first, family) || !isCore(core) || more !== undefined) return undefined;
  const oldest = first[family as Family];
  const since = changes.filter(([of, from]) => of === family && atLeastCore(core, from)).map(([, , change]) => change);
  return Object.assign({}, oldest, { core: compareCores(core, oldest.core) < 0 ? oldest.core : core }, ...since);
}
