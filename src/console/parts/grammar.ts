/** The C++ parser, fetched from the hub when the first sketch comes. */

import languageUrl from 'tree-sitter-cpp/tree-sitter-cpp.wasm?url';
import runtimeUrl from 'web-tree-sitter/web-tree-sitter.wasm?url';
import { type Grammar, loadGrammar } from '#sketch/index.ts';

let loading: Promise<Grammar> | undefined;

export const parser = (): Promise<Grammar> => {
  loading ??= Promise.all([fetched(runtimeUrl), fetched(languageUrl)]).then(([runtimeWasm, languageWasm]) =>
    loadGrammar({ runtimeWasm, languageWasm }),
  );
  return loading;
};

const fetched = async (url: string): Promise<Uint8Array> => new Uint8Array(await (await fetch(url)).arrayBuffer());
