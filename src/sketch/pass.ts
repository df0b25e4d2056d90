/** One pass of loop(): how long it can stay away from what serves updates, and whether every pass gets there. */
import { calledRoutine, nameOf, numeric, type Sketch } from './model.ts';
import { type Guard, isEndless, restarts } from './trace.ts';
import { type Call, type Expression, expressionsIn, type Loop, type Routine, type Statement } from './tree.ts';
import { duration } from './waits.ts';

/** A stretch of program: its whole time, or the times before, between and after serving. */
interface Stretch {
  readonly head: number;
  readonly most: number;
  readonly tail: number;
  readonly serves: boolean;
  /** It ends in a restart: time spent there keeps nobody waiting. */
  readonly over: boolean;
}

const still = (ms: number): Stretch => ({ head: ms, most: ms, tail: ms, serves: false, over: false });
const nothing = still(0);
const over: Stretch = { ...nothing, over: true };

const then = (a: Stretch, b: Stretch): Stretch => {
  if (a.over || b.over) return over;
  if (!a.serves && !b.serves) return still(a.most + b.most);
  return {
    head: a.serves ? a.head : a.most + b.head,
    most: Math.max(a.most, b.most, (a.serves ? a.tail : a.most) + b.head),
    tail: b.serves ? b.tail : a.tail + b.most,
    serves: true,
    over: false,
  };
};

const either = (a: Stretch, b: Stretch): Stretch => {
  if (a.over) return b;
  if (b.over) return a;
  // Where only one way serves, the other counts for its time.
  const [head, tail] = [Math.max(a.head, b.head), Math.max(a.tail, b.tail)];
  return { head, tail, most: Math.max(a.most, b.most), serves: a.serves || b.serves, over: false };
};

export interface Longest {
  readonly ms: number;
  /** The calls that take the time, in order. */
  readonly calls: readonly Call[];
}

/** The longest time that one pass stays away from serving, in ms; `network` counts timed network attempts in. */
export function longestStretch(
  sketch: Sketch,
  routine: Routine,
  serving: (name: string) => boolean,
  network: boolean,
  harmless: (guard: Guard) => boolean,
): Longest {
  const calls: Call[] = [];
  const stack = new Set<Routine>();
  const known = new Map<Routine, Stretch>();

  const sequence = (statements: readonly Statement[], within: Routine): Stretch =>
    statements.reduce((sofar, each) => then(sofar, statement(each, within)), nothing);

  function statement(each: Statement, within: Routine): Stretch {
    switch (each.kind) {
      case 'do':
        return expression(each.expression, within);
      case 'declare':
      case 'return':
        return expression(each.value, within);
      case 'block':
        return sequence(each.body, within);
      case 'if':
        return then(
          expression(each.condition, within),
          either(
            way(each.consequence, { condition: each.condition, holds: true }, within),
            way(each.else, { condition: each.condition, holds: false }, within),
          ),
        );
      case 'switch':
        return then(
          expression(each.value, within),
          each.cases.map(({ body }) => sequence(body, within)).reduce(either, nothing),
        );
      case 'loop':
        return loop(each, within);
      default:
        return nothing;
    }
  }

  const way = (each: Statement | undefined, guard: Guard, within: Routine): Stretch =>
    each && !harmless(guard) ? statement(each, within) : nothing;

  function loop(each: Loop, within: Routine): Stretch {
    const body = then(
      expression(each.condition, within),
      then(statement(each.body, within), expression(each.update, within)),
    );
    if (body.over) return isEndless(each) ? over : nothing;
    if (body.serves) return then(body, body);
    const limit = timeLimit(sketch, each);
    // One that something else may end sooner is an attempt, not a rest.
    if (limit !== undefined && !network && each.condition?.kind === 'binary' && each.condition.operator === '&&')
      return nothing;
    if (limit !== undefined) {
      if (limit > 0 && each.condition) calls.push(callIn(each.condition));
      return still(limit);
    }
    return still(Math.min(body.most * (turns(sketch, each) ?? 1), 3_600_000));
  }

  function expression(each: Expression | undefined, within: Routine): Stretch {
    if (!each) return nothing;
    let sum = nothing;
    for (const one of expressionsIn(each)) {
      if (one.kind !== 'call') continue;
      sum = then(sum, call(one, within));
    }
    return sum;
  }

  function call(one: Call, within: Routine): Stretch {
    const name = nameOf(sketch, one);
    if (serving(name)) return { ...nothing, serves: true };
    if (restarts(name)) return over;
    const runs = calledRoutine(sketch, one, within);
    if (runs) return enter(runs);
    const time = duration(sketch, one);
    const ms = time.rest + (network ? time.network : 0);
    if (ms > 0) calls.push(one);
    return still(ms);
  }

  function enter(runs: Routine): Stretch {
    const before = known.get(runs);
    if (before) return before;
    if (stack.has(runs) || stack.size > 20) return nothing;
    stack.add(runs);
    const made = sequence(runs.body, runs);
    stack.delete(runs);
    known.set(runs, made);
    return made;
  }

  const whole = enter(routine);
  const ms = whole.over ? 0 : whole.serves ? Math.max(whole.most, whole.tail + whole.head) : whole.most;
  return { ms: Math.min(ms, 3_600_000), calls };
}

const callIn = (expression: Expression): Call =>
  [...expressionsIn(expression)].find((each) => each.kind === 'call') ?? {
    kind: 'call',
    object: undefined,
    method: '',
    args: [],
    upon: undefined,
    makes: false,
    place: expression.place,
  };

/** `while (millis() - start < 5000)` lasts 5,000 ms, whatever else it waits for. */
export function timeLimit(sketch: Sketch, loop: Loop): number | undefined {
  for (const each of expressionsIn(loop.condition)) {
    if (each.kind !== 'binary' || !/^[<>]=?$/.test(each.operator)) continue;
    const [clock, limit] = /</.test(each.operator) ? [each.left, each.right] : [each.right, each.left];
    const reads = [...expressionsIn(clock)].find(
      (one) => one.kind === 'call' && /^(?:millis|micros)$/.test(one.method),
    );
    const since = clock.kind === 'binary' && clock.operator === '-';
    const value = numeric(sketch, limit);
    if (reads?.kind === 'call' && since && value !== undefined) return reads.method === 'micros' ? value / 1000 : value;
  }
  return undefined;
}

/** How often a counting loop turns, where it can be told. */
function turns(sketch: Sketch, loop: Loop): number | undefined {
  if (loop.form === 'each') return undefined;
  for (const each of expressionsIn(loop.condition)) {
    if (each.kind !== 'binary' || !/^[<>]=?$|^!=$/.test(each.operator)) continue;
    const limit = numeric(sketch, each.right) ?? numeric(sketch, each.left);
    const named = [each.left, each.right].some((side) => side.kind === 'name' || side.kind === 'assign');
    if (named && limit !== undefined && limit >= 0) return Math.min(limit, 10_000);
  }
  return undefined;
}

/** Does every pass through a routine serve? `harmless` says of a condition which way keeps nobody waiting. */
export function everyPassServes(
  sketch: Sketch,
  routine: Routine,
  serving: (name: string) => boolean,
  harmless: (guard: Guard) => boolean,
): boolean {
  const stack = new Set<Routine>();
  /** Serving so far; undefined: this way does not go on. */
  type State = boolean | undefined;

  function run(target: Routine, before: boolean): boolean {
    if (before || stack.has(target) || stack.size > 20) return before;
    stack.add(target);
    const exits: boolean[] = [];
    const end = sequence(target.body, before, target, exits);
    stack.delete(target);
    if (end !== undefined) exits.push(end);
    return exits.every(Boolean);
  }

  const sequence = (body: readonly Statement[], before: State, within: Routine, exits: boolean[]): State => {
    let state = before;
    for (const each of body) if (state !== undefined) state = statement(each, state, within, exits);
    return state;
  };

  function statement(each: Statement, before: boolean, within: Routine, exits: boolean[]): State {
    switch (each.kind) {
      case 'do':
        return expression(each.expression, before, within);
      case 'declare':
        return expression(each.value, before, within);
      case 'return': {
        const state = expression(each.value, before, within);
        if (state !== undefined) exits.push(state);
        return undefined;
      }
      case 'block':
        return sequence(each.body, before, within, exits);
      case 'if': {
        const start = expression(each.condition, before, within);
        if (start === undefined) return undefined;
        const none: boolean[] = [];
        const yes = { condition: each.condition, holds: true };
        const no = { condition: each.condition, holds: false };
        const first = statement(each.consequence, start, within, harmless(yes) ? none : exits);
        const second = each.else ? statement(each.else, start, within, harmless(no) ? none : exits) : start;
        if (harmless(yes)) return second;
        if (harmless(no)) return first;
        return first === undefined ? second : second === undefined ? first : first && second;
      }
      case 'switch': {
        const states = each.cases.map(({ body }) => sequence(body, before, within, exits) ?? before);
        return before || (each.cases.some((one) => one.default) && states.every(Boolean));
      }
      case 'loop': {
        const asked = expression(each.condition, before, within);
        const inside = statement(each.body, asked ?? before, within, []);
        return inside ?? asked ?? before;
      }
      default:
        return before;
    }
  }

  function expression(each: Expression | undefined, before: boolean, within: Routine): State {
    let state = before;
    for (const one of expressionsIn(each)) {
      if (one.kind === 'name' && one === each && sketch.routines.has(one.name))
        state = run(sketch.routines.get(one.name)!, state);
      if (one.kind !== 'call') continue;
      const name = nameOf(sketch, one);
      if (restarts(name)) return undefined;
      if (serving(name)) state = true;
      const runs = calledRoutine(sketch, one, within);
      if (runs) state = run(runs, state);
    }
    return state;
  }

  return run(routine, false);
}
