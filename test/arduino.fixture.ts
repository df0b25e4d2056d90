// What arduino-cli and IDE 1.8 make of recipes: keys over keys, legacy platforms converted, placeholders filled in, and the line
// split into words (arduino-cli loader.go, service_upload.go; go-properties-orderedmap; IDE 1.8 GenericNetworkUploader.java).
import { properties } from '#integrations/arduino/recipes.ts';

export interface NetworkPort {
  readonly address: string;
  readonly port: number;
}

interface Core {
  readonly platform: string;
  readonly platformLocal?: string;
  readonly boards: string;
  readonly boardsLocal?: string;
  readonly folder: string;
}

export interface Call {
  readonly words: readonly string[];
  /** Whether the host would ask for a password. */
  readonly asks: boolean;
}

const merged = (...texts: readonly (string | undefined)[]): Map<string, string> =>
  new Map(texts.flatMap((text) => [...folded(properties(text ?? ''))]));

/** `.linux` keys go over the base key, file by file. */
function folded(keys: ReadonlyMap<string, string>): Map<string, string> {
  const all = new Map(keys);
  for (const [key, value] of keys) if (key.endsWith('.linux')) all.set(key.slice(0, -'.linux'.length), value);
  return all;
}

const below = (keys: ReadonlyMap<string, string>, start: string): Map<string, string> =>
  new Map([...keys].flatMap(([key, value]) => (key.startsWith(start) ? [[key.slice(start.length), value]] : [])));

export function arduinoCliCall(core: Core, board: string, port: NetworkPort, build: Record<string, string>): Call {
  const platform = merged(core.platform, core.platformLocal);
  const boards = merged(core.boards, core.boardsLocal);
  const own = new Map([...below(boards, `${board}.`), ...below(boards, `${board}.menu.uploadmethod.default.`)]);
  const legacy = ![...platform.keys()].some((key) => /^pluggable_(discovery|monitor)/.test(key));
  if (legacy) {
    for (const [key, pattern] of [...platform]) {
      const tool = /^tools\.([^.]+)\.upload\.network_pattern$/.exec(key)?.[1];
      if (!tool || own.get('upload.tool') !== tool) continue;
      const made = `${tool}__pluggable_network`;
      for (const [name, value] of below(platform, `tools.${tool}.`)) platform.set(`tools.${made}.${name}`, value);
      platform.set(
        `tools.${made}.upload.pattern`,
        pattern
          .replaceAll('{serial.port}', '{upload.port.address}')
          .replaceAll('{network.port}', '{upload.port.properties.port}')
          .replaceAll('{network.password}', '{upload.field.password}'),
      );
      if (pattern.includes('{network.password}')) platform.set(`tools.${made}.upload.field.password`, 'Password');
      if (!own.has('upload.tool.network')) own.set('upload.tool.network', made);
    }
  }
  const tool = own.get('upload.tool.network') ?? own.get('upload.tool.default');
  const keys = new Map([
    ...platform,
    ...own,
    ...below(platform, `tools.${tool}.`),
    ...Object.entries(build),
    ['runtime.platform.path', core.folder],
    ['serial.port', port.address],
    ['upload.port.address', port.address],
    ['upload.port.properties.port', String(port.port)],
  ]);
  if (!keys.get('upload.protocol')) throw new Error('programmer required');
  return {
    words: split(expand(keys.get('upload.pattern') ?? '', keys)),
    asks: [...keys.keys()].some((key) => /^upload\.field\.[^.]+$/.test(key)),
  };
}

export function ide18Call(core: Core, board: string, port: NetworkPort, build: Record<string, string>): Call {
  const platform = merged(core.platform, core.platformLocal);
  const own = below(merged(core.boards, core.boardsLocal), `${board}.`);
  const keys = new Map([
    ...platform,
    ...own,
    ...below(platform, `tools.${own.get('upload.tool')}.`),
    ...Object.entries(build),
    ['runtime.platform.path', core.folder],
    ['serial.port', port.address],
    ['network.port', String(port.port)],
  ]);
  return { words: split(expand(keys.get('upload.network_pattern') ?? '', keys)), asks: false };
}

/** Unknown keys stay as they are. */
function expand(text: string, keys: ReadonlyMap<string, string>): string {
  let line = text;
  for (let round = 0; round < 10; round++) {
    const next = line.replace(/\{([^{}]+)\}/g, (all, key: string) => keys.get(key) ?? all);
    if (next === line) break;
    line = next;
  }
  return line;
}

/** Quotes count at the start and the end of a word; there are no escapes; empty words are dropped. */
function split(line: string): readonly string[] {
  const words: string[] = [];
  let open: { quote: string; text: string } | undefined;
  for (const part of line.split(' ')) {
    if (open) {
      open.text += ` ${part}`;
    } else if (/^["']/.test(part)) open = { quote: part[0]!, text: part.slice(1) };
    else {
      if (part !== '') words.push(part);
      continue;
    }
    if (open.text.endsWith(open.quote)) {
      if (open.text.length > 1) words.push(open.text.slice(0, -1));
      open = undefined;
    }
  }
  if (open) throw new Error(`a quote is not closed: ${line}`);
  return words;
}
