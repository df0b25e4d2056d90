/** A password or token. However it is printed, logged or put into JSON, it shows as `[secret]`; only `reveal` gives it. */
export class Secret {
  readonly #words: string;

  constructor(words: string) {
    this.#words = words;
  }

  reveal(): string {
    return this.#words;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }
}
