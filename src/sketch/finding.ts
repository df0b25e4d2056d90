/** What a rule says: which line, why it matters, how to mend it, and where that is safe, the change itself. */
import type { Program } from './trace.ts';
import type { Place } from './tree.ts';
import type { Wait } from './waits.ts';

export type Severity = 'error' | 'warning' | 'info';

/** Replaces the characters from `start` to `end` of a file. */
export interface Edit {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** `safe`: does the same thing better. `unsafe`: changes what the sketch does; a person should look. */
export interface Fix {
  readonly safety: 'safe' | 'unsafe';
  readonly edits: readonly Edit[];
}

/** What a rule hands over; `check` adds the rule's name and the lines. */
export interface Report {
  readonly place: Place;
  readonly message: string;
  readonly why?: string;
  readonly mend?: string;
  readonly severity?: Severity;
  /** Other places that belong to it. */
  readonly also?: readonly Place[];
  readonly fix?: Fix | undefined;
}

export interface Rule {
  /** `L01`. */
  readonly id: string;
  readonly rule: RuleName;
  readonly severity: Severity;
  readonly why: string;
  readonly mend: string;
  find(program: ReadProgram): Iterable<Report>;
}

/** A traced sketch with its loops read and what kind of update it takes. */
export interface ReadProgram extends Program {
  readonly waits: readonly Wait[];
  readonly ota: Ota;
  readonly serving: (name: string) => boolean;
}

export interface Ota {
  /** ArduinoOTA is included or used. */
  readonly arduino: boolean;
  /** Updates come another way: a web page, a download, Blynk.Air, ESPHome-like. */
  readonly other: boolean;
}

export interface Finding {
  readonly id: string;
  readonly rule: RuleName;
  readonly severity: Severity;
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly message: string;
  readonly why: string;
  readonly mend: string;
  /** The lines it is about, secrets masked. */
  readonly lines: readonly { readonly line: number; readonly text: string }[];
  readonly also: readonly { readonly file: string; readonly line: number }[];
  readonly fix?: Fix;
}

export type RuleName = typeof import('#values/facts.ts').sketchRules[number];
