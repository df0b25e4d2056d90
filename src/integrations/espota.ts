/** The words of espota.py, in the dialects of all cores (esp8266/Arduino, arduino-esp32 and arduino-pico tools/espota.py), and
 *  what WhyOTA's own recipes add. As forgiving as Python's optparse and argparse together. */

export interface EspotaWords {
  readonly ip?: string;
  readonly port?: number;
  readonly hostIp?: string;
  readonly hostPort?: number;
  /** Never empty: espota.py's own default is no password. */
  readonly auth?: string;
  readonly file?: string;
  readonly spiffs: boolean;
  readonly debug: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
  /** Where the core's own espota lies, without its suffix. */
  readonly coreEspota?: string;
}

export type ParsedEspota =
  | { readonly kind: 'run'; readonly words: EspotaWords }
  | { readonly kind: 'help' }
  | { readonly kind: 'usage'; readonly what: string };

interface Option {
  readonly name: string;
  readonly short?: string;
  readonly takes?: 'text' | 'secret' | 'port' | 'number';
  /** Ours: not abbreviated, so that it makes none of espota's own abbreviations unclear. */
  readonly own?: true;
}

const options: readonly Option[] = [
  { name: 'ip', short: 'i', takes: 'text' },
  { name: 'host-ip', short: 'I', takes: 'text' },
  { name: 'port', short: 'p', takes: 'port' },
  { name: 'host-port', short: 'P', takes: 'port' },
  { name: 'auth', short: 'a', takes: 'secret' },
  { name: 'file', short: 'f', takes: 'text' },
  { name: 'spiffs', short: 's' },
  { name: 'debug', short: 'd' },
  { name: 'progress', short: 'r' },
  { name: 'timeout', short: 't', takes: 'number' },
  { name: 'md5-target', short: 'm' },
  { name: 'help', short: 'h' },
  { name: 'json', own: true },
  { name: 'quiet', own: true },
  { name: 'verbose', own: true },
  { name: 'core-espota', takes: 'text', own: true },
];

/** An IDE leaves what it does not know in the words: `{network.password}`. */
const isPlaceholder = (value: string): boolean => /^\{[^{}\s]*\}$/.test(value);

/** A forgotten value: the next option stands where it should be (PlatformIO without an upload_port). */
const looksLikeOption = (word: string): boolean => /^-{1,2}[A-Za-z]/.test(word);

export function parseEspota(given: readonly string[]): ParsedEspota {
  const values = new Map<string, string>();
  let rest = [...given];
  const usage = (what: string): ParsedEspota => ({ kind: 'usage', what });

  while (rest.length > 0) {
    const word = rest.shift()!;
    if (word === '--') break;
    // optparse lets other words stand; there is nothing they could mean.
    if (!word.startsWith('-') || word === '-') continue;
    const found = word.startsWith('--') ? byName(word) : byLetter(word);
    if (typeof found === 'string') return usage(found);
    const { option, glued, more } = found;
    if (!option.takes) {
      if (glued !== undefined) return usage(`--${option.name} takes no value`);
      values.set(option.name, 'yes');
      if (more) rest = [`-${more}`, ...rest];
      continue;
    }
    const missing = glued === undefined && option.takes !== 'secret' && looksLikeOption(rest[0] ?? '');
    if (glued === undefined && rest.length === 0 && option.takes !== 'text')
      return usage(`--${option.name} needs a value`);
    const value = (glued ?? (missing ? '' : (rest.shift() ?? ''))).trim();
    if (value === '' || isPlaceholder(value)) values.delete(option.name);
    else if (option.takes === 'port' && !(/^\d{1,5}$/.test(value) && Number(value) <= 65535))
      return usage(`--${option.name}: "${value}" is not a port`);
    else if (option.takes === 'number' && !/^\d+(\.\d+)?$/.test(value))
      return usage(`--${option.name}: "${value}" is not a number`);
    else values.set(option.name, option.takes === 'secret' ? (glued ?? value) : value);
  }
  return values.has('help') ? { kind: 'help' } : { kind: 'run', words: wordsOf(values) };
}

interface FoundOption {
  readonly option: Option;
  readonly glued?: string;
  /** Letters that follow in the same word. */
  readonly more?: string;
}

function byName(word: string): FoundOption | string {
  const [, typed = '', glued] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  const name = typed.replaceAll('_', '-');
  const exact = options.find((option) => option.name === name);
  const alike = exact ? [exact] : options.filter((option) => !option.own && option.name.startsWith(name));
  if (alike.length !== 1 || name === '')
    return alike.length > 1
      ? `--${typed} could be ${alike.map((option) => `--${option.name}`).join(' or ')}`
      : `there is no option --${typed}`;
  return { option: alike[0]!, ...(glued === undefined ? {} : { glued }) };
}

function byLetter(word: string): FoundOption | string {
  const option = options.find(({ short }) => short === word[1]);
  if (!option) return `there is no option -${word[1]}`;
  const tail = word.slice(2);
  if (tail === '') return { option };
  return option.takes ? { option, glued: tail.replace(/^=/, '') } : { option, more: tail };
}

function wordsOf(values: ReadonlyMap<string, string>): EspotaWords {
  const text = <K extends string>(key: K, name: string): { [P in K]?: string } =>
    (values.has(name) ? { [key]: values.get(name) } : {}) as { [P in K]?: string };
  /** 0: any. */
  const port = <K extends string>(key: K, name: string): { [P in K]?: number } =>
    (Number(values.get(name)) > 0 ? { [key]: Number(values.get(name)) } : {}) as { [P in K]?: number };
  return {
    ...text('ip', 'ip'),
    ...port('port', 'port'),
    ...(values.get('host-ip') === '0.0.0.0' ? {} : text('hostIp', 'host-ip')),
    ...port('hostPort', 'host-port'),
    ...text('auth', 'auth'),
    ...text('file', 'file'),
    ...text('coreEspota', 'core-espota'),
    spiffs: values.has('spiffs'),
    debug: values.has('debug') || values.has('verbose'),
    json: values.has('json'),
    quiet: values.has('quiet'),
  };
}
