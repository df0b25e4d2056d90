/** Sleep, interrupts, watchdogs and the pins that decide how a board starts. */
import { insert } from '../edits.ts';
import type { ReadProgram, Report } from '../finding.ts';
import { calledRoutine, handedRoutine, numeric, type Sketch } from '../model.ts';
import type { Step } from '../trace.ts';
import { allExpressions, type Expression, type Routine } from '../tree.ts';
import { called, rule, stopsOnStart, whileDown } from './common.ts';

const sleeps = /^(?:ESP\.deepSleep|ESP\.deepSleepInstant|esp_deep_sleep_start|esp_deep_sleep|system_deep_sleep)$/;

export const deepSleep = rule({
  id: 'L25',
  rule: 'deep-sleep',
  severity: 'error',
  why: 'The board is asleep whenever an upload comes.',
  mend: 'Before it sleeps, look at something that says "stay awake" (a pin, a retained MQTT message), or serve OTA for a while first.',
  *find(program) {
    if (!program.ota.arduino && !program.ota.other) return;
    const step = called(program.steps, sleeps).find((each) => !held(program, each));
    if (step) yield { place: step.call.place, message: 'the board goes to deep sleep with no time for an update' };
  },
});

/** Something keeps it awake: a condition, or a stretch in which updates are served. */
const held = (program: ReadProgram, step: Step): boolean =>
  step.guards.length > 0 ||
  whileDown(program, step) ||
  program.waits.some(({ serves, run }) => serves && run.to <= step.order) ||
  step.loops.some((run) => run.guards.length > 0);

const attaches =
  /^(?:attachInterrupt|attachInterruptArg|timerAttachInterrupt|timer1_attachInterrupt|timer0_attachInterrupt)$/;

export const isrNotIram = rule({
  id: 'L27',
  rule: 'isr-not-iram',
  severity: 'error',
  why: 'While flash is erased or written, code in flash can not run. An interrupt that needs it then crashes the board in the middle of the update.',
  mend: 'Mark the handler and what it calls with IRAM_ATTR, keep it short, and detach it in ArduinoOTA.onStart().',
  *find(program) {
    const { sketch } = program;
    if (
      sketch.family === 'rp2040' ||
      stopsOnStart(program, /^detachInterrupt$|^timerDetachInterrupt$|^timer1_detachInterrupt$/)
    )
      return;
    const seen = new Set<Routine>();
    for (const step of called(program.steps, attaches)) {
      const handler = step.call.args.map((each) => handedRoutine(sketch, each)).find(Boolean);
      if (!handler || seen.has(handler)) continue;
      seen.add(handler);
      const bare = handler.inRam ? calleeInFlash(sketch, handler) : handler;
      if (!bare) continue;
      const attribute = sketch.family === 'esp32' ? 'IRAM_ATTR ' : 'ICACHE_RAM_ATTR ';
      yield {
        place: bare.name ? bare.place : step.call.place,
        also: [step.call.place],
        message:
          bare === handler
            ? `the interrupt handler ${handler.name ? `${handler.name}() ` : ''}is not in RAM`
            : `${bare.name}(), which an interrupt handler calls, is not in RAM`,
        ...(bare.name &&
          !bare.class && { fix: { safety: 'safe', edits: [insert(bare.place.file, bare.place.start, attribute)] } }),
      } satisfies Report;
    }
  },
});

function calleeInFlash(sketch: Sketch, routine: Routine): Routine | undefined {
  for (const each of allExpressions(routine.body)) {
    const callee = each.kind === 'call' ? calledRoutine(sketch, each, routine) : undefined;
    if (callee && callee !== routine && !callee.inRam) return callee;
  }
  return undefined;
}

/** Pins read at reset. Sources: ESP8266 and ESP32 data sheets, strapping pins. */
const straps = { esp8266: [0, 2, 15], esp32: [0, 2, 5, 12, 15], rp2040: [] } as const;

const isLed = (argument: Expression): boolean =>
  argument.kind === 'name' && /led|builtin|blink|blue|status/i.test(argument.name);

export const strapPins = rule({
  id: 'L43',
  rule: 'strap-pins',
  severity: 'warning',
  why: 'The board reads this pin when it starts. What is connected there can hold it at the wrong level, and after an update the board starts into the wrong mode.',
  mend: 'Use another pin, or see that what hangs on it leaves it alone during a reset.',
  *find(program) {
    const pins: readonly number[] = straps[program.sketch.family ?? 'esp8266'];
    const seen = new Set<number>();
    for (const { call } of called(program.steps, /^pinMode$/)) {
      const [pin, mode] = call.args;
      const number = numeric(program.sketch, pin);
      if (number === undefined || !pins.includes(number) || seen.has(number) || isLed(pin!)) continue;
      if (mode?.kind !== 'name' || !/^OUTPUT|^INPUT_PULLDOWN/.test(mode.name)) continue;
      // The on-board LED of most modules: known to be harmless.
      if (number === 2 && pin!.kind === 'number') continue;
      seen.add(number);
      yield { place: call.place, message: `GPIO${number} decides how the board starts, and this drives it` };
    }
  },
});

export const wdtOrInterruptsOff = rule({
  id: 'L44',
  rule: 'wdt-or-interrupts-off',
  severity: 'warning',
  why: 'With interrupts off the network stands still; with the watchdog off a board that hangs stays so.',
  mend: 'Take it out, or switch interrupts on again within microseconds.',
  *find(program) {
    const off = called(
      program.steps,
      /^(?:ESP\.wdtDisable|wdt_disable|disableCore[01]WDT|disableLoopWDT|esp_task_wdt_deinit|ESP\.wdtDisableHW)$/,
    )[0];
    if (off) yield { place: off.call.place, message: 'the watchdog is switched off' };
    for (const trace of program.traces) {
      const steps = trace.steps;
      const index = steps.findIndex(({ name }) => /^(?:noInterrupts|cli|ets_intr_lock|xt_rsil)$/.test(name));
      if (index < 0 || trace.entry.kind === 'interrupt') continue;
      const until = steps.findIndex(({ name }, at) => at > index && /^(?:interrupts|sei|ets_intr_unlock)$/.test(name));
      const between = steps.slice(index + 1, until < 0 ? undefined : until);
      const long = between.some(
        ({ name, loops }) =>
          /^(?:delay|delayMicroseconds|pulseIn|yield)$|^Serial\./.test(name) ||
          loops.length > steps[index]!.loops.length,
      );
      if (until >= 0 && !long) continue;
      yield {
        place: steps[index]!.call.place,
        message: until < 0 ? 'interrupts are switched off and not on again' : 'interrupts stay off for long',
      };
      return;
    }
  },
});
