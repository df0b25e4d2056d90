/** The C++ parser, kept compressed in the page and unpacked when the first sketch comes. */
import { gunzipSync } from 'fflate';
import { type Grammar, loadGrammar } from '#sketch/index.ts';
import { byId } from './dom.ts';

let loading: Promise<Grammar> | undefined;

export const parser = (): Promise<Grammar> => {
  loading ??= loadGrammar({ runtimeWasm: embedded('runtime-wasm'), languageWasm: embedded('language-wasm') });
  return loading;
};

const embedded = (id: string): Uint8Array =>
  gunzipSync(Uint8Array.from(atob(byId(id).textContent.trim()), (each) => each.charCodeAt(0)));
