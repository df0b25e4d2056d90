/** whyota serial monitor: what the board prints, and what it means. */
import { diagnose, diagnosisFields } from '#doctor/index.ts';
import { environment } from '#node/index.ts';
import { readSerial } from '#readers/index.ts';
import {
  bootBaud,
  bootOf,
  CrashDump,
  explain,
  openMonitor,
  portProblem,
  readElf,
  type Symbols,
} from '#serial/index.ts';
import { seconds } from '#values/index.ts';
import { done, type Ending, type Setting, usage } from './command.ts';
import { showShort } from './diagnosis.ts';
import { readInput } from './input.ts';
import { choosePort } from './serial-port.ts';

/** Where the search for the speed begins: most sketches print at this one. */
const usualSpeed = 115_200;
/** What the doctor reads: the last so many lines. */
const linesKept = 400;
/** After the last line that tells something: a dump has many. */
const settling = seconds(1.5);

export async function serialMonitor(
  _words: readonly string[],
  options: Record<string, unknown>,
  setting: Setting,
): Promise<Ending> {
  const { desk, signal } = setting;
  const symbols = await symbolsOf(options['elf']);
  if (symbols && 'exit' in symbols) return symbols;
  const cable = await choosePort(options['port'], setting);
  if ('exit' in cable) return cable;
  const { clock } = cable;

  const dump = symbols && new CrashDump(symbols);
  const doctor = options['doctor'] === true ? new Listening(setting) : undefined;
  let count = 0;
  let look: { cancel(): void } | undefined;
  const fixed = typeof options['speed'] === 'number';
  const monitor = await openMonitor(
    cable,
    { speed: fixed ? Number(options['speed']) : usualSpeed, automatic: !fixed, signal },
    {
      line(text) {
        count++;
        const meaning = explain(text);
        const frames = dump?.take(text) ?? [];
        desk.event({
          type: 'line',
          at: clock.wall(),
          text,
          ...(meaning ? { meaning } : {}),
          ...(frames.length ? { frames } : {}),
        });
        desk.say(`${desk.paint('dim', timeOf(clock.wall()))} ${text}`);
        if (meaning)
          desk.say(desk.paint(bootOf(text)?.mode === 'flash' ? 'cyan' : 'yellow', `             = ${meaning}`));
        for (const frame of frames) desk.say(desk.paint('yellow', `             at ${frame}`));
        if (doctor?.take(text, meaning !== undefined)) {
          look?.cancel();
          look = clock.after(settling, 'the rest of what the board says', () => doctor.look());
        }
      },
      speed(baud) {
        desk.event({ type: 'speed', baud });
        desk.detail(`listening at ${baud} baud`);
      },
      lost(why) {
        desk.event({ type: 'lost', why });
        desk.note(`${cable.info.path} is gone (${why}); waiting for it`);
      },
      back() {
        desk.event({ type: 'back' });
        desk.note(`${cable.info.path} is back`);
      },
    },
  );
  if ('trouble' in monitor) return { exit: 1, problem: portProblem(cable.info.path, monitor, environment.os) };
  desk.note(`listening on ${cable.info.path}${fixed ? '' : ', at the speed that gives text'}; Ctrl-C ends it`);
  desk.event({ type: 'ready', port: cable.info.path });
  if (options['reset'] === true) await monitor.reset(bootBaud('esp8266'));
  const time = typeof options['time'] === 'number' ? seconds(options['time']) : forEver;
  await clock.sleep(time, 'the end of listening', signal);
  look?.cancel();
  await monitor.close();
  doctor?.look();
  return { ...done, more: { lines: count, speed: monitor.baud, ...doctor?.fields() } };
}

/** The longest that timers can. */
const forEver = 2 ** 31 - 1;

/** `14:03:27.512` */
const timeOf = (wall: number): string => {
  const date = new Date(wall);
  const two = (n: number): string => String(n).padStart(2, '0');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${time}.${String(date.getMilliseconds()).padStart(3, '0')}`;
};

/** The doctor, reading along: speaks up when the answer changes. */
class Listening {
  readonly #setting: Setting;
  readonly #lines: string[] = [];
  #told = '';
  #facts = 0;

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  /** True when there is something to think about. */
  take(text: string, telling: boolean): boolean {
    if (this.#lines.push(text) > linesKept) this.#lines.shift();
    const { facts } = readSerial(this.#lines.slice(-12).join('\n'));
    return telling || facts.length > 0;
  }

  look(): void {
    const { desk } = this.#setting;
    const { facts } = readSerial(this.#lines.join('\n'));
    if (!facts.length) return;
    const diagnosis = diagnose(facts);
    this.#facts = facts.length;
    const answer = diagnosis.causes.map(({ id }) => id).join(' ');
    if (answer === this.#told || !diagnosis.causes.length) return;
    this.#told = answer;
    desk.event({ type: 'diagnosis', ...diagnosisFields(diagnosis) });
    desk.note('');
    showShort(desk, diagnosis);
    desk.note('');
  }

  fields(): Record<string, unknown> {
    return { facts: this.#facts, ...(this.#told ? { causes: this.#told.split(' ') } : {}) };
  }
}

async function symbolsOf(path: unknown): Promise<Symbols | Ending | undefined> {
  if (typeof path !== 'string') return undefined;
  const input = await readInput(path);
  if ('exit' in input) return input;
  return (
    readElf(input.bytes) ??
    usage(`${path} holds no functions to name`, 'name the .elf that the build wrote beside the .bin')
  );
}
