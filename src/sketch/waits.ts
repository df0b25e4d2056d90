/** What a loop waits for, whether the wait can end by itself, and what runs meanwhile. */
import { calledRoutine, constant, nameOf, numeric, type Sketch, typeOf } from './model.ts';
import { isEndless, type LoopRun, type Program, restarts, type Step, stepsIn } from './trace.ts';
import {
  allExpressions,
  type Call,
  type Expression,
  expressionsIn,
  type Loop,
  type Routine,
  type Statement,
  statementsIn,
} from './tree.ts';

export type Topic = 'wifi' | 'cloud' | 'serial' | 'pin' | 'clock' | 'device' | 'time' | 'flag' | 'portal';

export interface Wait {
  readonly run: LoopRun;
  /** What must come for it to end. */
  readonly topics: ReadonlySet<Topic>;
  /** `while (true)` with nothing that ends it. */
  readonly endless: boolean;
  /** A count or a clock ends it. */
  readonly bounded: boolean;
  /** Calls what serves updates, so the board stays reachable. */
  readonly serves: boolean;
  /** Lets the network task run. */
  readonly yields: boolean;
  readonly restarts: boolean;
  readonly steps: readonly Step[];
}

const cloudTypes =
  /^(?:Blynk|BlynkEdgent|PubSubClient|MQTTClient|MqttClient|MQTT|Adafruit_MQTT\w*|AsyncMqttClient|espMqttClient\w*|WebSocketsClient|SocketIOclient|HTTPClient|WiFiClient\w*|NetworkClient\w*|TcpClient|EthernetClient|Firebase\w*|ArduinoCloud|ThingSpeak|ThingsBoard\w*|HttpClient|BearSSL|AzureIoT\w*|EspMQTTClient|InfluxDBClient|LoRaWAN\w*)$/;
const wifiTypes = /^(?:WiFi|WiFiMulti|ESP8266WiFiMulti|wifiMulti|WiFiClass|ETH|Ethernet)$/;
const cloudMethods = /^(?:connect|connected|isConnected|reconnect|ready|login|mqttConnected)$/;
const wifiMethods = /^(?:status|isConnected|waitForConnectResult|run|localIP|begin|softAPgetStationNum|linkUp|isUp)$/;
const portalTypes = /^(?:WiFiManager|AsyncWiFiManager|ESPAsync_WiFiManager|ESP_WiFiManager|WiFiManager_\w*)$/;
const readiness =
  /^(?:begin|init|connect|connected|setup|isReady|ready|start|available|isConnected|detect|check|mount|open)$/i;

export const isCloud = (type: string): boolean => cloudTypes.test(type);

function topicOfCall(sketch: Sketch, call: Call): Topic | undefined {
  const name = nameOf(sketch, call);
  const type = call.object === undefined ? '' : typeOf(sketch, call.object);
  if (/^(?:millis|micros|esp_timer_get_time|xTaskGetTickCount)$/.test(name)) return 'time';
  if (/^(?:time|getLocalTime|sntp_get_sync_status|now)$/.test(name) || /^NTPClient\./.test(name)) return 'clock';
  if (/^(?:digitalRead|analogRead|touchRead|pulseIn|gpio_get_level)$/.test(name)) return 'pin';
  if (portalTypes.test(type)) return 'portal';
  if (wifiTypes.test(type) && wifiMethods.test(call.method)) return 'wifi';
  if (cloudTypes.test(type) && cloudMethods.test(call.method)) return 'cloud';
  if (
    /^(?:Serial\d?|HardwareSerial|SoftwareSerial|EspSoftwareSerial)$/.test(type) &&
    /^(?:available|read|peek)$/.test(call.method)
  )
    return 'serial';
  if (
    call.object !== undefined &&
    /mqtt|client|cloud|broker|firebase/i.test(call.object) &&
    cloudMethods.test(call.method)
  )
    return 'cloud';
  if (call.object !== undefined && readiness.test(call.method)) return 'device';
  return undefined;
}

/** All topics an expression speaks of, through the sketch's own functions and the loop's own variables. */
export function topicsOf(
  sketch: Sketch,
  expression: Expression,
  loop: Loop | undefined,
  within: Routine | undefined,
  depth = 0,
): Set<Topic> {
  const topics = new Set<Topic>();
  if (depth > 5) return topics;
  const addAll = (more: Iterable<Topic>): void => {
    for (const each of more) topics.add(each);
  };
  for (const each of expressionsIn(expression)) {
    if (each.kind === 'call') {
      const topic = topicOfCall(sketch, each);
      if (topic) topics.add(topic);
      const routine = topic ? undefined : calledRoutine(sketch, each, within);
      if (routine)
        for (const statement of statementsIn(routine.body))
          if (statement.kind === 'return' && statement.value)
            addAll(topicsOf(sketch, statement.value, undefined, routine, depth + 1));
          else if (statement.kind === 'if')
            addAll(
              [...topicsOf(sketch, statement.condition, undefined, routine, depth + 1)].filter(
                (topic) => topic !== 'time',
              ),
            );
    } else if (each.kind === 'name') {
      if (each.name === 'Serial' || /^Serial\d$/.test(each.name)) topics.add('serial');
      else if (/^WL_/.test(each.name)) topics.add('wifi');
      else if (loop && /^[a-z_]\w*$/.test(each.name))
        for (const value of assignedIn(loop, each.name)) addAll(topicsOf(sketch, value, undefined, within, depth + 1));
    }
  }
  return topics;
}

function* assignedIn(loop: Loop, name: string): Generator<Expression> {
  for (const statement of statementsIn([loop.body]))
    if (statement.kind === 'declare' && statement.name === name && statement.value) yield statement.value;
  for (const each of allExpressions([
    loop.body,
    { kind: 'do', expression: loop.condition ?? each0(loop), place: loop.place },
  ]))
    if (each.kind === 'assign' && each.to === name && each.operator === '=') yield each.value;
}
const each0 = (loop: Loop): Expression => ({ kind: 'other', parts: [], place: loop.place });

const success = /^(?:WL_CONNECTED|MQTT_CONNECTED|true|ESP_OK|HTTP_CODE_OK|CL_CONNECTED)$/;

/** The parts of a condition that say "not there yet": `!x`, `x == false`, `x != WL_CONNECTED`. */
function lacking(sketch: Sketch, condition: Expression): Expression[] {
  switch (condition.kind) {
    case 'unary':
      return condition.operator === '!' ? [condition.of] : [];
    case 'binary': {
      const { operator, left, right } = condition;
      if (operator === '&&' || operator === '||') return [...lacking(sketch, left), ...lacking(sketch, right)];
      const flipped = left.kind === 'number' || (left.kind === 'name' && success.test(left.name));
      const [subject, value] = flipped ? [right, left] : [left, right];
      const isSuccess =
        (value.kind === 'name' && success.test(value.name)) || (value.kind === 'number' && value.value === 1);
      const isZero = value.kind === 'number' && value.value === 0;
      // Adafruit_MQTT: connect() gives 0 when it worked.
      if (operator === '!=')
        return isSuccess || (isZero && mentions(subject, /^connect$/)) || value.kind === 'name' ? [subject] : [];
      if (operator === '==') {
        if (isZero || (value.kind === 'name' && /^WL_(?!CONNECTED)|DISCONNECTED|IDLE/.test(value.name)))
          return [subject];
        return mentions(subject, /^(?:digitalRead|analogRead)$/) ? [subject] : [];
      }
      if (operator === '<' || operator === '<=' || operator === '>' || operator === '>=') return [subject];
      return [];
    }
    case 'call':
      return condition.method === 'digitalRead' || condition.method === 'analogRead' ? [condition] : [];
    default:
      return [];
  }
}

const mentions = (expression: Expression, method: RegExp): boolean =>
  [...expressionsIn(expression)].some((each) => each.kind === 'call' && method.test(each.method));

/** Names that the loop itself counts up, down or forward. */
function countedIn(loop: Loop): Set<string> {
  const counted = new Set<string>();
  const all: (Statement | undefined)[] = [loop.body];
  const own = [loop.condition, loop.update].filter((each) => each !== undefined);
  const each = [...allExpressions(all), ...own.flatMap((one) => [...expressionsIn(one)])];
  for (const one of each)
    if (one.kind === 'assign') {
      const byItself =
        one.operator !== '=' ||
        [...expressionsIn(one.value)].some((part) => part.kind === 'name' && part.name === one.to);
      if (byItself) counted.add(one.to);
    }
  return counted;
}

/** Does a count or a clock decide here? */
function bounds(sketch: Sketch, condition: Expression, loop: Loop, counted: ReadonlySet<string>): boolean {
  if (condition.kind === 'binary' && condition.operator === '&&')
    return bounds(sketch, condition.left, loop, counted) || bounds(sketch, condition.right, loop, counted);
  if (condition.kind === 'binary' && condition.operator === '||')
    return bounds(sketch, condition.left, loop, counted) && bounds(sketch, condition.right, loop, counted);
  for (const each of expressionsIn(condition)) {
    if (each.kind === 'name' && counted.has(each.name)) return true;
    if (each.kind === 'call' && topicOfCall(sketch, each) === 'time') return true;
    if (
      each.kind === 'name' &&
      [...assignedIn(loop, each.name)].some((value) => mentions(value, /^(?:millis|micros)$/))
    )
      return true;
    if (each.kind === 'call') {
      const routine = calledRoutine(sketch, each, undefined);
      if (
        routine &&
        [...allExpressions(routine.body)].some((one) => one.kind === 'call' && /^(?:millis|micros)$/.test(one.method))
      )
        return true;
    }
  }
  return false;
}

/** Conditions under which the loop is left from inside; an empty list is a way out under no condition. */
function waysOut(loop: Loop): { condition: Expression; holds: boolean }[][] {
  const found: { condition: Expression; holds: boolean }[][] = [];
  const search = (
    statement: Statement | undefined,
    under: { condition: Expression; holds: boolean }[],
    own: boolean,
  ): void => {
    if (!statement) return;
    if (statement.kind === 'return' || (statement.kind === 'break' && own)) found.push(under);
    else if (statement.kind === 'block') {
      let inside = under;
      for (const each of statement.body) {
        search(each, inside, own);
        if (each.kind === 'if' && skips(each.consequence))
          inside = [...inside, { condition: each.condition, holds: false }];
      }
    } else if (statement.kind === 'if') {
      search(statement.consequence, [...under, { condition: statement.condition, holds: true }], own);
      search(statement.else, [...under, { condition: statement.condition, holds: false }], own);
    } else if (statement.kind === 'loop') search(statement.body, under, false);
    else if (statement.kind === 'switch')
      for (const { body } of statement.cases) for (const each of body) search(each, under, false);
  };
  search(loop.body, [], true);
  return found;
}

const skips = (statement: Statement): boolean =>
  statement.kind === 'continue' || (statement.kind === 'block' && statement.body.at(-1)?.kind === 'continue');

export const servesUpdates = (program: Program): ((name: string) => boolean) => {
  const arduinoOta = program.steps.some(({ name }) => name === 'ArduinoOTA.handle' || name === 'ArduinoOTA.begin');
  return (name) =>
    arduinoOta ? name === 'ArduinoOTA.handle' : /\.handleClient$|^(?:Async)?ElegantOTA\.loop$/.test(name);
};

const yielding =
  /^(?:yield|delay|vTaskDelay|vTaskDelayUntil|esp_yield|optimistic_yield|taskYIELD|sleep|sleep_ms|ulTaskNotifyTake|xQueueReceive|xSemaphoreTake|lwip_\w+|esp_task_wdt_reset|delayMicroseconds_|ESP\.wdtFeed|Blynk\.(?:run|connect)|ArduinoOTA\.handle|tight_loop_contents)$/;

/** A call into a library may yield; these are known not to. */
const spinning =
  /^(?:digitalRead|digitalWrite|analogRead|analogWrite|millis|micros|delayMicroseconds|wdt_reset|noInterrupts|interrupts|abs|min|max|bitRead|Serial\d?\.\w+|HardwareSerial\.\w+|SoftwareSerial\.\w+|pinMode|F|String)$/;

/** Reads one loop. */
export function readWait(program: Program, run: LoopRun, serving: (name: string) => boolean): Wait {
  const { sketch } = program;
  const { loop } = run;
  const steps = stepsIn(program, run);
  const counted = countedIn(loop);
  const endlessForm = isEndless(loop);
  const out = waysOut(loop);
  const topics = new Set<Topic>();
  const add = (expression: Expression): void => {
    for (const topic of topicsOf(sketch, expression, loop, run.within)) topics.add(topic);
  };
  let bounded = false;
  if (loop.form === 'each') bounded = true;
  else if (!endlessForm && loop.condition) {
    bounded = bounds(sketch, loop.condition, loop, counted);
    for (const each of lacking(sketch, loop.condition)) add(each);
    // `while (x);` with x a plain flag: somebody else must change it.
    if (topics.size === 0 && isFlagWait(loop, counted)) topics.add('flag');
  }
  let free = false;
  for (const under of out) {
    if (under.some(({ condition }) => bounds(sketch, condition, loop, counted))) bounded = true;
    if (under.length === 0) free = true;
    if (endlessForm) for (const { condition } of under) add(condition);
  }
  if (free) bounded = true;
  const silent = steps.every(({ name, runs }) => runs || spinning.test(name));
  return {
    run,
    topics,
    endless: endlessForm && out.length === 0,
    bounded,
    serves: steps.some(({ name }) => serving(name)),
    yields: !silent || steps.some(({ name }) => yielding.test(name)),
    restarts: steps.some(({ name, loops }) => restarts(name) && loops.at(-1) === run),
    steps,
  };
}

/** The condition is only a variable, and the body does not change it. */
function isFlagWait(loop: Loop, counted: ReadonlySet<string>): boolean {
  const { condition } = loop;
  const named = condition?.kind === 'unary' ? condition.of : condition;
  if (named?.kind !== 'name' || counted.has(named.name)) return false;
  return [...assignedIn(loop, named.name)].length === 0 && [...statementsIn([loop.body])].length <= 2;
}

/** Milliseconds a call keeps the sketch: `rest` for certain, `network` only while something does not answer. */
export function duration(sketch: Sketch, call: Call): { rest: number; network: number } {
  const name = nameOf(sketch, call);
  const first = (): number => numeric(sketch, call.args[0]) ?? 0;
  const rest = (ms: number) => ({ rest: Math.max(0, ms), network: 0 });
  const network = (ms: number) => ({ rest: 0, network: Math.max(0, ms) });
  switch (name) {
    case 'delay':
    case 'sleep_ms':
    case 'vTaskDelay':
    case 'smartDelay_':
      return rest(first());
    case 'sleep':
      return rest(first() * 1000);
    case 'delayMicroseconds':
      return rest(first() / 1000);
    // blynk-library 1.x: three library timeouts of 6 s unless told otherwise.
    case 'Blynk.connect':
      return network(call.args.length ? first() : 18_000);
    case 'WiFi.waitForConnectResult':
      return network(call.args.length ? first() : 60_000);
    case 'WiFi.scanNetworks':
      return call.args[0] && constant(sketch, call.args[0]) === 1 ? rest(0) : rest(2_200);
    default:
      return rest(0);
  }
}
