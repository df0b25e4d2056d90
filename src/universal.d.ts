// The few globals that every place we run in has: Node, browsers, workers. The pure rooms compile against these alone.
// Where the Node or DOM types are loaded too, theirs win (this file is only part of tsconfig.pure.json).

declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean });
  decode(bytes?: ArrayBufferView | ArrayBuffer): string;
}
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
  throwIfAborted(): void;
}
declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
interface ReadableStreamDefaultController<T> {
  enqueue(chunk: T): void;
  error(reason: unknown): void;
}
declare class ReadableStream<T> {
  constructor(source: { start?(controller: ReadableStreamDefaultController<T>): void; cancel?(): void });
  readonly locked: boolean;
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: T | undefined }>;
    cancel(): Promise<void>;
    releaseLock(): void;
  };
}
declare class WritableStream<T> {
  constructor(sink: { write(chunk: T): Promise<void> });
  readonly locked: boolean;
  getWriter(): { write(chunk: T): Promise<void>; releaseLock(): void };
}
