/** After a flash over the cable: the reset that everybody forgets, the boot log, the board on the network, the proof. */
import { environment } from '#node/index.ts';
import type { FlashedByCable } from '#serial/flash.ts';
import { bootBaud, bootOf, type Cable, explain, type Monitor, openMonitor, portProblem } from '#serial/index.ts';
import { type Problem, type Secret, seconds } from '#values/index.ts';
import { type Ending, interrupted, type Setting } from './command.ts';
import type { InputFile } from './input.ts';
import { tellSteps } from './serial-flash.ts';

export interface Afterwards extends FlashedByCable {
  readonly cable: Cable;
  /** The board was put into its boot loader by hand: RTS is not wired. */
  readonly byHand: boolean;
  readonly input: InputFile;
  readonly options: Record<string, unknown>;
  readonly password: Secret | undefined;
}

/** A board that was reset says so within this. */
const bootWithin = seconds(4);
/** Lines kept of what it prints, for the diagnosis. */
const linesKept = 400;

export async function afterwards(flashed: Afterwards, setting: Setting): Promise<Ending> {
  const { cable, found, plan, options } = flashed;
  const { desk, signal } = setting;
  const lines: string[] = [];
  const watch = new BootWatch();
  const monitor = await openMonitor(
    cable,
    { speed: bootBaud(found.chip), automatic: true, signal },
    {
      line(text) {
        if (lines.push(text) > linesKept) lines.shift();
        desk.detail(text);
        watch.take(text);
      },
      back: () => watch.cameBack(),
    },
  );
  const board = { chip: found.chip, model: found.model, mac: found.mac, flashBytes: found.flashBytes };
  if ('trouble' in monitor)
    return {
      exit: 1,
      problem: portProblem(cable.info.path, monitor, environment.os),
      more: { ...board, flashed: true },
    };
  try {
    const started = await start(monitor, watch, flashed, setting);
    if (signal.aborted) return interrupted;
    if (!started) return await failed(notStarted(lines), lines, setting, board);
    desk.event({ type: 'started', bootMode: 'flash' });
    const wanted = options['ota'] !== false && (plan.image.kind === 'esp8266-app' || plan.image.kind === 'esp32-app');
    if (!wanted) return { exit: 0, more: { ...board, flashed: true, started: true } };
    const { proveOta } = await import('./serial-ota.ts');
    const proof = await proveOta(flashed, lines, setting);
    if (signal.aborted) return interrupted;
    if (!('problem' in proof)) return { exit: 0, more: { ...board, flashed: true, started: true, ...proof } };
    return await failed(proof.problem, lines, setting, { ...board, started: true });
  } finally {
    await monitor.close();
  }
}

/** Sees the board start from flash. By RTS where that is wired, else by the person's hand: without a reset by its pin the chip
 *  would go back into its boot loader with the first update over the air (esp8266/Arduino doc/faq). */
async function start(
  monitor: Monitor,
  watch: BootWatch,
  { cable, found, byHand, options }: Afterwards,
  { desk, signal }: Setting,
): Promise<boolean> {
  if (!byHand) {
    await monitor.reset(bootBaud(found.chip));
    if (await watch.started(cable, bootWithin, signal)) {
      desk.note('it was reset, and starts from flash');
      return true;
    }
    if (signal.aborted) return false;
    // A chip with its own USB prints its boot log where nobody listens.
    if (cable.info.vendor === '303a' && !watch.inLoader) return true;
  }
  const steps = ['take GPIO0 off GND (let go of the button)', 'take its power away and give it back, or press reset'];
  tellSteps(desk, 'the step that everybody forgets: after a flash over the cable a board must be reset once', steps);
  while (!signal.aborted) {
    if (await watch.started(cable, seconds(Number(options['wait'])), signal)) {
      desk.note('it starts from flash');
      return true;
    }
    if (!watch.inLoader) return false;
    watch.again();
    tellSteps(desk, 'it went into its boot loader again: GPIO0 is still at GND', steps);
  }
  return false;
}

/** Waits for the first line of a start. */
class BootWatch {
  inLoader = false;
  #flash = false;
  #look: () => void = () => {};

  take(text: string): void {
    const boot = bootOf(text);
    if (!boot) return;
    this.#flash = boot.mode === 'flash';
    this.inLoader = boot.mode === 'download';
    this.#look();
  }

  /** The port went and came back: a board that is fed by it was off and on. */
  cameBack(): void {
    this.#flash = true;
    this.#look();
  }

  again(): void {
    this.inLoader = false;
  }

  /** True once it starts from flash; false when it does not within `time`, or says that it is in its boot loader. */
  async started({ clock }: Cable, time: number, signal: AbortSignal): Promise<boolean> {
    const enough = new AbortController();
    const stop = (): void => enough.abort();
    signal.addEventListener('abort', stop, { once: true });
    this.#look = () => {
      if (this.#flash || this.inLoader) stop();
    };
    this.#look();
    await clock.sleep(time, 'the board to start', enough.signal);
    signal.removeEventListener('abort', stop);
    return this.#flash;
  }
}

/** The problem, and what the doctor reads in the log. */
async function failed(
  problem: Problem,
  lines: readonly string[],
  { desk }: Setting,
  more: Record<string, unknown>,
): Promise<Ending> {
  const { readSerial } = await import('#readers/index.ts');
  const { diagnose } = await import('#doctor/index.ts');
  const { showShort } = await import('./diagnosis.ts');
  const { facts } = readSerial(lines.join('\n'));
  const diagnosis = facts.length ? diagnose(facts) : undefined;
  return {
    exit: 1,
    problem,
    more: { ...more, flashed: true },
    epilogue() {
      if (!diagnosis?.causes.length) return;
      desk.note('');
      showShort(desk, diagnosis);
    },
  };
}

const notStarted = (lines: readonly string[]): Problem => {
  const said = lines.map(explain).findLast((meaning) => meaning !== undefined);
  return {
    code: 'serial-not-started',
    what: 'the board was flashed, but was not seen to start',
    why: said ?? (lines.length ? 'nothing that it printed is the start of a boot log' : 'it printed nothing'),
    fix: 'take GPIO0 off GND and power-cycle it; `whyota serial monitor` shows what it prints',
    blame: 'device',
    ...(lines.length ? { details: lines.slice(-5) } : {}),
  };
};
