/** Single lines of a sketch that a person quotes instead of all of it: what such a line settles by itself. */
import type { Notes } from './notes.ts';
import type { Line } from './paste.ts';

/** A call with one literal, not commented out. */
const call = /^(?!\/\/).{0,80}\bArduinoOTA\.set(Hostname|PasswordHash|Password|Port)\s?\(\s?"?([^")]{1,80})"?\s?\)/;

/** Reads lines that hang in the air; where a whole sketch was found its own check says more. */
export function readFragments(lines: readonly Line[], notes: Notes): void {
  for (const { text, number } of lines) {
    const [, setter, value = ''] = call.exec(text) ?? [];
    if (!setter) continue;
    notes.notice(number, `a line of the sketch: ${setter.toLowerCase()}`);
    if (setter === 'Hostname' && /^[\w .-]+$/.test(value))
      notes.say('sketch.lint.hostname-chars', !/^[a-z0-9-]{1,63}$/i.test(value), 'sketch');
    if (setter === 'Port' && /^\d{2,5}$/.test(value)) notes.infer('board.ota-port', Number(value), 'sketch');
    if (setter === 'Password') notes.say('sketch.password-form', 'plain', 'sketch');
    if (setter === 'PasswordHash' && /^[\w]+$/.test(value))
      notes.say('sketch.password-form', hashForm(value), 'sketch');
  }
}

const hashForm = (value: string) =>
  /^[0-9a-f]{32}$/.test(value)
    ? 'md5-hash'
    : /^[0-9a-f]{64}$/.test(value)
      ? 'sha256-hash'
      : /^(?:[0-9a-f]{32}|[0-9a-f]{64})$/i.test(value)
        ? 'upper-case-hash'
        : 'other-hash';
