/** The serial log, the one witness of a failed update. */
import { lineEnd, withoutLine } from '../edits.ts';
import { numeric, placeOf } from '../model.ts';
import { called, exclusive, mainSteps, rule } from './common.ts';

export const serialTwoBauds = rule({
  id: 'L30',
  rule: 'serial-two-bauds',
  severity: 'info',
  why: 'The monitor understands one speed only; what is printed at the other is garbage, and it is the log that would say what failed.',
  mend: 'Keep one Serial.begin(), and set the monitor to its speed.',
  *find(program) {
    const begins = called(mainSteps(program), /^Serial\.begin$/);
    const first = begins[0];
    const speed = numeric(program.sketch, first?.call.args[0]);
    const second = begins.find((step) => {
      const other = numeric(program.sketch, step.call.args[0]);
      return first && !exclusive(first, step) && speed !== undefined && other !== undefined && other !== speed;
    });
    if (!first || !second) return;
    yield {
      place: second.call.place,
      also: [first.call.place],
      message: `Serial is set to ${numeric(program.sketch, second.call.args[0])} here and to ${speed} in line ${first.call.place.line}`,
      fix: {
        safety: 'unsafe',
        edits: [withoutLine(program.sketch, { ...second.call.place, end: second.call.place.end + 1 })],
      },
    };
  },
});

export const blynkPrintAfterInclude = rule({
  id: 'L47',
  rule: 'blynk-print-after-include',
  severity: 'info',
  why: 'The library decides when it is included whether to print; afterwards it is too late, and the text that would say why Blynk does not connect is missing.',
  mend: 'Put the #define above the first #include of Blynk.',
  *find(program) {
    const { sketch } = program;
    const include = sketch.includes.find(({ path }) => /^Blynk/i.test(path));
    const define = sketch.defines.find(
      ({ name, file, start }) => name === 'BLYNK_PRINT' && include?.file === file && start > include.start,
    );
    if (!include || !define) return;
    const place = placeOf(sketch, define);
    const text = sketch.files
      .find(({ name }) => name === define.file)!
      .text.slice(define.start, define.end)
      .trimEnd();
    yield {
      place,
      also: [placeOf(sketch, include)],
      message: 'BLYNK_PRINT is defined after Blynk is included, so nothing is printed',
      fix: {
        safety: 'safe',
        edits: [
          {
            file: include.file,
            start: include.start,
            end: include.start,
            text: `${text}${lineEnd(sketch, include.file)}`,
          },
          withoutLine(sketch, define),
        ],
      },
    };
  },
});
