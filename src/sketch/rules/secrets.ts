/** The OTA password, and secrets that stand in the open. */
import { replace, textAt } from '../edits.ts';
import { constant, placeOf } from '../model.ts';
import { isSecretsFile, secretsUsed } from '../secrets.ts';
import { called, rule } from './common.ts';

export const noOtaPassword = rule({
  id: 'L21',
  rule: 'no-ota-password',
  severity: 'info',
  why: 'Anyone on the same network can put another program on the board.',
  mend: 'Call ArduinoOTA.setPassword() before ArduinoOTA.begin().',
  *find(program) {
    const begin = called(program.steps, /^ArduinoOTA\.begin$/)[0];
    if (!begin) return;
    const set = called(program.steps, /^ArduinoOTA\.setPassword(?:Hash)?$/).filter(
      ({ call }) => constant(program.sketch, call.args[0]) !== '',
    );
    if (set.length === 0) yield { place: begin.call.place, message: 'OTA has no password' };
  },
});

export const hashFormat = rule({
  id: 'L22',
  rule: 'hash-format',
  severity: 'error',
  why: 'The board compares the text as it stands; one that is no hash in small letters never matches.',
  mend: 'Give the MD5 of the password as 32 digits and small letters; on ESP32 core 3.3.1 and later its SHA-256, 64 of them.',
  *find(program) {
    for (const { call } of called(program.steps, /^ArduinoOTA\.setPasswordHash$/)) {
      const [argument] = call.args;
      const hash = constant(program.sketch, argument);
      if (typeof hash !== 'string' || !argument) continue;
      const lengths = program.sketch.family === 'esp32' || !program.sketch.family ? [32, 64] : [32];
      if (lengths.includes(hash.length) && /^[0-9a-f]*$/.test(hash)) continue;
      const onlyCase = lengths.includes(hash.length) && /^[0-9a-fA-F]*$/.test(hash) && argument.kind === 'text';
      yield {
        place: argument.place,
        message: onlyCase ? 'the password hash has capital letters' : 'this is not the hash of a password',
        ...(onlyCase && {
          fix: {
            safety: 'safe',
            edits: [replace(argument.place, textAt(program.sketch, argument.place).toLowerCase())],
          } as const,
        }),
      };
    }
  },
});

export const secretsInSource = rule({
  id: 'L23',
  rule: 'secrets-in-source',
  severity: 'warning',
  why: 'A sketch that is posted for help takes them along.',
  mend: 'Move them to a file of their own, secrets.h, and post the sketch without it.',
  *find(program) {
    const seen = new Set<string>();
    for (const { what, place, value, real } of secretsUsed(program.sketch)) {
      // A hash is masked like a password, but does not give it away.
      if (/^[0-9a-f]{32}$|^[0-9a-f]{64}$/i.test(value) && what === 'OTA password') continue;
      if (!real || isSecretsFile(place.file) || seen.has(value)) continue;
      seen.add(value);
      yield {
        place: place.line ? place : placeOf(program.sketch, place),
        message: `the ${what} stands in the sketch itself`,
      };
    }
  },
});

export const passwordShellChars = rule({
  id: 'L24',
  rule: 'password-shell-chars',
  severity: 'warning',
  why: 'The IDE hands the password over on a command line, where such characters mean something else: the board then gets another password.',
  mend: 'Use letters and digits only, but more of them.',
  *find(program) {
    for (const { call } of called(program.steps, /^ArduinoOTA\.setPassword$/)) {
      const value = constant(program.sketch, call.args[0]);
      if (typeof value === 'string' && /[^A-Za-z0-9._@:,+=/-]/.test(value) && !/^[*•]+$|^<.*>$/.test(value))
        yield { place: call.args[0]!.place, message: 'the OTA password has characters that a command line changes' };
    }
  },
});
