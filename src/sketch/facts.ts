/** What a sketch says to the doctor. */
import { type Fact, fact, sketchRules } from '#values/facts.ts';
import { readProgram } from './check.ts';
import type { Finding } from './finding.ts';
import { constant, type Sketch } from './model.ts';
import { longestStretch } from './pass.ts';
import { called, establishes, isJoin, link, mainSteps, onStart, servedByTaskOnly } from './rules/common.ts';

/** Facts of a sketch that was read and checked. Where nothing could be read there are none. */
export function facts(sketch: Sketch, findings: readonly Finding[]): Fact[] {
  if (sketch.routines.size === 0) return [];
  const program = readProgram(sketch);
  const found: Fact[] = [];
  const fired = new Set(findings.map(({ rule }) => rule));
  for (const rule of sketchRules) found.push(fact(`sketch.lint.${rule}`, fired.has(rule), 'sketch'));

  found.push(fact('image.has-ota', program.ota.arduino || program.ota.other, 'sketch'));
  if (sketch.family) found.push(fact('board.family', sketch.family, 'sketch', { inferred: true }));
  found.push(fact('sketch.joins-wifi', joinsBeforeOta(program), 'sketch'));
  const wait = longestWait(program);
  if (wait !== undefined) found.push(fact('sketch.longest-wait', wait, 'sketch'));
  if (program.ota.arduino) {
    const form = passwordForm(program);
    if (form) found.push(fact('sketch.password-form', form, 'sketch'));
    found.push(fact('sketch.stops-work-on-start', stopsWork(program), 'sketch'));
    found.push(fact('sketch.stock-example', isStockExample(program) && !spoilt(findings), 'sketch'));
  }
  const mode = wifiMode(program);
  if (mode) found.push(fact('running.wifi-mode', mode, 'sketch', { inferred: true }));
  return found;
}

type Read = ReturnType<typeof readProgram>;

function joinsBeforeOta(program: Read): boolean {
  const steps = mainSteps(program);
  const begin = called(steps, /^ArduinoOTA\.begin$/)[0];
  if (begin?.guards.some((guard) => link(program.sketch, guard) === 'up')) return true;
  return program.steps.some((step) => (isJoin(step) || establishes(step)) && (!begin || step.order < begin.order));
}

/** An hour stands for "for ever": a fact must be a number. */
const forEver = 3_600_000;

function longestWait(program: Read): number | undefined {
  if (!program.loop || servedByTaskOnly(program)) return undefined;
  const stuck = program.waits.some(
    ({ run, serves, bounded, topics, endless }) =>
      run.entry.kind === 'loop' && !serves && (endless || (!bounded && (topics.has('cloud') || topics.has('device')))),
  );
  if (stuck) return forEver;
  const harmless = (guard: Parameters<typeof link>[1]) => link(program.sketch, guard) === 'down';
  return Math.round(longestStretch(program.sketch, program.loop.entry.routine, program.serving, true, harmless).ms);
}

function passwordForm(program: Read) {
  const [step] = called(program.steps, /^ArduinoOTA\.setPassword(?:Hash)?$/);
  if (!step) return 'none' as const;
  const value = constant(program.sketch, step.call.args[0]);
  if (step.call.method === 'setPassword') return value === '' ? ('none' as const) : ('plain' as const);
  if (typeof value !== 'string') return undefined;
  if (/^[0-9a-f]{32}$/.test(value)) return 'md5-hash' as const;
  if (/^[0-9a-f]{64}$/.test(value)) return 'sha256-hash' as const;
  return /^(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{64})$/.test(value) ? ('upper-case-hash' as const) : ('other-hash' as const);
}

const stopsWork = (program: Read): boolean =>
  onStart(program).some(
    ({ call, name }) =>
      /^(?:detach\w*|end|stop\w*|disconnect|disable\w*|deinit|vTaskSuspend|vTaskDelete|suspend|timer1_disable|setSleep|pause)$/.test(
        call.method,
      ) || /^detachInterrupt$/.test(name),
  );

/** The example itself restarts while it can't join, and has its user's network in it. */
const exampleHasToo: ReadonlySet<string> = new Set(['wifi-wait-forever', 'secrets-in-source']);
const spoilt = (findings: readonly Finding[]): boolean =>
  findings.some(({ rule, severity }) => severity !== 'info' && !exampleHasToo.has(rule));

/** Nothing but joining, OTA, its callbacks and prints. */
function isStockExample(program: Read): boolean {
  const stock =
    /^(?:ArduinoOTA\.\w+|Serial\.\w+|WiFi\.(?:mode|begin|waitForConnectResult|status|localIP|isConnected)|delay|ESP\.restart|rp2040\.\w+|millis|F|String|pinMode|digitalWrite|analogWrite)$/;
  const loop = program.loop?.steps ?? [];
  return (
    program.steps.every(({ name, runs, call }) => runs || call.makes || stock.test(name)) &&
    loop.length > 0 &&
    loop.every(({ name }) => name === 'ArduinoOTA.handle')
  );
}

function wifiMode(program: Read) {
  const ap = program.steps.some(
    ({ name, call }) =>
      name === 'WiFi.softAP' || call.args.some((each) => each.kind === 'name' && /^WIFI_AP(?:_STA)?$/.test(each.name)),
  );
  const station = program.steps.some(isJoin);
  if (ap) return station ? ('ap-and-station' as const) : ('ap' as const);
  return station ? ('station' as const) : undefined;
}
