/** Files that the person chose or dropped, sorted by what they are. */
import type { SketchFile } from '#sketch/index.ts';

export interface Intake {
  readonly sketch: readonly SketchFile[];
  readonly projects: readonly SketchFile[];
  readonly image?: { readonly name: string; readonly bytes: Uint8Array };
  /** Files that say nothing to us, each with the reason. */
  readonly refused: readonly { readonly name: string; readonly why: string }[];
}

const largest = { text: 5_000_000, image: 20_000_000 } as const;
const mostFiles = 200;

/** Adds files to what is there; a file of the same name takes the place of the older one. */
export async function sortFiles(files: readonly File[], before: Intake): Promise<Intake & { readonly log?: string }> {
  let { sketch, projects, image } = before;
  const refused: { name: string; why: string }[] = [];
  const logs: string[] = [];
  for (const file of files.slice(0, mostFiles)) {
    const { name } = file;
    try {
      if (isText(name)) {
        if (file.size > largest.text) throw new Error('it is too large for a text of this kind');
        const text = await file.text();
        if (/\.(?:txt|log)$/i.test(name)) logs.push(text);
        else if (/\.(?:ini|json)$/i.test(name)) projects = put(projects, { name, text });
        else sketch = put(sketch, { name, text });
      } else {
        if (file.size > largest.image) throw new Error('it is larger than any flash chip');
        image = { name, bytes: new Uint8Array(await file.arrayBuffer()) };
      }
    } catch (error) {
      const unreadable = error instanceof DOMException;
      refused.push({
        name,
        why:
          unreadable || !(error instanceof Error)
            ? 'it can’t be read; if it is a folder, choose the files in it'
            : error.message,
      });
    }
  }
  return { sketch, projects, ...(image && { image }), refused, ...(logs.length > 0 && { log: logs.join('\n') }) };
}

const isText = (name: string): boolean => /\.(?:ino|pde|h|hh|hpp|hxx|c|cc|cpp|cxx|txt|log|ini|json)$/i.test(name);

const put = (list: readonly SketchFile[], file: SketchFile): readonly SketchFile[] => [
  ...list.filter(({ name }) => name !== file.name),
  file,
];
