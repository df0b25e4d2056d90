/** Runs the rules over a sketch and makes findings of what they say. */
import type { Finding, Ota, ReadProgram, Report, Rule } from './finding.ts';
import { includes, type Sketch } from './model.ts';
import { rules } from './rules/index.ts';
import { mask, secretValues } from './secrets.ts';
import { type Program, trace } from './trace.ts';
import { readWait, servesUpdates } from './waits.ts';

/** All findings: errors first, then by line. */
export function check(sketch: Sketch): Finding[] {
  const program = readProgram(sketch);
  const secrets = secretValues(sketch);
  const findings = rules.flatMap((rule) =>
    [...rule.find(program)].map((report) => finding(sketch, rule, report, secrets)),
  );
  const rank = { error: 0, warning: 1, info: 2 };
  return findings.sort(
    (a, b) =>
      rank[a.severity] - rank[b.severity] ||
      a.file.localeCompare(b.file) ||
      a.line - b.line ||
      a.id.localeCompare(b.id),
  );
}

const programs = new WeakMap<Sketch, ReadProgram>();

/** A sketch traced, its loops read. */
export function readProgram(sketch: Sketch): ReadProgram {
  let read = programs.get(sketch);
  if (!read) {
    const program = trace(sketch);
    const serving = servesUpdates(program);
    const waits = program.traces
      .flatMap(({ loops }) => loops)
      .slice(0, 2_000)
      .map((run) => readWait(program, run, serving));
    read = { ...program, waits, serving, ota: otaOf(program) };
    programs.set(sketch, read);
  }
  return read;
}

const otherUpdaters =
  /^(?:(?:Async)?ElegantOTA|ESP8266HTTPUpdateServer|HTTPUpdateServer|ESP8266httpUpdate|HTTPUpdate|Update|Updater|BlynkEdgent|ESP32httpUpdate|esp_ota_ops|esp_https_ota|ESPAsyncHTTPUpdateServer|ArduinoOTAMdnsless|PrettyOTA|PicoOTA)\.h$/;

const otaOf = (program: Program): Ota => ({
  arduino:
    includes(program.sketch, /^ArduinoOTA\.h$/i) || program.steps.some(({ name }) => name.startsWith('ArduinoOTA.')),
  other:
    includes(program.sketch, otherUpdaters) ||
    program.steps.some(({ name }) =>
      /^(?:Update\.begin|httpUpdate\.update|ESPhttpUpdate\.update|HTTPUpdate\.update|ElegantOTA\.begin|esp_https_ota)$/.test(
        name,
      ),
    ),
});

function finding(sketch: Sketch, rule: Rule, report: Report, secrets: ReadonlySet<string>): Finding {
  const { place } = report;
  const text = sketch.files.find(({ name }) => name === place.file)?.text ?? '';
  const all = text.split('\n');
  const last = Math.min(place.endLine, place.line + 3);
  const lines = all
    .slice(place.line - 1, last)
    .map((line, index) => ({ line: place.line + index, text: mask(line.replace(/\r$/, ''), secrets) }));
  return {
    id: rule.id,
    rule: rule.rule,
    severity: report.severity ?? rule.severity,
    file: place.file,
    line: place.line,
    column: place.column,
    endLine: place.endLine,
    endColumn: place.endColumn,
    message: report.message,
    why: report.why ?? rule.why,
    mend: report.mend ?? rule.mend,
    lines,
    also: (report.also ?? []).map(({ file, line }) => ({ file, line })),
    ...(report.fix && { fix: report.fix }),
  };
}
