/** The grammar out of node_modules, for tests. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { check, type Family, type Finding, type Grammar, loadGrammar, readSketch, type SketchFile, wasmFiles } from './index.ts';

const require = createRequire(import.meta.url);
const bytes = (name: string): Uint8Array => new Uint8Array(readFileSync(require.resolve(name)));

let loaded: Promise<Grammar> | undefined;
export const testGrammar = (): Promise<Grammar> =>
  (loaded ??= loadGrammar({ runtimeWasm: bytes(wasmFiles.runtime), languageWasm: bytes(wasmFiles.language) }));

export const checked = async (source: string | readonly SketchFile[], family?: Family): Promise<Finding[]> => {
  const files = typeof source === 'string' ? [{ name: 'kitchen.ino', text: source }] : source;
  return check(readSketch(await testGrammar(), files, family ? { family } : {}));
};

/** The folder of sketches used as fixtures. */
export const fixtures = new URL('../../test/fixtures/sketches/', import.meta.url);
