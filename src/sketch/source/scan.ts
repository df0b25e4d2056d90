/** What each character of a C++ text is: code, comment, or text in quotes. */
export const code = 0;
export const comment = 1;
export const quoted = 2;

export function scan(text: string): Uint8Array {
  const kinds = new Uint8Array(text.length);
  let at = 0;
  const mark = (end: number, kind: number): void => {
    kinds.fill(kind, at, end);
    at = end;
  };
  while (at < text.length) {
    const char = text[at]!;
    if (char === '/' && text[at + 1] === '/') mark(endOfLogicalLine(text, at), comment);
    else if (char === '/' && text[at + 1] === '*') mark(after(text, '*/', at + 2), comment);
    else if (char === '"' && text[at - 1] === 'R') mark(endOfRawString(text, at), quoted);
    else if (char === '"') mark(endOfQuote(text, at, '"'), quoted);
    else if (char === "'" && !/[0-9a-fA-F]/.test(text[at - 1] ?? '')) mark(endOfQuote(text, at, "'"), quoted);
    else at++;
  }
  return kinds;
}

const after = (text: string, end: string, from: number): number => {
  const found = text.indexOf(end, from);
  return found < 0 ? text.length : found + end.length;
};

/** The end of a line, lines joined by a backslash counted as one. */
export function endOfLogicalLine(text: string, from: number): number {
  for (let end = from; ; end++) {
    end = text.indexOf('\n', end);
    if (end < 0) return text.length;
    if (!/\\\r?$/.test(text.slice(Math.max(from, end - 2), end))) return end;
  }
}

/** A quote left open ends with its line, so that one missing quote does not swallow the file. */
function endOfQuote(text: string, from: number, quote: string): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') {
      if (text[at + 1] === '\r') at++;
      at++;
    } else if (text[at] === quote) return at + 1;
    else if (text[at] === '\n') return at;
  }
  return text.length;
}

function endOfRawString(text: string, from: number): number {
  const delimiter = /^"([^()\\\s]{0,16})\(/.exec(text.slice(from, from + 20))?.[1];
  return delimiter === undefined ? endOfQuote(text, from, '"') : after(text, `)${delimiter}"`, from);
}
