import { concat } from '#values/index.ts';
import { nothing, type Segment } from './packet.ts';

/** What was written and is not yet acknowledged, by sequence number. */
export class Outbox {
  #chunks: { readonly seq: number; readonly bytes: Uint8Array }[] = [];
  /** One past the last byte. */
  end = 1;

  push(bytes: Uint8Array): void {
    this.#chunks.push({ seq: this.end, bytes: bytes.slice() });
    this.end += bytes.length;
  }

  slice(seq: number, size: number): Uint8Array {
    const parts: Uint8Array[] = [];
    for (const chunk of this.#chunks) {
      const from = Math.max(0, seq - chunk.seq);
      const to = seq + size - chunk.seq;
      if (to <= 0) break;
      if (from < chunk.bytes.length) parts.push(chunk.bytes.subarray(from, to));
    }
    return parts.length === 1 ? parts[0]! : concat(...parts);
  }

  acknowledged(upTo: number): void {
    let done = 0;
    for (const { seq, bytes } of this.#chunks) {
      if (seq + bytes.length > upTo) break;
      done++;
    }
    if (done) this.#chunks.splice(0, done);
  }
}

/** What came and is not yet read, in order; what came too early waits beside it. */
export class Inbox {
  readonly #window: number;
  #parts: Uint8Array[] = [];
  #early = new Map<number, Segment>();
  unread = 0;
  /** The next sequence number expected. */
  next = 0;
  ended = false;

  constructor(window: number) {
    this.#window = window;
  }

  /** The other side's SYN has come. */
  start(): void {
    this.next = 1;
  }

  get room(): number {
    return Math.max(0, this.#window - this.unread);
  }

  /** One past the last byte that there is room for. */
  get edge(): number {
    return this.next + this.room;
  }

  get gaps(): boolean {
    return this.#early.size > 0;
  }

  take(segment: Segment): void {
    if (segment.seq > this.next) {
      if (segment.seq + segment.data.length <= this.edge) this.#early.set(segment.seq, segment);
      return;
    }
    this.#append(segment);
    if (this.#early.size === 0) return;
    for (const [seq, early] of [...this.#early].sort(([a], [b]) => a - b)) {
      if (seq > this.next) break;
      this.#early.delete(seq);
      this.#append(early);
    }
  }

  #append({ seq, data, fin }: Segment): void {
    if (this.ended) return;
    const fresh = data.subarray(Math.max(0, this.next - seq)).subarray(0, this.room);
    if (fresh.length) {
      this.#parts.push(fresh);
      this.unread += fresh.length;
      this.next += fresh.length;
    }
    if (fin && this.next === seq + data.length) {
      this.ended = true;
      this.next++;
    }
  }

  read(most: number): Uint8Array {
    if (this.unread === 0 || most <= 0) return nothing;
    const all = this.#parts.length === 1 ? this.#parts[0]! : concat(...this.#parts);
    const taken = all.subarray(0, most);
    const rest = all.subarray(taken.length);
    this.#parts = rest.length ? [rest] : [];
    this.unread = rest.length;
    return taken;
  }
}
