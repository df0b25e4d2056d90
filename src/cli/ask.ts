/** Questions that only a person can answer, one at a time, the most telling first. */
import { choose } from '#doctor/index.ts';
import { type Fact, type FactName, fact, vocabulary } from '#values/facts.ts';
import type { Setting } from './command.ts';

const mostQuestions = 5;
const dontKnow = '?';

export async function askPerson(given: readonly Fact[], { signal }: Setting): Promise<readonly Fact[]> {
  const { select, isCancel } = await import('@clack/prompts');
  const answers: Fact[] = [];
  const asked = new Set<string>();
  while (asked.size < mostQuestions && !signal.aborted) {
    const next = choose([...given, ...answers], ({ risk }) => risk === 'asks', asked)?.probe;
    if (!next) break;
    asked.add(next.name);
    const name = next.yields[0]!;
    const answer = await select({
      message: next.asks,
      options: [...choices(name), { value: dontKnow, label: "I don't know" }],
    });
    if (isCancel(answer)) break;
    if (answer !== dontKnow) answers.push(fact(name, meant(name, String(answer)) as never, 'person') as Fact);
  }
  return answers;
}

function choices(name: FactName): { value: string; label: string }[] {
  const shape = vocabulary[name];
  if (shape.is === 'word') return shape.words.map((word) => ({ value: word, label: word.replaceAll('-', ' ') }));
  return [
    { value: 'yes', label: 'yes' },
    { value: 'no', label: 'no' },
  ];
}

const meant = (name: FactName, answer: string): string | boolean =>
  vocabulary[name].is === 'word' ? answer : answer === 'yes';
