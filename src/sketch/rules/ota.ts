/** ArduinoOTA itself: begun, served on every pass, set up before it begins. */
import { before, firstIn } from '../edits.ts';
import type { ReadProgram, Report } from '../finding.ts';
import { constant, expressionsOf, nameOf, numeric, placeOf, type Sketch } from '../model.ts';
import { everyPassServes } from '../pass.ts';
import type { Guard, Step, Trace } from '../trace.ts';
import { expressionsIn, type Place } from '../tree.ts';
import { called, establishes, exclusive, isJoin, link, mainSteps, rule } from './common.ts';

const header = /^ArduinoOTA\.h$/i;

const includePlace = (sketch: Sketch): Place | undefined => {
  const include = sketch.includes.find(({ path }) => header.test(path));
  return include && placeOf(sketch, include);
};
const anyPlace = (program: ReadProgram): Place | undefined =>
  includePlace(program.sketch) ?? program.steps.find(({ name }) => name.startsWith('ArduinoOTA.'))?.call.place;

const begins = (program: ReadProgram): Step[] => called(program.steps, /^ArduinoOTA\.begin$/);
const handlers = (program: ReadProgram): Trace[] =>
  program.traces.filter(({ steps }) => steps.some(({ name }) => name === 'ArduinoOTA.handle'));
/** Written somewhere, but nothing calls it. */
const unreached = (program: ReadProgram, name: string): Place | undefined =>
  [...expressionsOf(program.sketch)].find((each) => each.kind === 'call' && nameOf(program.sketch, each) === name)
    ?.place;

export const otaBeginMissing = rule({
  id: 'L04',
  rule: 'ota-begin-missing',
  severity: 'error',
  why: 'Without it nothing listens for an update and the board announces no network port.',
  mend: 'Call ArduinoOTA.begin() in setup(), after the board has joined the Wi-Fi.',
  *find(program) {
    if (!program.ota.arduino || begins(program).length > 0) return;
    const written = unreached(program, 'ArduinoOTA.begin');
    const place = written ?? anyPlace(program);
    if (place)
      yield {
        place,
        message: written
          ? 'ArduinoOTA.begin() stands in a function that nothing calls'
          : 'ArduinoOTA is included but ArduinoOTA.begin() is never called',
      };
  },
});

export const handleMissing = rule({
  id: 'L05',
  rule: 'handle-missing',
  severity: 'error',
  why: 'Everything ArduinoOTA does, it does in handle(). Without it an invitation is answered once at most, and the update never runs.',
  mend: 'Call ArduinoOTA.handle() first in loop().',
  *find(program) {
    if (!program.ota.arduino || handlers(program).length > 0) return;
    const written = unreached(program, 'ArduinoOTA.handle');
    const loop = program.loop?.entry.routine;
    const place = written ?? loop?.place ?? anyPlace(program);
    if (!place) return;
    yield {
      place,
      message: written
        ? 'ArduinoOTA.handle() stands in a function that loop() never reaches'
        : 'ArduinoOTA.handle() is never called',
      fix: loop && { safety: 'safe', edits: [firstIn(program.sketch, loop, 'ArduinoOTA.handle();')] },
    };
  },
});

export const handleOnlyInSetup = rule({
  id: 'L06',
  rule: 'handle-only-in-setup',
  severity: 'error',
  why: 'setup() runs once, so handle() looks for an update once, in the first seconds, and never again.',
  mend: 'Call ArduinoOTA.handle() first in loop().',
  *find(program) {
    const traces = handlers(program);
    if (traces.length === 0 || traces.some(({ entry }) => entry.kind !== 'setup')) return;
    const step = traces[0]!.steps.find(({ name }) => name === 'ArduinoOTA.handle')!;
    const endless = program.waits.some((wait) => wait.serves && wait.endless && wait.run.entry.kind === 'setup');
    // A window before deep sleep is served in setup() alone, and rightly.
    const sleeps = program.setup!.steps.some(({ name, order }) => /deep_?sleep/i.test(name) && order > step.order);
    if (endless || (sleeps && step.loops.length > 0)) return;
    const loop = program.loop?.entry.routine;
    yield {
      place: step.call.place,
      message: 'ArduinoOTA.handle() is called in setup() only',
      fix: loop && { safety: 'safe', edits: [firstIn(program.sketch, loop, 'ArduinoOTA.handle();')] },
    };
  },
});

/** Conditions under which not serving keeps nobody waiting: no Wi-Fi, or OTA not begun yet. */
export function harmlessToSkip(program: ReadProgram): (guard: Guard) => boolean {
  const flags = new Set<string>();
  for (const { within } of begins(program))
    for (const each of within.body) for (const name of assignedTrue(program.sketch, each)) flags.add(name);
  const harmless = (guard: Guard): boolean => {
    if (link(program.sketch, guard) === 'down') return true;
    const { condition, holds } = guard;
    const fixed = constant(program.sketch, condition);
    if (fixed !== undefined) return Boolean(fixed) !== holds;
    if (condition.kind === 'binary' && condition.operator === (holds ? '||' : '&&'))
      return harmless({ condition: condition.left, holds }) && harmless({ condition: condition.right, holds });
    const negated = condition.kind === 'unary' && condition.operator === '!';
    const subject = negated ? condition.of : condition;
    return subject.kind === 'name' && flags.has(bare(subject.name)) && holds === negated;
  };
  return harmless;
}

const bare = (name: string): string => name.split('.').at(-1)!;

function assignedTrue(sketch: Sketch, statement: unknown): string[] {
  const names: string[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) for (const each of node) visit(each);
    if (typeof node !== 'object' || node === null) return;
    const one = node as { kind?: string; operator?: string; to?: string; value?: never };
    if (one.kind === 'assign' && one.operator === '=' && one.to && constant(sketch, one.value) === 1)
      names.push(one.to);
    for (const value of Object.values(node)) visit(value);
  };
  visit(statement);
  return names;
}

export const handleConditional = rule({
  id: 'L07',
  rule: 'handle-conditional',
  severity: 'warning',
  why: 'While the condition does not hold, or the timer is not due, no update is answered.',
  mend: 'Call ArduinoOTA.handle() first in loop(), under no condition.',
  *find(program) {
    const traces = handlers(program);
    if (traces.some(({ entry }) => entry.kind === 'task')) return;
    const inLoop = traces.find(({ entry }) => entry.kind === 'loop');
    const serving = (name: string): boolean => name === 'ArduinoOTA.handle';
    if (inLoop) {
      if (everyPassServes(program.sketch, inLoop.entry.routine, serving, harmlessToSkip(program))) return;
      const steps = inLoop.steps.filter(({ name }) => name === 'ArduinoOTA.handle');
      const step = steps[0]!;
      if (isFastGate(program.sketch, step)) return;
      const guard = step.guards.find((each) => !harmlessToSkip(program)(each));
      yield {
        place: step.call.place,
        message: guard
          ? `ArduinoOTA.handle() is called under a condition (line ${guard.condition.place.line})`
          : 'ArduinoOTA.handle() is not reached on every pass of loop()',
        ...(guard && { also: [guard.condition.place] }),
        fix: { safety: 'unsafe', edits: [firstIn(program.sketch, inLoop.entry.routine, 'ArduinoOTA.handle();')] },
      };
      return;
    }
    const timer = traces.find(
      ({ entry }) => entry.kind === 'timer' && (entry.period === undefined || entry.period > 20),
    );
    const step = timer?.steps.find(({ name }) => name === 'ArduinoOTA.handle');
    if (step && !traces.some(({ entry }) => entry.kind === 'ticker' || entry.kind === 'interrupt'))
      yield { place: step.call.place, message: 'ArduinoOTA.handle() is called by a timer only' };
  },
});

/** `if (millis() - last >= 10)`: often enough. */
function isFastGate(sketch: Sketch, step: Step): boolean {
  const [guard, ...more] = step.guards;
  if (!guard || more.length > 0 || !guard.holds) return false;
  const { condition } = guard;
  if (condition.kind !== 'binary' || !/^>=?$/.test(condition.operator)) return false;
  const clock = [...expressionsIn(condition.left)].some((each) => each.kind === 'call' && each.method === 'millis');
  const limit = numeric(sketch, condition.right);
  return clock && limit !== undefined && limit <= 20;
}

export const handleInSlowTask = rule({
  id: 'L08',
  rule: 'handle-in-slow-task',
  severity: 'warning',
  why: 'An upload is a quick exchange: polled seldom it times out, and in an interrupt or a Ticker the network calls it makes are not allowed.',
  mend: 'Call it from loop(), or from a task that waits 1 to 5 ms between calls.',
  *find(program) {
    for (const { entry, steps } of handlers(program)) {
      const step = steps.find(({ name }) => name === 'ArduinoOTA.handle')!;
      if (entry.kind === 'interrupt' || entry.kind === 'ticker') {
        yield {
          place: step.call.place,
          message: `ArduinoOTA.handle() runs in ${entry.kind === 'ticker' ? 'a Ticker callback' : 'an interrupt'}`,
        };
      } else if (entry.kind === 'task') {
        const run = step.loops[0];
        const waits = steps.filter(
          ({ name, loops, call }) =>
            loops[0] === run &&
            /^(?:vTaskDelay|delay|vTaskDelayUntil|xTaskDelayUntil)$/.test(name) &&
            (numeric(program.sketch, call.args[/Until$/.test(name) ? 1 : 0]) ?? 0) > 20,
        );
        if (waits[0])
          yield {
            place: waits[0].call.place,
            also: [step.call.place],
            message: `the task that calls ArduinoOTA.handle() waits ${numeric(program.sketch, waits[0].call.args.at(-1))} ms between calls`,
          };
      }
    }
  },
});

export const beginBeforeWifi = rule({
  id: 'L12',
  rule: 'begin-before-wifi',
  severity: 'warning',
  why: 'The service then listens before there is a network: it may miss the group for mDNS, and the port never shows in the IDE.',
  mend: 'Call ArduinoOTA.begin() once WiFi.status() says WL_CONNECTED.',
  *find(program) {
    const begin = called(mainSteps(program), /^ArduinoOTA\.begin$/)[0];
    if (!begin || begin.guards.some((guard) => link(program.sketch, guard) === 'up')) return;
    const earlier = program.steps.filter(({ order }) => order < begin.order);
    if (earlier.some((step) => establishes(step) || /\.softAP$|^(?:ETH|Ethernet)\./.test(step.name))) return;
    const waited = program.waits.some(
      ({ run, topics, steps }) =>
        (run.to <= begin.order && topics.has('wifi')) ||
        (run.to <= begin.order && steps.some(({ name }) => /^WiFi\.(?:status|isConnected|localIP)$/.test(name))),
    );
    if (waited || !program.steps.some(isJoin)) return;
    yield { place: begin.call.place, message: 'ArduinoOTA.begin() is called before the Wi-Fi is joined' };
  },
});

export const settersAfterBegin = rule({
  id: 'L17',
  rule: 'setters-after-begin',
  severity: 'error',
  why: 'ArduinoOTA takes its settings when it begins; what comes later, or a second time, is ignored without a word.',
  mend: 'Call setHostname(), setPort() and setPassword() once each, before ArduinoOTA.begin().',
  *find(program) {
    const begin = begins(program)[0];
    const seen = new Map<string, Step>();
    for (const step of called(mainSteps(program), /^ArduinoOTA\.set(?:Password|PasswordHash|Hostname|Port)$/)) {
      const { method, place } = step.call;
      const kind = method.replace('Hash', '');
      const twice = seen.get(kind);
      if (begin && step.order > begin.order && !exclusive(step, begin)) {
        yield {
          place,
          also: [begin.call.place],
          message: `${method}() comes after ArduinoOTA.begin() and has no effect`,
        };
      } else if (twice && twice.call !== step.call && !exclusive(twice, step))
        yield { place, also: [twice.call.place], message: `${method}() is called twice; only the first counts` };
      else seen.set(kind, step);
    }
  },
});

export const noOnError = rule({
  id: 'L39',
  rule: 'no-onerror',
  severity: 'info',
  why: 'When an update fails, ESP8266 core 2.3.0 and the ESP32 tell the uploader nothing; the error callback is the only one to say why.',
  mend: 'Add ArduinoOTA.onError() and print the number it gets.',
  *find(program) {
    const begin = begins(program)[0];
    if (
      !begin ||
      [...expressionsOf(program.sketch)].some(
        (each) => each.kind === 'call' && nameOf(program.sketch, each) === 'ArduinoOTA.onError',
      )
    )
      return;
    const serial = program.steps.some(({ name }) => name === 'Serial.begin');
    const text = 'ArduinoOTA.onError([](ota_error_t error) { Serial.printf("OTA error %u\\n", (unsigned)error); });';
    yield {
      place: begin.call.place,
      message: 'no ArduinoOTA.onError(): a failed update leaves no trace',
      ...(serial && { fix: { safety: 'safe', edits: [before(program.sketch, begin.call.place, text)] } }),
    } satisfies Report;
  },
});
