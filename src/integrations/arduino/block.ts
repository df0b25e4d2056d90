/** Own lines between two marks at the end of somebody's text file; what stands around them stays byte for byte. Texts are bytes as
 *  Latin-1, so that any encoding survives. */

const opening = '# >>> whyota';
const closing = '# <<< whyota';
/** Said in the opening line: the file is ours alone, or a line end had to be put before the block. */
const madeFile = ' (made this file)';
const endedLine = ' (ended the line before)';

export type Taken = { readonly rest: string | undefined; readonly block: string | undefined };

/** The text with these lines in our block; undefined when a half-written block stands in it. */
export function withBlock(text: string | undefined, lines: readonly string[]): string | undefined {
  const taken = withoutBlock(text);
  if (!taken) return undefined;
  const { rest } = taken;
  const end = rest?.includes('\r\n') ? '\r\n' : '\n';
  const open = rest !== undefined && rest !== '' && !rest.endsWith('\n');
  const mark = rest === undefined ? madeFile : open ? endedLine : '';
  return `${rest ?? ''}${open ? end : ''}${[opening + mark, ...lines, closing].join(end)}${end}`;
}

/** The text without our block. `rest` undefined: no file is to be left. Undefined: our block is there only in part. */
export function withoutBlock(text: string | undefined): Taken | undefined {
  if (text === undefined) return { rest: undefined, block: undefined };
  const lines = text.split(/(?<=\n)/);
  const bare = lines.map((line) => line.trimEnd());
  const from = bare.findIndex(
    (line) => line === opening || line === opening + madeFile || line === opening + endedLine,
  );
  const to = bare.indexOf(closing);
  const marks = bare.filter((line) => line.startsWith(opening) || line === closing).length;
  if (marks === 0) return { rest: text, block: undefined };
  if (marks !== 2 || from < 0 || to < from) return undefined;
  const before = lines.slice(0, from).join('');
  const after = lines.slice(to + 1).join('');
  const mark = bare[from]!.slice(opening.length);
  const block = lines.slice(from + 1, to).join('');
  if (mark === madeFile && before + after === '') return { rest: undefined, block };
  const kept = mark === endedLine && after === '' ? before.replace(/\r?\n$/, '') : before;
  return { rest: kept + after, block };
}
