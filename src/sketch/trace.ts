/** What runs, in order: the calls made from an entry point through the sketch's own functions, with the conditions and
 *  loops around each. */
import { calledRoutine, handedRoutine, nameOf, numeric, type Sketch, typeOf } from './model.ts';
import {
  type Call,
  type Expression,
  type Loop,
  type Place,
  type Routine,
  type Statement,
  statementsIn,
} from './tree.ts';

/** A condition that holds (or not) where the step runs. */
export interface Guard {
  readonly condition: Expression;
  readonly holds: boolean;
}

export interface Step {
  readonly call: Call;
  /** By the object's class: `ArduinoOTA.begin`, `delay`. */
  readonly name: string;
  /** The sketch's own routine that it runs. */
  readonly runs: Routine | undefined;
  /** The routine in which the call stands. */
  readonly within: Routine;
  /** Calls that lead here from the entry, outermost first. */
  readonly via: readonly Place[];
  readonly guards: readonly Guard[];
  readonly loops: readonly LoopRun[];
  readonly order: number;
  /** Nothing after this statement runs: a restart or a deep sleep follows for certain. */
  readonly unused: boolean;
}

/** One time through a loop statement; `from`–`to` are the orders of the steps inside. */
export interface LoopRun {
  readonly loop: Loop;
  readonly within: Routine;
  readonly via: readonly Place[];
  readonly guards: readonly Guard[];
  readonly loops: readonly LoopRun[];
  readonly from: number;
  to: number;
  readonly entry: Entry;
}

export type EntryKind = 'setup' | 'loop' | 'task' | 'timer' | 'ticker' | 'interrupt' | 'ota' | 'event' | 'handler';

export interface Entry {
  readonly kind: EntryKind;
  /** `onStart`, or the routine's name. */
  readonly name: string;
  readonly routine: Routine;
  /** Milliseconds between two runs, where it is a timer with a known period. */
  readonly period: number | undefined;
  /** The call that registers it. */
  readonly by: Step | undefined;
}

export interface Trace {
  readonly entry: Entry;
  readonly steps: readonly Step[];
  readonly loops: readonly LoopRun[];
}

/** Bounds: a sketch that calls itself in circles, or one function ten thousand times, is read this far. */
const mostSteps = 8_000;
const deepestCalls = 20;

const endsTheRun =
  /^(?:ESP\.restart|ESP\.reset|ESP\.deepSleep|ESP\.deepSleepInstant|esp_deep_sleep_start|esp_deep_sleep|esp_restart|rp2040\.reboot|rp2040\.restart|abort|ESP\.rebootIntoUartDownloadMode|system_restart)$/;
export const restarts = (name: string): boolean => endsTheRun.test(name);

export function follow(sketch: Sketch, entry: Entry, order: { next: number }): Trace {
  const steps: Step[] = [];
  const loops: LoopRun[] = [];
  const onStack = new Set<Routine>();
  interface Here {
    readonly within: Routine;
    readonly via: readonly Place[];
    readonly guards: readonly Guard[];
    readonly loops: readonly LoopRun[];
    /** Routines handed to the parameters of the routine we are in. */
    readonly handed: ReadonlyMap<string, Routine>;
  }

  /** Does control go on after it? */
  function block(statements: readonly Statement[], start: Here): boolean {
    let here = start;
    for (const each of statements) {
      if (!statement(each, here)) return false;
      const implied = impliedAfter(each, leaves);
      if (implied) here = { ...here, guards: [...here.guards, implied] };
      if (each.kind === 'declare' && each.value?.kind === 'lambda')
        here = { ...here, handed: new Map([...here.handed, [each.name, each.value.routine]]) };
    }
    return true;
  }

  const leaving = new WeakSet<Statement>();
  const leaves = (each: Statement): boolean => leaving.has(each);

  function statement(each: Statement, here: Here): boolean {
    switch (each.kind) {
      case 'do':
        return expression(each.expression, here, true);
      case 'declare':
        return expression(each.value, here, false);
      case 'return':
        expression(each.value, here, false);
        return false;
      case 'break':
      case 'continue':
        return false;
      case 'block':
        return block(each.body, here);
      case 'if': {
        if (!expression(each.condition, here, false)) return false;
        const then = statement(each.consequence, guarded(here, each.condition, true));
        const other = each.else ? statement(each.else, guarded(here, each.condition, false)) : true;
        if (!then) leaving.add(each.consequence);
        if (each.else && !other) leaving.add(each.else);
        return then || other;
      }
      case 'switch': {
        expression(each.value, here, false);
        const guards = each.cases.length > 1 || !each.cases[0]?.default;
        for (const { body } of each.cases) block(body, guards ? guarded(here, each.value, true) : here);
        return true;
      }
      case 'loop':
        return loop(each, here);
    }
  }

  function loop(each: Loop, here: Here): boolean {
    if (each.first) statement(each.first, here);
    const run: LoopRun = {
      loop: each,
      within: here.within,
      via: here.via,
      guards: here.guards,
      loops: here.loops,
      from: order.next,
      to: 0,
      entry,
    };
    loops.push(run);
    const inside = { ...here, loops: [...here.loops, run] };
    if (each.form !== 'do') expression(each.condition, inside, false);
    statement(each.body, inside);
    expression(each.update, inside, false);
    if (each.form === 'do') expression(each.condition, inside, false);
    run.to = order.next;
    return !(isEndless(each) && !hasWayOut(each));
  }

  function expression(each: Expression | undefined, here: Here, unused: boolean): boolean {
    if (!each) return true;
    switch (each.kind) {
      case 'call':
        return call(each, here, unused);
      case 'unary':
        return expression(each.of, here, false);
      case 'binary': {
        if (!expression(each.left, here, false)) return false;
        const short = each.operator === '&&' || each.operator === '||';
        expression(each.right, short ? guarded(here, each.left, each.operator === '&&') : here, false);
        return true;
      }
      case 'assign':
        return expression(each.value, here, false);
      case 'other':
        return each.parts.every((part) => expression(part, here, false));
      case 'name': {
        const macro = unused ? sketch.routines.get(each.name) : undefined;
        return macro ? enter(macro, [], each.place, here) : true;
      }
      default:
        return true;
    }
  }

  function call(each: Call, here: Here, unused: boolean): boolean {
    if (!expression(each.upon, here, false)) return false;
    for (const argument of each.args) if (!expression(argument, here, false)) return false;
    if (steps.length >= mostSteps) return true;
    const runs =
      (each.object === undefined && here.handed.get(each.method)) || calledRoutine(sketch, each, here.within);
    const name = nameOf(sketch, each);
    const { within, via, guards, loops } = here;
    steps.push({ call: each, name, runs, within, via, guards, loops, order: order.next++, unused });
    if (endsTheRun.test(name)) return false;
    return runs ? enter(runs, each.args, each.place, here) : true;
  }

  function enter(routine: Routine, args: readonly Expression[], from: Place, here: Here): boolean {
    if (onStack.has(routine) || onStack.size >= deepestCalls || steps.length >= mostSteps) return true;
    onStack.add(routine);
    const handed = new Map<string, Routine>();
    routine.parameters.forEach((name, index) => {
      const given = handedRoutine(sketch, args[index]);
      if (given && name) handed.set(name, given);
    });
    const on = block(routine.body, { ...here, within: routine, via: [...here.via, from], handed });
    onStack.delete(routine);
    // A routine that returns goes on with its caller; one that ends in a restart, or never, does not.
    return on || [...statementsIn(routine.body)].some((each) => each.kind === 'return');
  }

  const { routine } = entry;
  onStack.add(routine);
  block(routine.body, { within: routine, via: [], guards: [], loops: [], handed: new Map() });
  return { entry, steps, loops };
}

const guarded = <H extends { guards: readonly Guard[] }>(here: H, condition: Expression, holds: boolean): H => ({
  ...here,
  guards: [...here.guards, { condition, holds }],
});

/** After `if (x) return;` x does not hold. */
function impliedAfter(each: Statement, leaves: (each: Statement) => boolean): Guard | undefined {
  if (each.kind !== 'if') return undefined;
  if (leaves(each.consequence)) return { condition: each.condition, holds: false };
  return each.else && leaves(each.else) ? { condition: each.condition, holds: true } : undefined;
}

/** `for (;;)`, `while (true)`. */
export const isEndless = (loop: Loop): boolean =>
  loop.form !== 'each' &&
  (loop.condition === undefined || (loop.condition.kind === 'number' && loop.condition.value !== 0));

/** A break of its own, or a return. */
export function hasWayOut(loop: Loop): boolean {
  const search = (statements: readonly (Statement | undefined)[], own: boolean): boolean =>
    statements.some((each) => {
      if (!each) return false;
      if (each.kind === 'return') return true;
      if (each.kind === 'break') return own;
      if (each.kind === 'block') return search(each.body, own);
      if (each.kind === 'if') return search([each.consequence, each.else], own);
      if (each.kind === 'loop') return search([each.body], false);
      if (each.kind === 'switch') return each.cases.some(({ body }) => search(body, false));
      return false;
    });
  return search([loop.body], true);
}

/** How a routine is handed over to be run later, by the call that does so. */
function registered(
  sketch: Sketch,
  step: Step,
): { kind: EntryKind; name: string; routine: Routine; period?: number }[] {
  const { args, method } = step.call;
  const routines = args.map((each) => handedRoutine(sketch, each)).filter((each) => each !== undefined);
  const routine = routines[0];
  if (!routine) return [];
  const label = routine.name || method;
  const number = args.map((each) => numeric(sketch, each)).find((each) => each !== undefined);
  const timed = (kind: EntryKind, period = number) => [
    { kind, name: label, routine, ...(period !== undefined && { period }) },
  ];
  if (/^xTaskCreate/.test(method)) return timed('task', undefined);
  if (/^attachInterrupt|^timerAttachInterrupt|^timer1_attachInterrupt|^timer0_attachInterrupt/.test(method))
    return timed('interrupt', undefined);
  if (step.name.startsWith('ArduinoOTA.on')) return [{ kind: 'ota', name: method, routine }];
  if (/^(?:Ticker)$/.test(step.name.split('.')[0]!))
    return timed('ticker', number && number * (/_ms$/.test(method) ? 1 : 1000));
  if (/^(?:os_timer_setfn|esp_timer_create|xTimerCreate)$/.test(method)) return timed('ticker');
  if (
    /^(?:setInterval|setTimer|every|attach|attach_ms|setTimeout|once|once_ms|in)$/.test(method) ||
    /^(?:Task|Ticker)$/.test(method)
  )
    return timed('timer');
  if (/^(?:WiFi|Network)\./.test(step.name))
    return routines.map((each) => ({ kind: 'event', name: method, routine: each }));
  if (step.runs) return [];
  return routines.map((each) => ({ kind: 'handler', name: method, routine: each }));
}

export interface Program {
  readonly sketch: Sketch;
  readonly setup: Trace | undefined;
  readonly loop: Trace | undefined;
  /** Both of the above, then tasks, timers, interrupts and handlers. */
  readonly traces: readonly Trace[];
  /** All steps of all traces. */
  readonly steps: readonly Step[];
}

const mostEntries = 120;

export function trace(sketch: Sketch): Program {
  const order = { next: 0 };
  const traces: Trace[] = [];
  const known = new Set<Routine>();
  const add = (entry: Entry): void => {
    if (known.has(entry.routine) || traces.length >= mostEntries) return;
    known.add(entry.routine);
    const made = follow(sketch, entry, order);
    traces.push(made);
    for (const by of made.steps)
      for (const { kind, name, routine, period } of registered(sketch, by)) add({ kind, name, routine, period, by });
  };
  const own = (name: string, kind: EntryKind): void => {
    const routine = sketch.routines.get(name);
    if (routine) add({ kind, name, routine, period: undefined, by: undefined });
  };
  // Both first, so that what they register does not come between them in order.
  const first: Entry[] = (['setup', 'loop'] as const).flatMap((name) => {
    const routine = sketch.routines.get(name);
    return routine ? [{ kind: name, name, routine, period: undefined, by: undefined }] : [];
  });
  for (const entry of first) {
    known.add(entry.routine);
    traces.push(follow(sketch, entry, order));
  }
  for (const { steps } of [...traces])
    for (const by of steps)
      for (const { kind, name, routine, period } of registered(sketch, by)) add({ kind, name, routine, period, by });
  own('setup1', 'task');
  own('loop1', 'task');
  for (const name of sketch.routines.keys()) if (/^[A-Z][A-Z0-9_]+\(/.test(name)) own(name, 'handler');
  registerGlobals(sketch, add);
  const find = (kind: EntryKind): Trace | undefined => traces.find(({ entry }) => entry.kind === kind);
  return { sketch, setup: find('setup'), loop: find('loop'), traces, steps: traces.flatMap(({ steps }) => steps) };
}

/** Timers made with their callback: `Task blink(500, TASK_FOREVER, &onBlink);`, `Ticker t(onTick, 100);` */
function registerGlobals(sketch: Sketch, add: (entry: Entry) => void): void {
  for (const { value, global } of sketch.variables) {
    if (!global || value?.kind !== 'call' || !value.makes) continue;
    const routine = value.args.map((each) => handedRoutine(sketch, each)).find(Boolean);
    if (!routine) continue;
    const period = value.args.map((each) => numeric(sketch, each)).find((each) => each !== undefined);
    const kind = /Task|Ticker|Timer/.test(value.method) ? 'timer' : 'handler';
    add({ kind, name: routine.name, routine, period, by: undefined });
  }
}

/** The steps of a loop run, of all traces of the same order. */
export const stepsIn = (program: Program, run: LoopRun): readonly Step[] =>
  program.steps.filter(({ order }) => order >= run.from && order < run.to);

/** Is the object of a step of this class? */
export const isOf = (sketch: Sketch, step: Step, type: RegExp): boolean =>
  step.call.object !== undefined && type.test(typeOf(sketch, step.call.object));
