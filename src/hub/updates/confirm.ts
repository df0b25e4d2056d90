/** What a board's own words prove. Being there again proves nothing: only a build, a digest or a version that it names does. */
import type { Words } from './types.ts';

/** What a board that runs it would say. */
export interface Marks {
  readonly build?: string | undefined;
  /** MD5s of the sketch as it may lie in the flash: of the file, and of what a gzip or a signature wraps. */
  readonly md5s: readonly string[];
  readonly version?: string | undefined;
}

/** `new`: it runs what was sent. `old`: it runs what it ran before. Undefined: its words prove neither. */
export type Verdict = 'new' | 'old' | undefined;

/** Words that are neither are no proof of a wrong sketch: a board may name its build otherwise than the file does, and an
 *  ESP8266 patches the flash mode of what it stores, so that its MD5 may be another (esp8266/Arduino 2.4.2 Updater.cpp). */
export function verdictOf(words: Words, marks: Marks, before: Words): Verdict {
  if (words.md5 !== undefined && marks.md5s.includes(words.md5)) return 'new';
  if (words.build !== undefined && words.build === marks.build) return 'new';
  // The file does not hold its version: somebody typed it in. So it proves something only where it changed.
  const { version } = words;
  if (version !== undefined && version === marks.version && (before.version ?? version) !== version) return 'new';
  const same = (name: keyof Words): boolean => words[name] !== undefined && words[name] === before[name];
  return same('md5') || same('build') ? 'old' : undefined;
}

/** The build that its words proved: a digest is as good as the name that the file gives itself. */
export const provenBuild = (words: Words, marks: Marks): string | undefined =>
  words.build ?? marks.build ?? wordsOf(words);

/** What it said, for people. */
export const wordsOf = ({ build, version, md5 }: Words): string | undefined =>
  build ?? version ?? (md5 === undefined ? undefined : `MD5 ${md5}`);
