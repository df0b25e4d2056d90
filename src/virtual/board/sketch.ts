import { type Millis, millis, type Secret, seconds } from '#values/index.ts';

/** The sketch on a board: what it does, not its code. */
export interface Sketch {
  readonly hostname: string;
  /** Undefined: ArduinoOTA takes an update from anybody. */
  readonly password: Secret | undefined;
  /** UDP port of ArduinoOTA; undefined: the library's own. */
  readonly port: number | undefined;
  /** Time from one ArduinoOTA.handle() to the next. */
  readonly loopPeriod: Millis;
  /** False: loop() never calls ArduinoOTA.handle(). */
  readonly handles: boolean;
  /** loop() stands still: `at` after the start of the sketch, for so long (waiting for a cloud, a delay, a dead server). */
  readonly blocks: readonly { readonly at: Millis; readonly lasts: Millis | 'for-ever' }[];
  /** setup() waits before ArduinoOTA.begin(): a Blynk.begin() that finds no server never gets there. */
  readonly startDelay: Millis | 'for-ever';
  /** What onStart takes (a file system unmounted, an animation). */
  readonly onStart: Millis | 'for-ever';
  /** onError restarts the board, as the OTALeds example does. */
  readonly restartsOnError: boolean;
  /** Modem sleep: datagrams wait so long for the next beacon. */
  readonly wifiSleep: Millis;
  readonly mdns: boolean;
  /** Built with a public key: unsigned images are refused. */
  readonly verifiesSignature: boolean;
  /** Asks a web server for its update, besides ArduinoOTA. */
  readonly pull: Pull | undefined;
  /** Speaks to a Blynk server. */
  readonly blynk: Blynk | undefined;
}

export interface Blynk {
  readonly address: string;
  readonly port: number;
  readonly token: string;
  /** Version of the library: "0.6.1". */
  readonly library: string;
  /** How it is used: `begin` waits in setup(), before ArduinoOTA.begin(), for as long as nobody answers; `run` tries in loop(). */
  readonly call: 'begin' | 'run';
  /** From one virtualWrite() to the next. */
  readonly writes: Millis;
}

export interface Pull {
  readonly address: string;
  readonly port: number;
  readonly path: string;
  /** From one question to the next. */
  readonly every: Millis;
  /** What the sketch calls its version. */
  readonly version?: string;
  /** `Basic …`, as it goes over the wire. */
  readonly authorization?: string;
}

export const ordinarySketch: Sketch = {
  hostname: 'virtual',
  password: undefined,
  port: undefined,
  loopPeriod: millis(10),
  handles: true,
  blocks: [],
  startDelay: millis(0),
  onStart: millis(0),
  restartsOnError: false,
  wifiSleep: millis(0),
  mdns: true,
  verifiesSignature: false,
  pull: undefined,
  blynk: undefined,
};

/** Until when loop() stands still at this time after the sketch's start; undefined: it runs. */
export function blockedUntil(sketch: Sketch, time: Millis): Millis | 'for-ever' | undefined {
  for (const { at, lasts } of sketch.blocks) {
    if (time < at) continue;
    if (lasts === 'for-ever') return 'for-ever';
    if (time < at + lasts) return at + lasts;
  }
  return undefined;
}

/** Watchdog of the chip: a program that spins without yielding is reset after about this time (ESP8266 hardware watchdog). */
export const watchdogTime = seconds(8);

/** MDNSResponder of esp8266/Arduino 2.5.0 and later: three probes and the waits around them. */
export const probingTime = seconds(1);
