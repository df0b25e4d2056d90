/** The C++ grammar. Its wasm is handed in, so that it works in Node and in a page alike. */
import { Language, type Node, Parser } from 'web-tree-sitter';

/** The two files to load, as the packages name them; a release ships copies of both. */
export const wasmFiles = {
  runtime: 'web-tree-sitter/web-tree-sitter.wasm',
  language: 'tree-sitter-cpp/tree-sitter-cpp.wasm',
} as const;

export interface Grammar {
  /** Hands the root of the parsed text to `read` and frees the tree after; undefined when the text is too hard to parse. */
  parse<T>(text: string, read: (root: Node) => T): T | undefined;
}

/** The parser reports progress about every hundred operations; no honest sketch takes a tenth of this. */
const mostProgress = 200_000;

export async function loadGrammar(wasm: { runtimeWasm: Uint8Array; languageWasm: Uint8Array }): Promise<Grammar> {
  await Parser.init({ wasmBinary: wasm.runtimeWasm as never });
  const language = await Language.load(wasm.languageWasm);
  const parser = new Parser();
  parser.setLanguage(language);
  return {
    parse(text, read) {
      let progress = 0;
      const stopWhenTooLong = (): boolean => ++progress > mostProgress;
      const tree = parser.parse(text, null, { progressCallback: stopWhenTooLong as never });
      if (!tree) {
        parser.reset();
        return undefined;
      }
      try {
        return read(tree.rootNode);
      } finally {
        tree.delete();
      }
    },
  };
}
