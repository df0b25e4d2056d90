import type { Fact, FactValue } from '#values/facts.ts';
import { BootLog } from './boot.ts';
import { crashIn, placeIn } from './crash.ts';
import { errorKindOf } from './device-errors.ts';
import { takePull } from './http.ts';
import { Notes, type Noticed } from './notes.ts';
import { type Line, linesOf } from './paste.ts';
import { is, type Sign, takeSigns } from './signs.ts';

/** What a serial log told. */
export interface SerialReading {
  readonly facts: readonly Fact[];
  /** What happened on the board, in the order of the log. */
  readonly events: readonly Noticed[];
}

/** Reads what a board printed: boot ROM, eboot, ESP32 loader, crashes, the OTA library, the updater, the sketch itself. */
export function readSerial(text: string): SerialReading {
  const notes = new Notes();
  readSerialLines(linesOf(text), notes);
  return { facts: notes.facts, events: notes.seen };
}

/** Says what serial lines tell; gives back how many of them only a board prints. */
export function readSerialLines(all: readonly Line[], notes: Notes): number {
  const lines = all.filter(({ code }) => !code);
  const boot = new BootLog();
  const library = new OtaLibrary();
  const sketch = new SketchSigns();
  let own = 0;
  let crash: FactValue<'serial.crash'> | undefined;
  for (const [index, line] of lines.entries()) {
    const near = lines.slice(index, index + 12).map(({ text }) => text);
    const found = crashIn(line.text, near);
    if (found) {
      crash = crash === undefined || crash === 'other' ? found : crash;
      notes.notice(line.number, `it crashed: ${found.replaceAll('-', ' ')}`);
    }
    const place = placeIn(line.text);
    if (place && !notes.has('serial.crash-place')) notes.say('serial.crash-place', place, 'serial');
    const took = [
      found !== undefined,
      boot.take(line, notes),
      library.take(line, notes),
      takeUpdater(line, notes),
      takeSigns(boardSigns, line, notes, 'serial'),
    ].some(Boolean);
    if (took) own++;
    sketch.take(line, notes);
  }
  if (crash) notes.say('serial.crash', crash, 'serial');
  boot.say(notes);
  library.say(notes);
  // Prints of a sketch are everyday words: they count only in a log that a board has signed.
  if (own > 0 || sketch.signed) sketch.say(notes);
  if (boot.boots > 2) notes.notice(lines.at(-1)?.number ?? 0, `it started ${boot.boots} times`);
  if (boot.boots > 2 && notes.get('serial.eboot') === 'copied') notes.infer('after.restart', 'cycles', 'serial');
  return own;
}

const libraryErrors = ['auth', 'begin', 'connect', 'receive', 'end'] as const;
const errorWords = /^\W{0,3}(Auth|Begin|Connect|Receive|End) Failed\W{0,3}$/i;

/** What the OTA library's callbacks print, as the examples write them. */
class OtaLibrary {
  #first: (typeof libraryErrors)[number] | undefined;
  #started = false;
  #percent: number | undefined;
  #done = false;

  take({ text, number }: Line, notes: Notes): boolean {
    // `Error[n]` of the library, never `ERROR[n]` of the updater.
    const code = /(?:^|[^A-Z[])Error\s?\[\s?([0-4])\s?\]/.exec(text)?.[1];
    const words = errorWords.exec(text)?.[1]?.toLowerCase() as (typeof libraryErrors)[number] | undefined;
    const name = /\bOTA_(AUTH|BEGIN|CONNECT|RECEIVE|END)_ERROR\b/.exec(text)?.[1]?.toLowerCase();
    const error = code ? libraryErrors[Number(code)] : (words ?? (name as typeof words));
    if (error) {
      this.#first ??= error;
      notes.notice(number, `the OTA library: ${error} failed`);
      return true;
    }
    if (
      /^(?:\W{0,3}Start(?:ing)?\W{0,3}|(?:OTA )?Start(?:ed|ing)? (?:updating|OTA|update)\b.{0,30}|OTA start(?:ed|ing)?\b.{0,10}|(?:OTA )?Update Start(?:ed)?\W{0,3})$/i.test(
        text,
      )
    ) {
      this.#started = true;
      notes.notice(number, 'the OTA library: the update starts');
      return true;
    }
    const percents = [...text.slice(-300).matchAll(/\b(?:OTA )?Progress\s?:\s?(\d{1,3})(?:\.\d)?\s?%/gi)];
    const percent = percents.at(-1)?.[1];
    if (percent) {
      this.#started = true;
      this.#percent = Math.min(100, Number(percent));
      return true;
    }
    if (/^(?:OTA )?(?:End|Update (?:complete|finished|success\w*))\W{0,3}$/i.test(text) && this.#started) {
      this.#done = true;
      return true;
    }
    return false;
  }

  say(notes: Notes): void {
    if (this.#started) notes.say('serial.start-reached', true, 'serial');
    else if (this.#first === 'begin') notes.infer('serial.start-reached', false, 'serial');
    if (this.#first) notes.say('serial.first-error', this.#first, 'serial');
    if (this.#first === 'auth') notes.say('auth.result', 'refused', 'serial');
    if (this.#done && !this.#first) notes.say('transfer.end', 'completed', 'serial');
    const sent = this.#percent !== undefined && this.#percent > 0;
    if (sent && (this.#first === 'receive' || this.#first === 'end'))
      notes.say('transfer.stopped-at', this.#percent!, 'serial');
  }
}

/** The updater's own words: `ERROR[4]: Not Enough Space`, `Update ERROR: …`, sizes that it compares. */
function takeUpdater(line: Line, notes: Notes): boolean {
  const { text, number } = line;
  const words =
    /\bERROR\[\d{1,2}\]\s?:?\s?(.{3,160})/.exec(text)?.[1] ??
    /\b(?:Update|Write|OTA|Updater?) (?:ERROR|error)\s?:\s?(.{3,160})/i.exec(text)?.[1] ??
    /^\[E\]\[Updater?\.cpp:\d{1,5}\] \w{2,30}\(\): (.{3,160})/.exec(text)?.[1];
  // A tool that repeats the board's reply is a log's business.
  const kind = words === undefined || /\[ERROR\]|Bad Answer/.test(text) ? undefined : errorKindOf(words);
  if (kind) {
    notes.notice(number, `the updater: ${kind.replaceAll('-', ' ')}`);
    notes.say('device.error', kind, 'serial');
  }
  const [, real, built] =
    /\bflash config wrong:?,? real(?: size)?:\s?(\d{5,9})(?:,? (?:IDE|SDK):\s?(\d{5,9}))?/i.exec(text) ?? [];
  if (real) notes.say('board.flash-real', Number(real), 'serial');
  if (built) notes.say('running.flash-declared', Number(built), 'serial');
  const [, size, slot] = /\btoo large (\d{5,9}) > (\d{5,9})/.exec(text) ?? [];
  if (size && slot) {
    notes.say('serial.says', 'image-too-large', 'serial');
    notes.say('image.size', Number(size), 'serial');
    notes.say('running.slot-size', Number(slot), 'serial');
  }
  return (
    kind !== undefined ||
    real !== undefined ||
    size !== undefined ||
    takePull(line, notes, 'serial') ||
    takeSizesSaid(line, notes)
  );
}

/** Flash sizes as the core's CheckFlashConfig example and many firmwares print them. */
function takeSizesSaid({ text }: Line, notes: Notes): boolean {
  const real = /\bflash (?:chip )?real (?:size|id size)\s?:\s?(\d{5,9})\b/i.exec(text)?.[1];
  const built = /\bflash ide {0,2}size\s?:\s?(\d{5,9})\b/i.exec(text)?.[1];
  const size = /\bsketch size\s?:\s?(\d{5,8})\b/i.exec(text)?.[1];
  const free = /\bfree sketch (?:space|size)\s?:\s?(\d{4,8})\b/i.exec(text)?.[1];
  if (real) notes.say('board.flash-real', Number(real), 'serial');
  if (built) notes.say('running.flash-declared', Number(built), 'serial');
  if (size) notes.say('running.size', Number(size), 'serial');
  if (free) notes.say('running.free-space', Number(free), 'serial');
  return Boolean(real ?? built ?? size ?? free);
}

const boardSigns: readonly Sign[] = [
  {
    words: /\budp bind failed\b/i,
    what: 'the OTA port was taken on the board',
    says: [is('serial.says', 'udp-bind-failed')],
  },
  {
    words: /\bFlash Chip configuration wrong\b/i,
    what: 'the flash is not as built',
    says: [is('serial.says', 'flash-size-not-as-built')],
  },
  {
    words: /\bno update partition\b|\bPartition Could Not be Found\b/i,
    what: 'there is no slot for an update',
    says: [is('serial.says', 'no-update-partition')],
  },
  {
    words: /\bError setting up MDNS responder\b|\bMDNS (?:begin )?failed\b/i,
    what: 'mDNS did not start',
    says: [is('serial.says', 'mdns-failed')],
  },
  {
    words: /\bssl->need_bytes=\d{1,6} > /,
    what: 'a TLS record too big',
    says: [is('serial.tls-error', 'record-too-big')],
  },
  {
    words: /-0x7F00\b|-32512\b|\bSSL - Memory allocation failed|\bBearSSL\b.{0,40}\b(?:-1000|allocat)/i,
    what: 'TLS found no memory',
    says: [is('serial.tls-error', 'alloc-failed')],
  },
  {
    words: /-0x2700\b|\bX509 - Certificate verification failed|\bcertificate verify failed/i,
    what: 'a certificate was refused',
    says: [is('serial.tls-error', 'certificate')],
  },
  {
    words: /^\[\d{1,12}\] Invalid auth token\b/i,
    what: 'Blynk refused the token',
    says: [is('running.server-link', 'down')],
  },
  {
    words: /^\[\d{1,12}\] (?:Blynk v\d|Connecting to (?:blynk|[\w.-]{3,60}:\d{2,5}))/i,
    what: 'the Blynk library',
    says: [],
  },
  { words: /^\*WM: |\bE?SP8266WiFiManager\b/i, what: 'WiFiManager', says: [] },
];

type Last = FactValue<'serial.last-sign'>;

const stages: readonly (readonly [RegExp, Last])[] = [
  [
    /\bconfig portal\b|^\*WM: .{0,60}\bportal|\bEntered config mode\b|^\*?(?:WM: )?Configuring access point/i,
    'config-portal',
  ],
  [
    /^\[\d{1,12}\] Connecting to (?!Wi-?Fi)[\w.-]{3,80}:\d{2,5}|^(?:Attempting|Trying) MQTT connection|\bconnecting to (?:the )?(?:MQTT|blynk|broker|server)\b|\bMQTT\b.{0,40}\bfailed, rc=/i,
    'server-connect',
  ],
  [
    /^(?:Connection Failed! Rebooting|Connecting (?:to )?(?:Wi-?Fi|AP)\b|\[\d{1,12}\] Connecting to \S{1,40}$|WiFi (?:not connected|connection failed)|Waiting for Wi-?Fi|No WiFi)|^\.{5,}$/i,
    'wifi-wait',
  ],
  [
    /^(?:\W{0,3}|.{0,12}\b)(?:OTA (?:ready|initiali[sz]ed)|Ready(?: for OTA)?|ArduinoOTA (?:ready|started))\W{0,3}(?:\(ping: ?\d{1,6} ?ms\)\W{0,2})?$/i,
    'ready',
  ],
  [/\bIP(?: address)?\s?:\s?\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b|\bgot IP\b|^ip:\d{1,3}\.\d{1,3}\./i, 'ip-printed'],
];

/** The sketch's own prints: how far its start came, its server, its memory. */
class SketchSigns {
  #last: Last | undefined;
  #ready = false;
  #linked: boolean | undefined;
  #asked = 0;
  readonly #heap: number[] = [];

  /** Words that hardly anything but a sketch prints. */
  get signed(): boolean {
    return this.#ready && this.#last !== undefined;
  }

  take({ text, number, at: _ }: Line, notes: Notes): void {
    const stage = stages.find(([words]) => words.test(text))?.[1];
    if (stage) {
      // The stock sketch prints its address after "Ready": the later word is not the later stage.
      if (stage === 'ready') this.#ready = true;
      this.#last = stage === 'ip-printed' && this.#last === 'ready' ? 'ready' : stage;
      notes.notice(number, `the sketch: ${stage.replaceAll('-', ' ')}`);
    }
    if (stage === 'server-connect') {
      this.#asked++;
      this.#linked = this.#asked > 1 ? false : this.#linked;
    }
    if (/^\[\d{1,12}\] Ready \(ping:/.test(text) || /^(?:MQTT )?connected$/i.test(text)) {
      this.#linked = true;
      this.#asked = 0;
    }
    const heap = /\b(?:free ?heap|heap(?: free)?)\s?[:=]\s?(\d{3,7})\b/i.exec(text)?.[1];
    if (heap && this.#heap.length < 1000) this.#heap.push(Number(heap));
  }

  say(notes: Notes): void {
    if (this.#last) notes.say('serial.last-sign', this.#last, 'serial');
    if (this.#linked !== undefined && !notes.has('running.server-link'))
      notes.say('running.server-link', this.#linked ? 'up' : 'down', 'serial');
    const family = notes.get('board.family');
    const low = family === 'esp8266' ? 12_000 : family === 'esp32' ? 40_000 : undefined;
    const least = Math.min(...this.#heap);
    if (this.#heap.length === 0 || low === undefined) return;
    const falling = this.#heap.length > 3 && this.#heap.every((each, at) => at === 0 || each <= this.#heap[at - 1]!);
    if (falling && this.#heap.at(-1)! < 0.7 * this.#heap[0]!) notes.say('running.heap', 'falling', 'serial');
    else if (least < low) notes.say('running.heap', 'low', 'serial');
    else if (least > 2 * low) notes.say('running.heap', 'ample', 'serial');
  }
}
