/** What several rules ask of a program. */
import type { ReadProgram, Rule } from '../finding.ts';
import { nameOf, type Sketch, typeOf } from '../model.ts';
import type { Guard, Step } from '../trace.ts';
import { type Call, type Expression, expressionsIn } from '../tree.ts';
import { topicsOf } from '../waits.ts';

export const rule = (made: Rule): Rule => made;

/** Steps of setup() and then loop(), in the order of running. */
export const mainSteps = (program: ReadProgram): readonly Step[] => [
  ...(program.setup?.steps ?? []),
  ...(program.loop?.steps ?? []),
];

export const called = (steps: readonly Step[], name: RegExp): Step[] => steps.filter((step) => name.test(step.name));

/** What a condition, when true, says of the Wi-Fi link. */
function linkWhenTrue(sketch: Sketch, condition: Expression): 'up' | 'down' | undefined {
  switch (condition.kind) {
    case 'unary':
      return condition.operator === '!' ? flip(linkWhenTrue(sketch, condition.of)) : undefined;
    case 'binary': {
      const { operator, left, right } = condition;
      if (operator === '&&') return linkWhenTrue(sketch, left) ?? linkWhenTrue(sketch, right);
      if (operator !== '==' && operator !== '!=') return undefined;
      const value = [left, right].find((each) => each.kind === 'name' || each.kind === 'number');
      if (!value || !speaksOfLink(sketch, condition)) return undefined;
      const good =
        value.kind === 'name'
          ? /^(?:WL_CONNECTED|true)$/.test(value.name)
          : value.kind === 'number' && value.value !== 0;
      return good === (operator === '==') ? 'up' : 'down';
    }
    case 'call':
      return speaksOfLink(sketch, condition) ? 'up' : undefined;
    case 'name':
      return /(?:wi-?fi|wlan|net)\w*(?:connected|ready|ok|up)|connected\w*wifi/i.test(condition.name)
        ? 'up'
        : undefined;
    default:
      return undefined;
  }
}

const speaksOfLink = (sketch: Sketch, condition: Expression): boolean => {
  const topics = topicsOf(sketch, condition, undefined, undefined);
  return (topics.has('wifi') || topics.has('portal')) && !topics.has('cloud');
};

const flip = (link: 'up' | 'down' | undefined) => (link === 'up' ? 'down' : link === 'down' ? 'up' : undefined);

/** What a guard says of the Wi-Fi link where it stands. */
export function link(sketch: Sketch, { condition, holds }: Guard): 'up' | 'down' | undefined {
  if (holds) return linkWhenTrue(sketch, condition);
  if (condition.kind === 'binary' && condition.operator === '&&') return undefined;
  if (condition.kind === 'binary' && condition.operator === '||')
    return link(sketch, { condition: condition.left, holds }) ?? link(sketch, { condition: condition.right, holds });
  return flip(linkWhenTrue(sketch, condition));
}

export const whileDown = (program: ReadProgram, step: Step): boolean =>
  step.guards.some((guard) => link(program.sketch, guard) === 'down') ||
  step.loops.some((run) => program.waits.some((wait) => wait.run === run && wait.topics.has('wifi')));

/** Two steps that can't both run: the two ways of one condition. */
export const exclusive = (a: Step, b: Step): boolean =>
  a.guards.some((one) => b.guards.some((other) => one.condition === other.condition && one.holds !== other.holds));

/** Calls that run in ArduinoOTA's callback of this name. */
export const inCallback = (program: ReadProgram, name: RegExp): readonly Step[] =>
  program.traces.filter(({ entry }) => entry.kind === 'ota' && name.test(entry.name)).flatMap(({ steps }) => steps);

export const onStart = (program: ReadProgram): readonly Step[] => inCallback(program, /^onStart$/);

/** Is something like this stopped when an update starts? */
export const stopsOnStart = (program: ReadProgram, method: RegExp): boolean =>
  onStart(program).some(({ call, name }) => method.test(call.method) || method.test(name));

/** The routine that serves updates runs in a task of its own, and nowhere else. */
export function servedByTaskOnly(program: ReadProgram): boolean {
  const kinds = program.traces
    .filter(({ steps }) => steps.some(({ name }) => program.serving(name)))
    .map(({ entry }) => entry.kind);
  return kinds.includes('task') && !kinds.includes('loop');
}

/** The last name of what a call is made on: `client` in `net.client.stop()`. */
export const objectOf = (call: Call): string => call.object?.split('.').at(-1) ?? '';

export const joins = /^(?:WiFi\.begin|WiFi\.beginNoBlock|WiFi\.begin_)$/;
export const blynkJoins = (step: Step): boolean =>
  step.name === 'Blynk.connectWiFi' || (step.name === 'Blynk.begin' && step.call.args.length >= 3);
const portal = /^(?:\w*WiFiManager\w*)\.(?:autoConnect|startConfigPortal)$/;
export const isPortal = (step: Step): boolean => portal.test(step.name);
const otherJoins =
  /^(?:BlynkEdgent\.begin|BlynkProvisioning\.begin|AutoConnect\.begin|IotWebConf\.init|iotWebConf\.init|WiFiSettings\.connect|ESPConnect\.\w+|ETH\.begin|Ethernet\.begin|ESP8266WiFiMulti\.run|WiFiMulti\.run|wifiMulti\.run|homeSpan\.begin|Network\.begin|Portal\.begin)$/;
export const isJoin = (step: Step): boolean =>
  joins.test(step.name) || blynkJoins(step) || isPortal(step) || otherJoins.test(step.name);

/** Calls after which the board is known to be on the network (or the wait for it has ended). */
export const establishes = (step: Step): boolean =>
  step.name === 'WiFi.waitForConnectResult' || (isJoin(step) && !joins.test(step.name));

/** A portal that waits for a person without end. */
export function waitsInPortal(program: ReadProgram, step: Step): boolean {
  if (!isPortal(step)) return false;
  return !program.steps.some(
    ({ call, order }) =>
      order < step.order &&
      /^(?:setConfigPortalTimeout|setTimeout|setConfigPortalBlocking|setEnableConfigPortal)$/.test(call.method),
  );
}

export const hasType = (sketch: Sketch, type: RegExp) =>
  sketch.variables.find((variable) => type.test(typeOf(sketch, variable.name)) && variable.value !== undefined) ??
  sketch.variables.find((variable) => type.test(typeOf(sketch, variable.name)));

/** A call inside an expression by its name. */
export const callsIn = (sketch: Sketch, expression: Expression | undefined): { call: Call; name: string }[] =>
  [...expressionsIn(expression)].flatMap((each) =>
    each.kind === 'call' ? [{ call: each, name: nameOf(sketch, each) }] : [],
  );
