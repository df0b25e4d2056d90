/** A finding as lines for a terminal, and as an annotation for GitHub. No colour codes: whoever prints adds them. */
import type { Finding } from './finding.ts';

/**
 *     error[L02 blynk-begin-owns-wifi]: Blynk.begin() takes over the Wi-Fi and waits for ever
 *       --> kitchen.ino:61:3
 *        |
 *     61 |   Blynk.begin(auth, ssid, pass);
 *        |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
 *        = why: …
 *        = mend: …
 */
export function renderFinding(finding: Finding, options: { readonly width?: number } = {}): string[] {
  const width = options.width ?? 100;
  const gutter = Math.max(3, String(finding.lines.at(-1)?.line ?? finding.line).length + 1);
  const margin = ' '.repeat(gutter);
  const out = [
    `${finding.severity}[${finding.id} ${finding.rule}]: ${finding.message}`,
    `${' '.repeat(gutter - 1)}--> ${finding.file}:${finding.line}:${finding.column}`,
  ];
  if (finding.lines.length > 0) {
    out.push(`${margin}|`);
    finding.lines.forEach(({ line, text }, index) => {
      const clean = printable(text);
      out.push(`${String(line).padStart(gutter - 1)} | ${cut(clean, width - gutter - 2)}`);
      if (index === 0) out.push(`${margin}| ${underline(finding, clean, width - gutter - 2)}`);
    });
  }
  for (const [label, text] of [
    ['why', finding.why],
    ['mend', finding.mend],
  ] as const)
    out.push(
      ...wrapped(`${label}: ${text}`, width - gutter - 2).map((line, index) => `${margin}${index ? ' ' : '='} ${line}`),
    );
  if (finding.fix)
    out.push(
      `${margin}= ${finding.fix.safety === 'safe' ? 'WhyOTA can change this: --fix' : 'a change is at hand that you should look at first'}`,
    );
  return out.map((line) => line.trimEnd());
}

function underline(finding: Finding, line: string, room: number): string {
  const from = Math.min(finding.column - 1, line.length, room);
  const to = finding.endLine === finding.line ? finding.endColumn - 1 : line.trimEnd().length;
  return ' '.repeat(from) + '^'.repeat(Math.max(1, Math.min(to, line.length, room) - from));
}

/** Tabs are one column wide here, so that the underline stands right. */
const printable = (text: string): string =>
  text.replace(/\t/g, ' ').replace(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, '\uFFFD');
const cut = (text: string, room: number): string => (text.length > room ? `${text.slice(0, room - 1)}…` : text);

function wrapped(text: string, room: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line && line.length + 1 + word.length > room) {
      lines.push(line);
      line = `  ${word}`;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line];
}

/** A workflow command of GitHub Actions; its escapes are those of actions/toolkit `command.ts`. */
export function asGithub(finding: Finding): string {
  const level = finding.severity === 'info' ? 'notice' : finding.severity;
  const data = (text: string): string => text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
  const property = (text: string): string => data(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
  const properties = `file=${property(finding.file)},line=${finding.line},endLine=${finding.endLine},col=${finding.column},title=${property(`${finding.id} ${finding.rule}`)}`;
  return `::${level} ${properties}::${data(`${finding.message}. ${finding.why} ${finding.mend}`)}`;
}
