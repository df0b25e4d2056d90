/** How a command is described: its words, one line of what it does, and examples; then what carries it out. */
import type { Command } from 'commander';
import type { Ending, Setting } from '../command.ts';

export type Handler = (words: readonly string[], options: Record<string, unknown>, setting: Setting) => Promise<Ending>;

export interface Describing {
  /** A new command, below the program or below another command (`serial flash`). */
  command(words: string, summary: string, examples: readonly string[], under?: Command): Command;
  /** What carries it out: a handler, loaded when it is asked for. */
  handle(load: () => Promise<Handler>): (...passed: unknown[]) => Promise<void>;
}

/** Each file of this folder exports one, named `describe`. */
export type Describe = (describing: Describing) => void;
