/** A sketch read: its files, routines, variables and constants, and what follows from them by name. */
import type { Grammar } from './grammar.ts';
import { lower, type Reading, type Unit } from './lower.ts';
import { arithmetic, evaluate } from './source/condition.ts';
import { type Define, type Include, type Macros, type Preprocessed, preprocess } from './source/preprocess.ts';
import { arrange, type SketchFile, sameFile } from './source/tabs.ts';
import {
  allExpressions,
  type Call,
  type Expression,
  expressionsIn,
  type Place,
  type Routine,
  type Variable,
} from './tree.ts';

export type Family = 'esp8266' | 'esp32' | 'rp2040';

export interface Sketch {
  readonly files: readonly SketchFile[];
  /** Concluded from the includes where nobody said it. */
  readonly family: Family | undefined;
  readonly includes: readonly Include[];
  readonly defines: readonly Define[];
  readonly routines: ReadonlyMap<string, Routine>;
  readonly variables: readonly Variable[];
  /** Files that could not be read whole: too large, or too hard to parse. */
  readonly unread: readonly string[];
}

/** Reads a sketch folder. Broken code is read for what can be read; it never throws. */
export function readSketch(
  grammar: Grammar,
  files: readonly SketchFile[],
  options: { readonly family?: Family } = {},
): Sketch {
  const tabs = arrange(files);
  const family = options.family ?? familyOf([...tabs.sketch, ...tabs.headers, ...tabs.sources]);
  const done = new Map<string, Preprocessed>();
  const process = (file: SketchFile, macros: Macros): void => {
    if (done.has(file.name)) return;
    done.set(file.name, { file: file.name, text: file.text, code: '', defines: [], includes: [], inRam: [] });
    const onInclude = (path: string): void => {
      const header = tabs.headers.find(({ name }) => sameFile(path, name));
      if (!header) return;
      const before = done.get(header.name);
      if (before) for (const define of before.defines) macros.set(define.name, define);
      else process(header, macros);
    };
    done.set(file.name, preprocess(file.name, file.text, macros, onInclude));
  };
  const shared = knownMacros(family);
  for (const tab of tabs.sketch) process(tab, shared);
  for (const source of tabs.sources) process(source, knownMacros(family));

  const read = [...tabs.sketch, ...tabs.headers, ...tabs.sources].flatMap(({ name }) => done.get(name) ?? []);
  const defines = read.flatMap((each) => each.defines);
  const aliases = new Map(
    defines
      .filter((each) => !each.parameters && /^[A-Za-z_][\w.]*$/.test(each.body))
      .map((each) => [each.name, each.body]),
  );
  const alias = (name: string): string => {
    let at = name;
    for (let turn = 0; turn < 8 && aliases.has(at); turn++) at = aliases.get(at)!;
    // Names of settings stay themselves: they are looked up with their value.
    return /^[A-Z][A-Za-z0-9]*(?:\.\w+)?$|\./.test(at) && !/^[A-Z0-9_]+$/.test(at) ? at : name;
  };

  const routines = new Map<string, Routine>();
  const variables: Variable[] = [];
  const unread = [...tabs.cut];
  const add = (unit: Unit | undefined, name: string): void => {
    if (!unit) unread.push(name);
    for (const routine of unit?.routines ?? []) if (!routines.has(routine.name)) routines.set(routine.name, routine);
    variables.push(...(unit?.variables ?? []));
  };
  for (const file of read) add(readUnit(grammar, file, alias), file.file);
  for (const define of defines) {
    // A loop over a parameter means nothing without what is put in for it.
    const loops = define.parameters?.some(Boolean) && /\b(?:while|for)\b/.test(define.body);
    const calls = /\b\w+\s*\(/.test(define.body);
    const macro = calls && !loops ? macroRoutine(grammar, define, read, alias) : undefined;
    if (macro && !routines.has(macro.name)) routines.set(macro.name, macro);
  }
  return {
    files: [...tabs.sketch, ...tabs.headers, ...tabs.sources],
    family,
    includes: read.flatMap((each) => each.includes),
    defines,
    routines,
    variables,
    unread: [...new Set(unread)],
  };
}

function readUnit(grammar: Grammar, file: Preprocessed, alias: (name: string) => string): Unit | undefined {
  const reading: Reading = {
    place: placesIn(file.file, file.text),
    alias,
    inRam: (from, to) => file.inRam.some((at) => at >= from && at < to),
  };
  return grammar.parse(file.code, (root) => lower(root, reading));
}

/** A macro that is code acts like a function of its name; all of it stands where it is defined. */
function macroRoutine(
  grammar: Grammar,
  define: Define,
  read: readonly Preprocessed[],
  alias: (name: string) => string,
): Routine | undefined {
  const text = read.find(({ file }) => file === define.file)?.text ?? '';
  const where = placesIn(define.file, text)(define.start, define.end);
  const source = `void ${define.name}(){ ${define.body} ; }`;
  const unit = grammar.parse(source, (root) => lower(root, { place: () => where, alias, inRam: () => false }));
  const routine = unit?.routines[0];
  return routine && { ...routine, parameters: define.parameters ?? [] };
}

function placesIn(file: string, text: string): (start: number, end: number) => Place {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const lineOf = (offset: number): number => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return (start, end) => {
    const [first, last] = [lineOf(start), lineOf(end)];
    return {
      file,
      line: first + 1,
      column: start - starts[first]! + 1,
      endLine: last + 1,
      endColumn: end - starts[last]! + 1,
      start,
      end,
    };
  };
}

/** The place of a directive, which the tree does not hold. */
export const placeOf = (sketch: Sketch, at: { file: string; start: number; end: number }): Place =>
  placesIn(at.file, sketch.files.find(({ name }) => name === at.file)?.text ?? '')(at.start, at.end);

function knownMacros(family: Family | undefined): Macros {
  const names = {
    esp8266: ['ESP8266', 'ARDUINO_ARCH_ESP8266'],
    esp32: ['ESP32', 'ARDUINO_ARCH_ESP32', 'ESP_PLATFORM'],
    rp2040: ['ARDUINO_ARCH_RP2040', 'PICO_RP2040', 'TARGET_RP2040'],
  };
  return new Map<string, Define | number>([
    ['ARDUINO', 10819],
    ['__cplusplus', 201703],
    ...(family ? names[family].map((name) => [name, 1] as [string, number]) : []),
  ]);
}

/** Marks by which a chip family's code is known; the weightier ones name it outright. */
const familyMarks: readonly [Family, RegExp][] = [
  ['esp8266', /ESP8266\w+\.h|BlynkSimpleEsp8266|ESPAsyncTCP\.h|user_interface\.h|ICACHE_RAM_ATTR|BlynkEdgent_8266/g],
  [
    'esp32',
    /<ESPmDNS\.h>|<AsyncTCP\.h>|BlynkSimpleEsp32|<esp_\w+\.h>|\bxTaskCreate\w*|BLEDevice\.h|NimBLE|\besp_deep_sleep\w*|\besp_sleep\w*|<ETH\.h>|<SPIFFS\.h>|<Update\.h>|<WebServer\.h>|\bledc\w+|\bhw_timer_t|BluetoothSerial/g,
  ],
  ['rp2040', /\brp2040\b|"pico\/|<hardware\/|<LEAmDNS\.h>|PICO_|\bsetup1\s*\(|<PicoOTA\.h>|Pico W/gi],
];

function familyOf(files: readonly SketchFile[]): Family | undefined {
  const text = files.map((file) => file.text).join('\n');
  const counts = familyMarks.map(([family, mark]) => ({ family, hits: text.match(mark)?.length ?? 0 }));
  const best = counts.toSorted((a, b) => b.hits - a.hits)[0]!;
  if (best.hits > 0) return best.family;
  if (/\bESP8266\b/.test(text)) return 'esp8266';
  if (/\bESP32\b|<WiFi\.h>/.test(text)) return 'esp32';
  return undefined;
}

/** Objects of the cores and libraries that carry their type's name, or are known by another. */
const globalTypes: Record<string, string> = {
  LittleFS: 'FS',
  SPIFFS: 'FS',
  FFat: 'FS',
  SPIFFS_: 'FS',
  Serial1: 'HardwareSerial',
  Serial2: 'HardwareSerial',
};

/** The class of an object, as written in its declaration; a well-known global is its own class. */
export function typeOf(sketch: Sketch, object: string): string {
  const name = object.split('.').at(-1)!;
  const declared = typesOf(sketch).get(name);
  return declared ?? globalTypes[object] ?? object;
}

const typeCache = new WeakMap<Sketch, Map<string, string>>();
function typesOf(sketch: Sketch): Map<string, string> {
  let types = typeCache.get(sketch);
  if (!types) {
    types = new Map();
    for (const { name, type, value } of sketch.variables) {
      const made = value?.kind === 'call' && value.makes ? value.method : undefined;
      const plain = bareType(type === 'auto' || type === '' ? (made ?? type) : type);
      if (!types.has(name) && /[A-Za-z]/.test(plain)) types.set(name, plain);
    }
    typeCache.set(sketch, types);
  }
  return types;
}

/** `std::unique_ptr<BearSSL::WiFiClientSecure>` is a `WiFiClientSecure` to us. */
const bareType = (type: string): string =>
  (/^(?:std::)?(?:unique_ptr|shared_ptr|vector|optional|array)<(.*?)>?$/.exec(type)?.[1] ?? type)
    .replace(/<.*$/, '')
    .replace(/[*&\s]|^const/g, '')
    .split('::')
    .at(-1)!
    .replace(/^ArduinoOTAClass$/, 'ArduinoOTA');

/** `PubSubClient.connect`, `WiFi.begin`, `delay`: a call by its object's class. */
export function nameOf(sketch: Sketch, call: Call): string {
  if (call.upon?.kind === 'call' && nameOf(sketch, call.upon).startsWith('ArduinoOTA.'))
    return `ArduinoOTA.${call.method}`;
  if (call.object === undefined) return call.method;
  return `${typeOf(sketch, call.object)}.${call.method}`;
}

/** The routine a call runs, where it is the sketch's own. */
export function calledRoutine(sketch: Sketch, call: Call, within: Routine | undefined): Routine | undefined {
  if (call.upon) return undefined;
  if (call.object === undefined) {
    const own = within?.class ? sketch.routines.get(`${within.class}::${call.method}`) : undefined;
    return own ?? sketch.routines.get(call.method) ?? (within ? undefined : onlyMethod(sketch, call.method));
  }
  if (call.object === 'this') return within?.class ? sketch.routines.get(`${within.class}::${call.method}`) : undefined;
  return (
    sketch.routines.get(`${typeOf(sketch, call.object)}::${call.method}`) ??
    sketch.routines.get(`${call.object}::${call.method}`)
  );
}

/** A method of that name, where one class alone has it. */
function onlyMethod(sketch: Sketch, method: string): Routine | undefined {
  const found = [...sketch.routines.values()].filter((each) => each.class && each.name === `${each.class}::${method}`);
  return found.length === 1 ? found[0] : undefined;
}

/** The routine an argument hands over: `onTimer`, `&onTimer`, `[]() {…}`, `std::bind(&Light::tick, this)`. */
export function handedRoutine(sketch: Sketch, argument: Expression | undefined): Routine | undefined {
  if (!argument) return undefined;
  if (argument.kind === 'lambda') return argument.routine;
  if (argument.kind === 'name') return sketch.routines.get(argument.name);
  if (argument.kind === 'call' && /^(?:bind|digitalPinToInterrupt|TaskCallback)$/.test(argument.method))
    return argument.args.map((each) => handedRoutine(sketch, each)).find(Boolean);
  if (argument.kind === 'other') return argument.parts.map((each) => handedRoutine(sketch, each)).find(Boolean);
  return undefined;
}

/** Pins of the boards that print other names than the chip's. Source: esp8266 `variants/nodemcu/pins_arduino.h`. */
const nodeMcu: Record<string, number> = { D0: 16, D1: 5, D2: 4, D3: 0, D4: 2, D5: 14, D6: 12, D7: 13, D8: 15 };

/** What a constant expression is worth: a number, a text, or undefined when it can't be told. */
export function constant(sketch: Sketch, expression: Expression | undefined, depth = 0): number | string | undefined {
  if (!expression || depth > 12) return undefined;
  const again = (inner: Expression): number | string | undefined => constant(sketch, inner, depth + 1);
  switch (expression.kind) {
    case 'number':
      return Number.isNaN(expression.value) ? undefined : expression.value;
    case 'text':
      return expression.value;
    case 'name':
      return namedConstant(sketch, expression.name, depth + 1);
    case 'unary': {
      const value = again(expression.of);
      if (typeof value !== 'number') return undefined;
      return expression.operator === '-' ? -value : expression.operator === '!' ? Number(!value) : undefined;
    }
    case 'binary': {
      const [left, right] = [again(expression.left), again(expression.right)];
      return typeof left === 'number' && typeof right === 'number'
        ? arithmetic(expression.operator, left, right)
        : undefined;
    }
    case 'call':
      return expression.method === 'pdMS_TO_TICKS' ? again(expression.args[0]!) : undefined;
    default:
      return undefined;
  }
}

export const numeric = (sketch: Sketch, expression: Expression | undefined): number | undefined => {
  const value = constant(sketch, expression);
  return typeof value === 'number' ? value : undefined;
};

function namedConstant(sketch: Sketch, name: string, depth: number): number | string | undefined {
  const define = sketch.defines.find((each) => each.name === name && !each.parameters);
  if (define) {
    const literal = /^(?:F\()?\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\)?$/.exec(define.body)?.[1];
    if (literal) return literal.replace(/"\s*"/g, '').trim().slice(1, -1);
    return evaluate(define.body, {
      defined: () => false,
      value: (other) => {
        const value = depth < 12 ? namedConstant(sketch, other, depth + 1) : undefined;
        return typeof value === 'number' ? value : undefined;
      },
    });
  }
  const bare = name.split(/\.|::/).at(-1)!;
  const variable = sketch.variables.find((each) => each.name === bare);
  if (variable)
    return variable.value && !isChanged(sketch, bare) ? constant(sketch, variable.value, depth + 1) : undefined;
  if (name === 'portTICK_PERIOD_MS' || name === 'portTICK_RATE_MS') return 1;
  if (name === 'portMAX_DELAY') return 0xffff_ffff;
  if (name === 'nullptr' || name === 'NULL') return 0;
  return sketch.family === 'esp32' || sketch.family === 'rp2040' ? undefined : nodeMcu[name];
}

const changedCache = new WeakMap<Sketch, Set<string>>();
/** A variable that some routine assigns is no constant. */
function isChanged(sketch: Sketch, name: string): boolean {
  let changed = changedCache.get(sketch);
  if (!changed) {
    changed = new Set();
    for (const routine of sketch.routines.values())
      for (const each of everyExpression(routine)) if (each.kind === 'assign') changed.add(each.to.split('.').at(-1)!);
    changedCache.set(sketch, changed);
  }
  return changed.has(name);
}

/** Every expression of a routine, its lambdas' too. */
export function* everyExpression(routine: Routine): Generator<Expression> {
  for (const each of allExpressions(routine.body)) {
    yield each;
    if (each.kind === 'lambda') yield* everyExpression(each.routine);
  }
}

/** Every expression of the sketch, reached or not. */
export function* expressionsOf(sketch: Sketch): Generator<Expression> {
  for (const routine of sketch.routines.values()) yield* everyExpression(routine);
  for (const { value, global } of sketch.variables) if (global) yield* expressionsIn(value);
}

/** Does any file include a header whose name matches? */
export const includes = (sketch: Sketch, header: RegExp): boolean =>
  sketch.includes.some(({ path }) => header.test(path));
