/** Sizes that a build prints, in whatever language: numbers are known by their arithmetic, not by the words around them. */
import type { Build } from './build.ts';
import type { Line } from './paste.ts';

/** Takes program bytes and their limit from a line. True when it held any. `last`: the line before. */
export function takeSizes(line: Line, build: Build): boolean {
  const found = platformioSizes(line.text) ?? arduinoSizes(line.text);
  if (!found) return false;
  build.sketchUses = found.used;
  build.maximum = found.maximum;
  return true;
}

interface Sizes {
  readonly used: number;
  readonly maximum: number;
}

/** `Flash: [===  ]  33.1% (used 345600 bytes from 1044464 bytes)`; older ones call it PROGRAM. */
function platformioSizes(text: string): Sizes | undefined {
  const bar =
    /\b(?:Flash|PROGRAM):\s{0,4}\[[= ]{0,20}\]\s{0,4}\d{1,3}(?:\.\d)?% \(used (\d{1,9}) bytes from (\d{1,9}) bytes\)/i;
  const [, used, maximum] = bar.exec(text) ?? [];
  return used && maximum ? { used: Number(used), maximum: Number(maximum) } : undefined;
}

/** In brackets; Visual Micro writes `(used 53% of a 499,696 byte maximum)`. */
const percent = /\(\s?(?:used )?(\d{1,3})\s?%/g;
const number = /\d{1,3}(?:[.,' ]\d{3})+(?!\d)|\d{4,9}/g;

/** Arduino's line in any language: N bytes, (P%), M with N/M = P%. The line about variables has one more number, N + rest
 *  = M, and is passed over. */
function arduinoSizes(text: string): Sizes | undefined {
  for (const match of text.matchAll(percent)) {
    const said = Number(match[1]);
    const from = Math.max(0, match.index - 160);
    const near = text.slice(from, match.index + 220);
    const numbers = [...near.matchAll(number)]
      .slice(0, 12)
      .map((found) => ({ value: Number(found[0].replace(/\D/g, '')), at: from + found.index }));
    const used = numbers.findLast(({ at }) => at < match.index)?.value;
    if (used === undefined) continue;
    // Japanese and Korean name the limit first.
    const others = numbers.filter(({ value }) => value !== used).map(({ value }) => value);
    const maximum = others.find((value) => value >= 65536 && fitsPercent(used, value, said));
    const variables = others.some((value) => value + used === maximum);
    if (maximum !== undefined && !variables && maximum > 150_000) return { used, maximum };
  }
  return undefined;
}

const fitsPercent = (used: number, maximum: number, said: number): boolean =>
  Math.abs((100 * used) / maximum - said) <= 1.01;

const segment = /\b(ICACHE|IROM|IRAM|DATA|RODATA|BSS|IHEAP)\b\s{0,4}:?\s{0,4}(\d{1,8})\b/;

/** The ESP8266 core's own table (sizes.py, 2.5.0 on), the only sizes shown from 3.1.0 on. */
export class Segments {
  readonly #bytes = new Map<string, number>();

  /** True when the line is a row of the table. */
  take(line: Line): boolean {
    const [, name, bytes] = segment.exec(line.text) ?? [];
    if (!name || !bytes) return false;
    this.#bytes.set(name, Number(bytes));
    return true;
  }

  /** Program bytes: IROM + IRAM + DATA + RODATA; undefined until all four were seen. */
  get sketchUses(): number | undefined {
    const parts = ['IROM', 'IRAM', 'DATA', 'RODATA'].map((name) => this.#bytes.get(name));
    return parts.every((part) => part !== undefined) ? parts.reduce((sum, part) => sum + part, 0) : undefined;
  }
}
