import { atLeast } from '#firmware/index.ts';
import type { Address, Clock, Random, Tcp, Trouble, Udp } from '#machine/index.ts';
import { type Millis, millis, type Result } from '#values/index.ts';
import { type Announcement, announce } from './announce.ts';
import { BlynkService } from './blynk.ts';
import type { Booted, ResetCause } from './boot/boot.ts';
import type { Flash } from './flash.ts';
import { Hardware, type Program, type SerialText } from './hardware.ts';
import { type BoardOptions, type Build, buildOfOptions } from './options.ts';
import { OtaService } from './ota.ts';
import { PullService } from './pull.ts';
import { type Blynk, blockedUntil, type Pull, probingTime, watchdogTime } from './sketch.ts';
import { Timers } from './timers.ts';

/** What a board needs of the world. */
export interface BoardPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly udp: Udp;
  readonly tcp: Tcp;
  /** Takes the board off its network at once, or puts it back: a virtual network can. Elsewhere its ports are closed. */
  power?(on: boolean): void;
  /** Takes what it prints, as it prints it. */
  print?(text: string): void;
}

export type BoardState =
  | 'off'
  /** In its boot loader, or on the way to the network. */
  | 'booting'
  /** Its sketch runs. */
  | 'running'
  /** Runs nothing: see `whyDead`. */
  | 'dead';

export type WhyDead = Extract<Booted, { runs: false }>['why'] | 'lost-power' | 'fell-silent';

/** An update that the board's Update class accepted to the end. */
export interface StoredUpdate {
  readonly command: 'sketch' | 'filesystem';
  readonly bytes: number;
  /** The hash of its invitation. */
  readonly md5: string;
}

/** A virtual board: real flash bytes, a boot loader, an OTA library profile, a sketch. */
export class Board {
  readonly name: string;
  readonly address: Address;
  readonly serial: readonly SerialText[];
  readonly updates: StoredUpdate[] = [];
  readonly #options: BoardOptions;
  readonly #build: Build;
  readonly #ports: BoardPorts;
  readonly #hardware: Hardware;
  readonly #timers: Timers;
  #state: BoardState = 'off';
  #whyDead: WhyDead | undefined;
  #ota: OtaService | undefined;
  #pull: PullService | undefined;
  #blynk: BlynkService | undefined;
  #announcement: Announcement | undefined;

  constructor(build: Build, options: BoardOptions, ports: BoardPorts) {
    this.#build = build;
    this.#options = options;
    this.#ports = ports;
    this.name = build.sketch.hostname;
    this.address = options.address;
    this.#timers = new Timers(ports.clock);
    const { serialFlashed = false, faults = {} } = options;
    this.#hardware = new Hardware(build, ports.clock, { serialFlashed, faults, print: ports.print });
    this.serial = this.#hardware.serial;
  }

  get state(): BoardState {
    return this.#state;
  }

  get whyDead(): WhyDead | undefined {
    return this.#whyDead;
  }

  get flash(): Flash {
    return this.#hardware.flash;
  }

  /** The program that runs, or ran last before the board went off. Undefined: nothing that can run. */
  get program(): Program | undefined {
    return this.#hardware.program;
  }

  /** Hex MD5 of the file that it runs; undefined while it runs none. */
  get digest(): string | undefined {
    return this.#state === 'running' ? this.program?.md5 : undefined;
  }

  /** `esp8266@3.1.2`: family and core of the running program. */
  get core(): string {
    return `${this.#build.family}@${this.#hardware.core}`;
  }

  get chip(): string {
    return this.#build.chip;
  }

  /** UDP port on which ArduinoOTA listens. */
  get port(): number {
    return this.#build.sketch.port ?? { esp8266: 8266, esp32: 3232, rp2040: 2040 }[this.#build.family];
  }

  get serialLog(): string {
    return this.serial.map(({ text }) => text).join('');
  }

  /** An update is being received. */
  get updating(): boolean {
    return this.#state === 'running' && (this.#ota?.busy ?? false);
  }

  /** Puts the board where it is found: its sketch has just started, and it is on the network. The trouble says why it
   *  could not get there on this machine. */
  async start(): Promise<Trouble | undefined> {
    const boot = this.#hardware.firstBoot();
    let step = boot.next();
    while (!step.done) step = boot.next();
    return this.#booted(step.value, millis(0));
  }

  /** Off, for good or until `powerCycle`. Mid-sector writes are not cut in two: see `faults.powerLossAfter`. */
  powerOff(): void {
    this.#goDown('off');
    this.#hardware.losePower();
  }

  /** Off and on again: RTC memory forgets, pins are sampled, a lost power is back. */
  powerCycle(): void {
    this.#goDown('off');
    this.#hardware.losePower();
    this.#hardware.flash.powerUp();
    this.#boot('power');
  }

  /** Its pins said "serial download" when they were sampled: its program stops, and a cable may write its flash. */
  download(): void {
    this.#die('serial-download');
    this.#hardware.writtenByWire();
  }

  /** The reset button: pins are sampled, RTC memory stays. */
  reset(): void {
    if (this.#state === 'off' || !this.#hardware.flash.powered) return;
    this.#hardware.bootstrapping = false;
    this.#boot('pin');
  }

  #boot(cause: ResetCause): void {
    this.#goDown('booting');
    const { flash } = this.#hardware;
    const boot = this.#hardware.boot(cause);
    const go = (): void => {
      for (;;) {
        const step = boot.next();
        if (!flash.powered) {
          this.#die('lost-power');
          return;
        }
        if (step.done) {
          void this.#booted(step.value, this.#build.bootTime);
          return;
        }
        if (step.value > 0) {
          this.#timers.after(step.value, `${this.name}: boot loader`, go);
          return;
        }
      }
    };
    go();
  }

  /** Joins the network, and does what the sketch's setup() does before ArduinoOTA.begin(). */
  async #booted(booted: Booted, joinTime: Millis): Promise<Trouble | undefined> {
    this.#hardware.started(booted);
    if (!booted.runs) {
      this.#die(booted.why);
      return undefined;
    }
    if (joinTime > 0) {
      this.#timers.after(joinTime, `${this.name}: boot`, () => void this.#setUp());
      return undefined;
    }
    return await this.#setUp();
  }

  async #setUp(): Promise<Trouble | undefined> {
    this.#state = 'running';
    this.#ports.power?.(true);
    const { startDelay, blynk } = this.#build.sketch;
    const waits = blynk?.call === 'begin';
    this.#blynk = blynk && this.#beginBlynk(blynk, () => waits && void this.#beginOta());
    if (waits) return undefined;
    if (startDelay === 0) return await this.#beginOta();
    if (startDelay !== 'for-ever') this.#timers.after(startDelay, `${this.name}: setup()`, () => void this.#beginOta());
    return undefined;
  }

  /** ArduinoOTA.begin(). */
  async #beginOta(): Promise<Trouble | undefined> {
    const hardware = this.#hardware;
    const { sketch, family } = this.#build;
    const ota = new OtaService({
      ports: this.#ports,
      timers: this.#timers,
      name: this.name,
      address: this.address,
      port: this.port,
      family,
      core: hardware.core,
      sketch,
      faults: this.#options.faults ?? {},
      flash: hardware.flash,
      updater: hardware.updater(sketch.verifiesSignature),
      on: {
        stored: (update) => this.updates.push(update),
        print: (text) => hardware.print(text),
        restart: () => this.#boot('software'),
        watchdog: () => this.#timers.after(watchdogTime, `${this.name}: watchdog`, () => this.#boot('watchdog')),
        crashed: () => this.#boot('watchdog'),
        lostPower: () => this.#die('lost-power'),
        silent: () => this.#die('fell-silent'),
      },
      heldUntil: () => this.#blynk?.heldUntil,
      closeSketchSockets: () => this.#blynk?.dropConnection(),
    });
    this.#ota = ota;
    this.#pull?.close({ quietly: true });
    this.#pull = this.#beginPull(ota);
    const trouble = await ota.open();
    if (trouble) hardware.print(`ArduinoOTA: no port ${this.port} (${trouble.detail})\n`);
    if (trouble || this.#ota !== ota) return trouble;
    await this.#announce(ota);
    return undefined;
  }

  #beginBlynk(blynk: Blynk, begun: () => void): BlynkService {
    const hardware = this.#hardware;
    return new BlynkService({
      ports: this.#ports,
      timers: this.#timers,
      name: this.name,
      address: this.address,
      blynk,
      build: hardware.program?.build ?? hardware.program?.md5 ?? '',
      board: this.#build.family === 'esp8266' ? 'NodeMCU' : this.#build.chip.toUpperCase(),
      busy: () => this.#ota?.busy ?? false,
      on: { print: (text) => hardware.print(text), begun, ota: (url) => this.#fetch(url) },
    });
  }

  /** What the sketches of Blynk's templates do with the `ota` message. */
  #fetch(url: string): void {
    const [, address, port = '80', path = '/'] = /^http:\/\/([\d.]+)(?::(\d+))?(\/.*)$/.exec(url) ?? [];
    if (!address || !this.#ota) return;
    this.#blynk?.dropConnection();
    this.#pull?.close({ quietly: true });
    const once = { address, port: Number(port), path, every: millis(1) };
    this.#pull = this.#beginPull(this.#ota, once);
  }

  #beginPull(ota: OtaService, pull: Pull | undefined = this.#build.sketch.pull): PullService | undefined {
    const { verifiesSignature } = this.#build.sketch;
    const { family } = this.#build;
    if (!pull || family === 'rp2040') return undefined;
    const hardware = this.#hardware;
    return new PullService({
      ports: this.#ports,
      timers: this.#timers,
      name: this.name,
      address: this.address,
      pull,
      flash: hardware.flash,
      updater: () => hardware.updater(verifiesSignature),
      client: () => ({
        family,
        core: hardware.core,
        mac: this.#options.mac ?? '5c:cf:7f:00:00:01',
        freeSpace: hardware.freeSpace,
        sketchBytes: hardware.program?.bytes ?? 0,
        flashBytes: this.#build.flashBytes,
        sketchMd5: hardware.program?.md5 ?? '',
        sdk: family === 'esp8266' ? '2.2.2-dev(38a443e)' : 'v5.1.4',
        ...(pull.version === undefined ? {} : { version: pull.version }),
      }),
      busy: () => ota.busy,
      on: {
        stored: (update) => this.updates.push(update),
        print: (text) => hardware.print(text),
        restart: () => this.#boot('software'),
        crashed: () => this.#boot('watchdog'),
        lostPower: () => this.#die('lost-power'),
      },
    });
  }

  /** From 2.5.0 on an ESP8266 shows itself only after about a second of passes through handle(), which probe for its name. */
  async #announce(ota: OtaService): Promise<void> {
    const { sketch, family } = this.#build;
    if (!sketch.mdns) return;
    const probes = family === 'esp8266' && atLeast(this.#hardware.core, '2.5.0');
    const until = !probes ? undefined : sketch.handles ? blockedUntil(sketch, probingTime) : 'for-ever';
    if (until === undefined) await this.#showItself(ota);
    else if (until !== 'for-ever')
      this.#timers.after(until, `${this.name}: mDNS probes`, () => void this.#showItself(ota));
  }

  async #showItself(ota: OtaService): Promise<void> {
    const { name, address, port, chip } = this;
    const { family, sketch } = this.#build;
    const { core } = this.#hardware;
    const announced = { name, address, port, family, chip, core, password: sketch.password !== undefined };
    const announcement = await announce(this.#ports, announced);
    if (this.#ota === ota) this.#announcement = announcement;
    else announcement?.close();
  }

  #die(why: WhyDead): void {
    this.#goDown('dead', why);
  }

  #goDown(state: BoardState, why?: WhyDead): void {
    this.#timers.cancelAll();
    this.#ports.power?.(false);
    const quietly = why === 'fell-silent' || why === 'lost-power';
    this.#ota?.close({ quietly });
    this.#pull?.close({ quietly });
    this.#blynk?.close({ quietly });
    if (!quietly) this.#ota = undefined;
    this.#announcement?.close();
    this.#announcement = undefined;
    this.#state = state;
    this.#whyDead = why;
  }
}

/** Builds a board from plain data; `start` puts it on the network. */
export function createBoard(options: BoardOptions, ports: BoardPorts): Result<Board> {
  const build = buildOfOptions(options);
  return build.ok ? { ok: true, value: new Board(build.value, options, ports) } : build;
}
