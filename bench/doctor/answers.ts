// A person at the keyboard: answers what the doctor would ask, mostly right, sometimes not at all.
import { choose } from '#doctor/index.ts';
import { type Fact, type FactName, type FactValue, fact, vocabulary } from '#values/facts.ts';
import { type Case, chance, pick } from './case.ts';
import type { Fault } from './faults.ts';

const mostQuestions = 5;
const doesNotKnow = 0.25;
const isWrong = 0.05;

export function answersOf(c: Case, faults: readonly Fault[], given: readonly Fact[]): readonly Fact[] {
  let facts = given;
  const asked = new Set<string>();
  while (asked.size < mostQuestions) {
    const next = choose(facts, ({ risk }) => risk === 'asks', asked)?.probe;
    if (!next) break;
    asked.add(next.name);
    const name = next.yields[0]!;
    const answer = truth(c, faults, name);
    if (answer === undefined || chance(c.random, doesNotKnow)) continue;
    const said = chance(c.random, isWrong) ? another(c, name, answer) : answer;
    facts = [...facts, fact(name, said as never, 'person') as Fact];
  }
  return facts;
}

/** An experiment works when it cures everything that is wrong. */
function truth(c: Case, faults: readonly Fault[], name: FactName): string | boolean | undefined {
  if (name.startsWith('trial.'))
    return faults.length > 0 && faults.every(({ cures }) => cures?.includes(name)) ? 'works' : 'fails';
  const own = c.answers[name];
  if (own !== undefined) return own;
  switch (name) {
    case 'history.wire-since-power-on':
    case 'person.parts-on-boot-pins':
    case 'person.parts-near-antenna':
      return false;
    case 'history.worked-before':
      return pick(c.random, ['never', 'a-few-times', 'regularly', 'regularly']);
    case 'net.from-elsewhere':
      return 'reachable';
    case 'running.server-link':
      return c.traits.server === 'none' ? undefined : 'up';
    default:
      return undefined;
  }
}

function another(c: Case, name: FactName, answer: string | boolean): FactValue | boolean {
  const shape = vocabulary[name];
  return shape.is === 'word'
    ? pick(
        c.random,
        shape.words.filter((word) => word !== answer),
      )
    : !answer;
}
