/** A paste, cleaned: what forums, terminals and word processors did to the text is undone, so that the readers see what
 *  the tool printed. Line numbers are those of the pasted text. */

export interface Line {
  /** Counted from 1, in the text as it was pasted. */
  readonly number: number;
  readonly text: string;
  /** Time printed at its beginning, seconds since midnight. */
  readonly at?: number;
  /** A line of C++, not of output: a sketch holds the very words that a board prints. */
  readonly code: boolean;
}

/** More than this is cut out of the middle: builds stand at the beginning, failures at the end. */
const mostText = 4_000_000;
const longestLine = 8000;

/** A row of a paste: cleaned, its indentation kept. */
export interface Row {
  /** Counted from 1, in the text as it was pasted. */
  readonly number: number;
  readonly text: string;
}

/** The rows of a paste, cleaned. */
export function rowsOf(pasted: string): readonly Row[] {
  const text =
    pasted.length <= mostText
      ? pasted
      : `${pasted.slice(0, mostText / 2)}\n${pasted.slice(pasted.length - mostText / 2)}`;
  return outdented(
    tidy(text)
      .split('\n')
      .map((row, index) => ({ number: index + 1, text: unquoted(row) })),
  );
}

/** The lines that say something; empty ones are left out. */
export const linesOf = (rows: readonly Row[]): Line[] =>
  markCode(
    joinWrapped(rows)
      .flatMap(linesFrom)
      .filter(({ text }) => text.length > 0),
  );

/** Without the marks that mail and forums put before quoted lines. */
const unquoted = (row: string): string => row.replace(/^(?:\s?>(?!>>?stack)){1,5}\s?/, '');

/** Without the blanks that all rows begin with. */
function outdented(rows: readonly Row[]): readonly Row[] {
  const depth = rows.reduce((least, { text }) => {
    const first = text.search(/\S/);
    return first < 0 ? least : Math.min(least, first);
  }, longestLine);
  return depth === 0 ? rows : rows.map((row) => ({ ...row, text: row.text.slice(depth) }));
}

const entities: Readonly<Record<string, string>> = {
  gt: '>',
  lt: '<',
  amp: '&',
  quot: '"',
  nbsp: ' ',
  '#39': "'",
  '#x27': "'",
  '#34': '"',
};

/** Line structure is kept, one line in for one line out, so that numbers stay true. */
const tidy = (text: string): string =>
  text
    .replace(/[\0\u200b-\u200f\u2060\ufeff]/g, '')
    .replace(/(?:\x1b|\[1B\]|\u241b)\[[0-9;?]{0,16}[A-Za-z]/g, '')
    .replace(/&(gt|lt|amp|quot|nbsp|#39|#x27|#34);/g, (_, name: string) => entities[name]!)
    .replace(/<\/?(?:br|p|pre|code|span|div|b|i)(?:\s[^<>\n]{0,200})?\s?\/?>/gi, ' ')
    .replace(/[\u201c-\u201f\u00ab\u00bb\u2033\uff02]/g, '"')
    .replace(/[\u2018-\u201b\u2032\uff07]/g, "'")
    .replace(/[\u00a0\u2000-\u200a\u202f\u3000\t]/g, ' ')
    .replace(/\uff08/g, '(')
    .replace(/\uff09/g, ')')
    .replace(/\uff1a/g, ':')
    .replace(/\uff0c/g, ', ')
    .replace(/\uff05/g, '%')
    .replace(/(^|[\s"'])[\u2012-\u2015\u2212]-?(?=[A-Za-z](\w?))/gm, (_, before: string, second: string) =>
      second ? `${before}--` : `${before}-`,
    )
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/\u2192/g, '->')
    .replace(/\r\n/g, '\n')
    .replace(/^[^\n]*$/, (onlyLine) => onlyLine.replace(/\r/g, '\n'));

/** `12:34:56`, with fractions, as tools and serial monitors put it first. */
const time =
  /^(?:\[|(?=\d))(?:\d{4}-\d\d-\d\d[ T])?(\d\d):(\d\d):(\d\d)(?:[.,]\d{1,6})?(?:\]\s?|(?:\s?(?:AM|PM))?(?:\s{0,4}-?>\s?|:?\s|(?=\[)|$))/;

/** Where a paste lost its line ends, a stamped message of a tool begins a new one. */
const stamped = /\s(?=\d\d:\d\d:\d\d \[(?:DEBUG|INFO|WARNING|ERROR|CRITICAL)\])/;

function linesFrom({ number, text }: Row): Line[] {
  // A carriage return redraws the line: what stands last is what one saw, and the redrawings before it say no more.
  const drawn = text.includes('\r') ? text.split('\r').filter(Boolean).slice(-3).join(' ') : text;
  const pieces: string[] = [];
  for (let at = 0; at < drawn.length; at += longestLine) pieces.push(drawn.slice(at, at + longestLine));
  return pieces.flatMap((piece) => piece.split(stamped)).map((piece) => lineFrom(piece.trim(), number));
}

function lineFrom(text: string, number: number): Line {
  const clock = time.exec(text);
  if (!clock) return { number, text, code: false };
  const [hours = 0, minutes = 0, seconds = 0] = clock.slice(1).map(Number);
  return { number, text: text.slice(clock[0].length).trim(), at: hours * 3600 + minutes * 60 + seconds, code: false };
}

const usualWidths = [79, 80, 100, 120, 132];

/** A terminal that is too narrow breaks a long line anywhere, always at the same column. */
function joinWrapped(rows: readonly Row[]): readonly Row[] {
  const width = rows.reduce((most, { text }) => Math.max(most, text.length), 0);
  const full = rows.filter(({ text }) => text.length === width).length;
  if (width < 60 || width > 140 || (full < 2 && !usualWidths.includes(width))) return rows;
  const joined: Row[] = [];
  let open = false;
  for (const row of rows) {
    const last = joined.at(-1);
    if (open && last && /^[^\s[]/.test(row.text) && !time.test(row.text) && last.text.length < longestLine)
      joined[joined.length - 1] = { ...last, text: last.text + row.text };
    else joined.push(row);
    // Prose is broken between words, and then no two lines need be equally long.
    open = row.text.length === width && /[\\/{_]|--/.test(row.text);
  }
  return joined;
}

const directive = /^#\s?(?:include|define|undef|if|ifdef|ifndef|endif|else|elif|error|pragma)\b/;
const call = /\b(?:Serial\d?|ArduinoOTA|Blynk|WiFi|ESP|MDNS|Update|ESPhttpUpdate|httpUpdate)\.\w{2,30}\s?\(/;
const declaration =
  /^(?:void|int|const|char|bool|boolean|unsigned|static|String|IPAddress|float|long|byte|return|if|else|for|while|switch|case|do)\b.{0,300}[;{}(),&|]$/;
const statementEnd = /(?:^[{}()]|[;{}]|\)\s?;)\s*(?:\/\/.*)?$/;

const looksLikeCode = ({ text, at }: Line): boolean =>
  at === undefined &&
  (directive.test(text) ||
    text.startsWith('//') ||
    (statementEnd.test(text) && !/^\[?(?:DEBUG|INFO)|Options: \{|\{[\w.]{3,80}\}$/.test(text)) ||
    declaration.test(text) ||
    (call.test(text) && /[;{(,]|"$/.test(text)));

/** Marks lines of source, with the block comments between them. */
function markCode(lines: readonly Line[]): Line[] {
  let commentUntil = -1;
  return lines.map((line, index) => {
    if (line.text.startsWith('/*') && index > commentUntil) {
      const ahead = lines.slice(index, index + 100).findIndex(({ text }) => text.includes('*/'));
      if (ahead >= 0) commentUntil = index + ahead;
    }
    return index <= commentUntil || looksLikeCode(line) ? { ...line, code: true } : line;
  });
}
