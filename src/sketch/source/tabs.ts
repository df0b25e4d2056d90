/** The files of a sketch folder, in the order in which Arduino builds them.
 *  Source: arduino-cli `internal/arduino/builder/sketch.go`: the folder's own .ino first, the others by name. */
export interface SketchFile {
  readonly name: string;
  readonly text: string;
}

/** Beyond these a sketch is read in part: data tables, not code, make files that large. */
export const limits = { fileChars: 400_000, allChars: 1_500_000, files: 200 } as const;

export interface Tabs {
  /** .ino and .pde, which are one program text. */
  readonly sketch: readonly SketchFile[];
  readonly headers: readonly SketchFile[];
  readonly sources: readonly SketchFile[];
  /** Files that were cut or left out for their size. */
  readonly cut: readonly string[];
}

const base = (name: string): string => name.split(/[\\/]/).at(-1)!;
const folder = (name: string): string => name.split(/[\\/]/).at(-2) ?? '';

export function arrange(files: readonly SketchFile[]): Tabs {
  const cut: string[] = [];
  let left: number = limits.allChars;
  const taken: SketchFile[] = [];
  for (const { name, text } of files.toSorted((a, b) => rank(a) - rank(b) || compare(a.name, b.name))) {
    const room = Math.min(left, limits.fileChars);
    const plain = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
    if (plain.length > room || taken.length >= limits.files) cut.push(name);
    if (taken.length >= limits.files) continue;
    const kept = plain.length > room ? plain.slice(0, plain.lastIndexOf('\n', room) + 1) : plain;
    left -= kept.length;
    taken.push({ name, text: kept });
  }
  const main = mainTab(taken.filter(({ name }) => rank({ name }) === 0));
  return {
    sketch: taken
      .filter(({ name }) => rank({ name }) === 0)
      .sort((a, b) => Number(b === main) - Number(a === main) || compare(base(a.name), base(b.name))),
    headers: taken.filter(({ name }) => /\.(?:h|hh|hpp|hxx|tpp|ipp|inl)$/i.test(name)),
    sources: taken.filter(({ name }) => /\.(?:c|cc|cpp|cxx)$/i.test(name)),
    cut,
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const rank = ({ name }: { name: string }): number =>
  /\.(?:ino|pde)$/i.test(name) || !/\.\w+$/.test(base(name)) ? 0 : /\.h/i.test(name) ? 2 : 1;

function mainTab(tabs: readonly SketchFile[]): SketchFile | undefined {
  return (
    tabs.find(({ name }) => base(name).replace(/\.\w+$/, '') === folder(name)) ??
    tabs.find(({ text }) => /\bvoid\s+setup\s*\(/.test(text)) ??
    tabs[0]
  );
}

export const sameFile = (path: string, file: string): boolean => base(path).toLowerCase() === base(file).toLowerCase();
