/** What libraries and the sketch itself print: how far the start came, the server, the memory. */
import type { FactValue } from '#values/facts.ts';
import type { Notes } from './notes.ts';
import type { Line } from './paste.ts';
import { is, type Sign } from './signs.ts';

export const boardSigns: readonly Sign[] = [
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
    words: /\bmismatch chip ID\b/i,
    what: 'the image is for another chip',
    says: [is('device.error', 'chip-mismatch')],
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
    words: /\bNot enough space to begin OTA\b/i,
    what: 'Blynk.Edgent found no room',
    says: [is('device.error', 'not-enough-space'), is('tool.method', 'blynk-air')],
  },
  {
    words: /^\[\d{1,12}\] (?:Firmware update URL: |\w{3,20} => OTA_UPGRADE\b)/,
    what: 'an update from the Blynk cloud',
    says: [is('tool.method', 'blynk-air')],
  },
  {
    words: /^\[\d{1,12}\] HTTP response should be 200/,
    what: 'the Blynk cloud answered otherwise than 200',
    says: [is('attempt.tool-text', 'http-error')],
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
export class SketchSigns {
  #last: Last | undefined;
  #ready = false;
  #linked: boolean | undefined;
  #asked = 0;
  readonly #heap: number[] = [];

  /** Words that hardly anything but a sketch prints. */
  get signed(): boolean {
    return this.#ready && this.#last !== undefined;
  }

  take({ text, number }: Line, notes: Notes): void {
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
