/** Sketches on disk: the tabs that belong together, and the grammar to read them with. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Grammar, loadGrammar, type SketchFile, wasmFiles } from '#sketch/index.ts';
import type { Ending } from './command.ts';
import { readInput } from './input.ts';

const sources = new Set(['.ino', '.pde', '.h', '.hpp', '.c', '.cpp', '.cc', '.tpp', '.ipp']);
const largestTab = 1024 * 1024;
const mostTabs = 200;

export interface SketchOnDisk {
  readonly folder: string;
  readonly files: readonly SketchFile[];
}

/** A folder is its tabs. A file is the whole folder where the folder bears its name, as the IDE wants it; else that file with
 *  the headers beside it, for a lone .ino among others belongs to nobody. */
export async function readSketchFrom(path: string): Promise<SketchOnDisk | Ending> {
  const about = await stat(path).catch(() => undefined);
  if (about?.isDirectory()) return tabsOf(path, () => true);
  const input = await readInput(path);
  if ('exit' in input) return input;
  const folder = dirname(path);
  const name = basename(path);
  const ownFolder = basename(join(process.cwd(), folder)) === basename(path, extname(path));
  const isMain = /\.(ino|pde)$/i.test(name);
  if (isMain) return tabsOf(folder, (other) => other === name || ownFolder || /\.(h|hpp)$/i.test(other));
  return { folder, files: [{ name, text: textOf(input.bytes) }] };
}

async function tabsOf(folder: string, belongs: (name: string) => boolean): Promise<SketchOnDisk | Ending> {
  const names = (await listed(folder)).filter((name) => sources.has(extname(name).toLowerCase()) && belongs(name));
  if (!names.some((name) => /\.(ino|pde|c|cpp|cc)$/i.test(name)))
    return {
      exit: 2,
      problem: {
        code: 'no-sketch-there',
        what: `there is no sketch in ${folder}`,
        why: 'no .ino and no .cpp file lies in it or in its src folder',
        fix: 'name the .ino file, or the folder that holds it',
        blame: 'person',
      },
    };
  const files: SketchFile[] = [];
  for (const name of names.slice(0, mostTabs)) {
    const path = join(folder, name);
    const { size } = await stat(path);
    if (size <= largestTab) files.push({ name, text: textOf(await readFile(path)) });
  }
  return { folder, files };
}

/** The folder's files and those of its src folder (PlatformIO, Arduino's own src). */
async function listed(folder: string): Promise<readonly string[]> {
  const here = await readdir(folder, { withFileTypes: true });
  const own = here.filter((entry) => entry.isFile()).map(({ name }) => name);
  const source = here.find((entry) => entry.isDirectory() && entry.name === 'src');
  const below = source ? await readdir(join(folder, 'src'), { withFileTypes: true }) : [];
  return [...own, ...below.filter((entry) => entry.isFile()).map(({ name }) => `src/${name}`)].sort();
}

const textOf = (bytes: Uint8Array): string => new TextDecoder('utf-8').decode(bytes);

let grammar: Promise<Grammar> | undefined;

/** The C++ grammar: beside the released program, or in a checkout's dependencies. */
export function openGrammar(): Promise<Grammar> {
  grammar ??= (async () =>
    loadGrammar({ runtimeWasm: await wasm(wasmFiles.runtime), languageWasm: await wasm(wasmFiles.language) }))();
  return grammar;
}

async function wasm(name: string): Promise<Uint8Array> {
  for (const place of [`../wasm/${basename(name)}`, `./wasm/${basename(name)}`, `../../node_modules/${name}`]) {
    try {
      return new Uint8Array(await readFile(fileURLToPath(new URL(place, import.meta.url))));
    } catch {
      // the next place
    }
  }
  throw new Error(`${basename(name)} is missing beside the program`);
}
