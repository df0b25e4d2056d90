// Makes dist/why-did-my-upload-fail.html: the page, its program and the parser's wasm in one file that asks the network for
// nothing. With --screenshots also docs/images/, made by the Chromium of this machine.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { wasmFiles } from '../src/sketch/grammar.ts';

const fileName = 'why-did-my-upload-fail.html';

/** The file has to stay small enough for any host and any mail. */
export const mostBytes = 4 * 1024 * 1024;

/** Builds the page into a folder and gives back its path. */
export async function buildPage(folder = 'dist'): Promise<string> {
  const program = await bundle();
  const style = readFileSync('src/page/style.css', 'utf8');
  const policy = [
    "default-src 'none'",
    `script-src '${hash(program)}' 'wasm-unsafe-eval'`,
    `style-src '${hash(style)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const parts: Record<string, string> = {
    policy,
    style,
    program,
    runtime: embedded(wasmFiles.runtime),
    language: embedded(wasmFiles.language),
  };
  const page = Object.entries(parts).reduce(put, readFileSync('src/page/page.html', 'utf8'));
  const file = join(folder, fileName);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, page);
  if (statSync(file).size > mostBytes) throw new Error(`${file} is larger than ${mostBytes} bytes`);
  return file;
}

/** Fills one place of the template. */
function put(page: string, [name, text]: readonly [string, string]): string {
  const place = `{{${name}}}`;
  if (!page.includes(place)) throw new Error(`src/page/page.html has no ${place}`);
  return page.replace(place, () => text);
}

/** One module, without anything that would end the script element it stands in. */
async function bundle(): Promise<string> {
  const build = await rolldown({
    input: 'src/page/main.ts',
    platform: 'browser',
    logLevel: 'warn',
    // web-tree-sitter holds two calls of eval for modules that carry JavaScript; ours carry none, and the policy forbids it.
    checks: { eval: false },
    moduleTypes: { '.txt': 'text', '.ino': 'text' },
  });
  const { output } = await build.generate({ format: 'esm', codeSplitting: false, minify: true });
  if (output.length !== 1) throw new Error(`the page's program became ${output.length} files`);
  return output[0].code.replace(/<\/(?=script)/gi, '<\\/').replace(/<!--/g, '<\\!--');
}

const embedded = (file: string): string =>
  gzipSync(readFileSync(createRequire(import.meta.url).resolve(file)), { level: 9 }).toString('base64');

const hash = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;

if (import.meta.main) {
  const file = await buildPage();
  console.log(`${file}: ${Math.ceil(statSync(file).size / 1024)} KB`);
  if (process.argv.includes('--screenshots')) await (await import('./page-screenshots.ts')).takeScreenshots(file);
}
