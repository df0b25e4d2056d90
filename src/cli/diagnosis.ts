/** A diagnosis on the desk: the answer in words, or its fields for programs. */
import { type Diagnosis, render, short } from '#doctor/index.ts';
import type { Finding } from '#sketch/index.ts';
import type { Desk, Paint } from './desk.ts';

const paints: Partial<Record<ReturnType<typeof render>[number]['kind'], Paint>> = {
  headline: 'bold',
  heading: 'bold',
  do: 'cyan',
  for: 'green',
  against: 'red',
  out: 'dim',
  sum: 'dim',
  more: 'dim',
};

/** The whole answer, on stdout. */
export function showDiagnosis(desk: Desk, diagnosis: Diagnosis): void {
  for (const { kind, text } of render(diagnosis)) desk.say(paints[kind] ? desk.paint(paints[kind], text) : text);
}

/** The first lines, where the answer follows something else. */
export function showShort(desk: Desk, diagnosis: Diagnosis): void {
  for (const line of short(diagnosis)) desk.note(line);
}

export const findingFields = ({
  rule,
  id,
  file,
  line,
  severity,
  message,
  why,
  mend,
}: Finding): Record<string, unknown> => ({
  rule,
  id,
  file,
  line,
  severity,
  message,
  why,
  mend,
});
