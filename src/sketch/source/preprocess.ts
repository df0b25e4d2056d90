/** The preprocessor's part, positions kept: directives are read and blanked, branches that are not compiled are blanked,
 *  and so are the attribute macros that the C++ grammar can't know. */
import { evaluate, type Names, type Value } from './condition.ts';
import { code, endOfLogicalLine, quoted, scan } from './scan.ts';

export interface Define {
  readonly name: string;
  readonly parameters?: readonly string[];
  readonly body: string;
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

export interface Include {
  readonly path: string;
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** What holds at a point of the translation: the macros known there. */
export type Macros = Map<string, Define | number>;

export interface Preprocessed {
  readonly file: string;
  readonly text: string;
  /** As long as `text`; what is not compiled or not C++ is blank. */
  readonly code: string;
  readonly defines: readonly Define[];
  readonly includes: readonly Include[];
  /** Where IRAM_ATTR and its like stood. */
  readonly inRam: readonly number[];
}

const attribute =
  /\b(?:PROGMEM|ICACHE_FLASH_ATTR|ICACHE_RAM_ATTR|ICACHE_RODATA_ATTR|IRAM_ATTR|ARDUINO_ISR_ATTR|DRAM_ATTR|RTC_\w+_ATTR|WORD_ALIGNED_ATTR|BLYNK_NOINLINE|FLASH_ATTR)\b/g;

export function preprocess(
  file: string,
  text: string,
  macros: Macros,
  onInclude: (path: string) => void,
): Preprocessed {
  const kinds = scan(text);
  const out: string[] = [];
  const defines: Define[] = [];
  const includes: Include[] = [];
  /** One entry an open #if: is this branch compiled, has one been, was the outside. */
  const open: { on: boolean; done: boolean; outer: boolean }[] = [];
  const active = (): boolean => open.at(-1)?.on ?? true;
  const names = namesOf(macros);

  for (let at = 0; at < text.length; ) {
    let end = text.indexOf('\n', at);
    if (end < 0) end = text.length;
    const first = firstCode(text, kinds, at, end);
    if (first === undefined || text[first] !== '#') {
      out.push(active() ? text.slice(at, end) : blank(text.slice(at, end)));
    } else {
      end = endOfLogicalLine(text, first);
      const line = uncommented(text, kinds, first + 1, end);
      directive(line, first, end);
      out.push(blank(text.slice(at, end)));
    }
    if (end < text.length) out.push('\n');
    at = end + 1;
  }

  function directive(line: string, start: number, end: number): void {
    const [, word = '', rest = ''] = /^\s*(\w+)\s*([\s\S]*?)\s*$/.exec(line) ?? [];
    if (word === 'if' || word === 'ifdef' || word === 'ifndef') {
      const outer = active();
      const name = /^\w*/.exec(rest)![0];
      const holds =
        word === 'if' ? evaluate(rest, names) !== 0 : macros.has(name) === (word === 'ifdef') || name === '';
      open.push({ on: outer && holds, done: holds, outer });
    } else if (word === 'elif' || word === 'else') {
      const top = open.at(-1);
      if (!top) return;
      const holds = !top.done && (word === 'else' || evaluate(rest, names) !== 0);
      top.on = top.outer && holds;
      top.done ||= holds;
    } else if (word === 'endif') open.pop();
    else if (!active()) return;
    else if (word === 'include') {
      const path = /^[<"]\s*([^>"]+?)\s*[>"]/.exec(text.slice(start).replace(/^#\s*include\s*/, ''))?.[1];
      if (!path) return;
      includes.push({ path, file, start, end });
      onInclude(path);
    } else if (word === 'define') {
      const found = /^([A-Za-z_]\w*)(\(([^)]*)\))?\s*([\s\S]*)$/.exec(rest);
      if (!found) return;
      const [, name = '', brackets, parameters = '', body = ''] = found;
      const define: Define = {
        name,
        ...(brackets !== undefined && { parameters: parameters.split(',').map((each) => each.trim()) }),
        body: body.replace(/\\\r?\n/g, ' ').trim(),
        file,
        start,
        end,
      };
      defines.push(define);
      macros.set(name, define);
    } else if (word === 'undef') macros.delete(/^\w*/.exec(rest)![0]);
  }

  const inRam: number[] = [];
  const compiled = out.join('').replace(attribute, (word, at: number) => {
    if (kinds[at] !== code) return word;
    if (/IRAM|RAM_ATTR|ISR/.test(word) && !/^(?:DRAM|RTC)/.test(word)) inRam.push(at);
    return ' '.repeat(word.length);
  });
  return { file, text, code: compiled, defines, includes, inRam };
}

/** Macros as the arithmetic sees them; an unknown name counts as 0, as the language has it. */
function namesOf(macros: Macros): Names {
  const value = (name: string, depth = 0): Value => {
    const macro = macros.get(name);
    if (macro === undefined) return /^(?:LED_BUILTIN|D\d|ARDUINO_\w+|\w*VERSION\w*)$/.test(name) ? undefined : 0;
    if (typeof macro === 'number') return macro;
    if (macro.parameters || depth > 8) return undefined;
    if (macro.body === '') return 1;
    return evaluate(macro.body, { defined: (other) => macros.has(other), value: (other) => value(other, depth + 1) });
  };
  return { defined: (name) => macros.has(name), value: (name) => value(name) };
}

const blank = (text: string): string => text.replace(/[^\n\r]/g, ' ');

function firstCode(text: string, kinds: Uint8Array, from: number, end: number): number | undefined {
  for (let at = from; at < end; at++) {
    if (kinds[at] === code && !/\s/.test(text[at]!)) return at;
    if (kinds[at] === quoted) return undefined;
  }
  return undefined;
}

function uncommented(text: string, kinds: Uint8Array, from: number, end: number): string {
  let line = '';
  for (let at = from; at < end; at++) line += kinds[at] === 1 ? ' ' : text[at];
  return line;
}
