// The figures of a row of scenarios.
import type { Named } from '#doctor/index.ts';
import { features, type Played } from './scenario.ts';

export interface Figures {
  readonly single: number;
  readonly top1: number;
  readonly top3: number;
  readonly nothingWrong: { readonly right: number; readonly all: number };
  readonly pairs: { readonly inTop3: number; readonly all: number; readonly hidden: number };
  readonly certain: { readonly right: number; readonly all: number; readonly wrongSeeds: readonly number[] };
  readonly reliability: readonly Bin[];
  readonly confusions: readonly {
    readonly is: string;
    readonly named: string;
    readonly times: number;
    readonly seed: number;
  }[];
  readonly probes: number;
  readonly addedSeconds: { readonly mean: number; readonly most: number; readonly mostSettled: number };
}

export interface Bin {
  readonly from: number;
  readonly all: number;
  readonly right: number;
  readonly said: number;
}

const named = ({ diagnosis }: Played): readonly Named[] => diagnosis.causes;
const ids = (each: Played, most: number): string[] =>
  named(each)
    .slice(0, most)
    .map(({ id }) => id);
const isRight = (each: Played): boolean => each.truth.includes(named(each)[0]?.id ?? '');
const mean = (list: readonly number[]): number => list.reduce((sum, each) => sum + each, 0) / Math.max(1, list.length);
const share = (list: readonly Played[], holds: (each: Played) => boolean): number =>
  mean(list.map((each) => (holds(each) ? 1 : 0)));

export function figuresOf(list: readonly Played[]): Figures {
  const none = list.filter(({ truth }) => truth.length === 0);
  const one = list.filter(({ truth }) => truth.length === 1);
  const tells = tellingOf(list);
  const pairs = list.filter(({ truth }) => truth.length === 2);
  const two = pairs.filter(({ truth, traces }) =>
    truth.every((id, at) => traces![at]!.some((each) => tells(each, id))),
  );
  const certain = list.flatMap((each) =>
    named(each)
      .filter(({ verdict }) => verdict === 'certain')
      .map(({ id }) => ({ each, right: each.mayBeCertain.includes(id) })),
  );
  const live = list.filter(({ road, truth }) => road === 'live' && truth.length > 0);
  return {
    single: one.length,
    top1: share(one, isRight),
    top3: share(one, (each) => ids(each, 3).includes(each.truth[0]!)),
    nothingWrong: {
      right: none.filter(({ diagnosis }) => diagnosis.nothingWrong && diagnosis.causes.length === 0).length,
      all: none.length,
    },
    pairs: {
      inTop3: share(two, (each) => each.truth.every((id) => ids(each, 3).includes(id))),
      all: two.length,
      hidden: list.filter(({ hidden }) => hidden).length + pairs.length - two.length,
    },
    certain: {
      right: certain.filter(({ right }) => right).length,
      all: certain.length,
      wrongSeeds: certain.filter(({ right }) => !right).map(({ each }) => each.seed),
    },
    reliability: reliabilityOf(one),
    confusions: confusionsOf(one),
    probes: mean(live.map(({ probes }) => probes)),
    addedSeconds: {
      mean: mean(live.map(({ added }) => added / 1000)),
      most: Math.max(0, ...live.map(({ added }) => added / 1000)),
      mostSettled: Math.max(0, ...live.filter(({ settled }) => settled).map(({ added }) => added / 1000)),
    },
  };
}

/** A trace tells when it is seldom seen without that fault: lost pings, say, do not tell of a poor link. */
function tellingOf(list: readonly Played[]): (trace: string, id: string) => boolean {
  const seenIn = new Map<string, Map<string, number>>();
  for (const { facts, mayBeCertain } of list)
    for (const each of new Set(features(facts))) {
      const counts = seenIn.get(each) ?? new Map<string, number>();
      seenIn.set(each, counts);
      for (const id of ['', ...mayBeCertain]) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
  const withFault = (id: string): number => list.filter(({ mayBeCertain }) => mayBeCertain.includes(id)).length;
  return (trace, id) => {
    const counts = seenIn.get(trace);
    const without = (counts?.get('') ?? 0) - (counts?.get(id) ?? 0);
    return without / (list.length - withFault(id)) < seldom;
  };
}
const seldom = 0.03;

const bins = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.97] as const;

function reliabilityOf(list: readonly Played[]): Bin[] {
  return bins.map((from, at) => {
    const within = list.filter((each) => {
      const p = named(each)[0]?.probability ?? 0;
      return p >= from && p < (bins[at + 1] ?? 1.01);
    });
    return {
      from,
      all: within.length,
      right: share(within, isRight),
      said: mean(within.map((each) => named(each)[0]?.probability ?? 0)),
    };
  });
}

function confusionsOf(list: readonly Played[]): Figures['confusions'][number][] {
  const wrong = list.filter((each) => !isRight(each));
  return [...Map.groupBy(wrong, (each) => `${each.truth[0]} ${named(each)[0]?.id ?? 'nothing'}`)]
    .map(([key, of]) => ({ is: key.split(' ')[0]!, named: key.split(' ')[1]!, times: of.length, seed: of[0]!.seed }))
    .sort((a, b) => b.times - a.times);
}

/** espota.py's sentence alone: to each sentence the cause that most often stands behind it, learned from the other half. */
export function sentenceAlone(list: readonly Played[]): { readonly top1: number; readonly top3: number } {
  const one = list.filter(({ truth }) => truth.length === 1);
  const halves = [0, 1].map((half) => behindSentences(one.filter((_, i) => i % 2 === half)));
  const behind = (each: Played, i: number): readonly string[] => halves[1 - (i % 2)]!.get(each.espota) ?? [];
  return {
    top1: mean(one.map((each, i) => (behind(each, i)[0] === each.truth[0] ? 1 : 0))),
    top3: mean(one.map((each, i) => (behind(each, i).slice(0, 3).includes(each.truth[0]!) ? 1 : 0))),
  };
}

function behindSentences(list: readonly Played[]): Map<string, string[]> {
  const bySentence = Map.groupBy(list, ({ espota }) => espota);
  return new Map(
    [...bySentence].map(([sentence, of]) => {
      const counted = [...Map.groupBy(of, ({ truth }) => truth[0]!)].sort((a, b) => b[1].length - a[1].length);
      return [sentence, counted.map(([id]) => id)];
    }),
  );
}
