// The doctor against a simulated world: the real uploader, probes, readers and reckoning against seeded scenarios with no, one or
// two faults and with noise. bench/doctor/ holds the world; docs/explanation/how-the-doctor-weighs.md says what the figures mean.
import { parseArgs } from 'node:util';
import { ceilingOf } from './doctor/ceiling.ts';
import { faults } from './doctor/faults.ts';
import { type Played, playSeed } from './doctor/scenario.ts';
import { figuresOf, sentenceAlone } from './doctor/score.ts';
import { printTable } from './print.ts';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

export async function run(words: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      scenarios: { type: 'string', default: '5000' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      show: { type: 'boolean', default: false },
    },
  });
  const { only, show } = values;
  if (only !== undefined && !faults.some(({ id }) => id === only))
    throw new Error(`--only takes one of: ${faults.map(({ id }) => id).join(', ')}`);
  const from = Number(values.seed);
  const played: Played[] = [];
  for (let seed = from; seed < from + Number(values.scenarios); seed++) {
    const each = await playSeed(seed, only);
    if (show) showOne(each);
    played.push(each);
  }
  report(played, only === undefined);
}

function report(played: readonly Played[], whole: boolean): void {
  const figures = figuresOf(played);
  const { certain, pairs, nothingWrong, addedSeconds } = figures;
  console.log(
    `${played.length} scenarios, ${faults.length} kinds of fault; ${figures.single} with one fault to be seen\n`,
  );
  const rows = [['doctor', percent(figures.top1), percent(figures.top3)]];
  if (whole) {
    const ceiling = ceilingOf(played);
    const sentence = sentenceAlone(played);
    rows.push(["espota.py's sentence alone", percent(sentence.top1), percent(sentence.top3)]);
    rows.push(['what can be told apart (held out)', percent(ceiling.top1), percent(ceiling.top3)]);
  }
  printTable(['', 'first', 'in the first three'], rows);
  console.log(`\nnothing wrong, and said so: ${nothingWrong.right} of ${nothingWrong.all}`);
  console.log(
    `two faults, both in the first three: ${percent(pairs.inTop3)} of ${pairs.all} (in ${pairs.hidden} more one of the two leaves no trace that tells)`,
  );
  console.log(
    `called certain and right: ${percent(certain.right / Math.max(1, certain.all))} of ${certain.all}; wrong at seeds: ${certain.wrongSeeds.join(', ') || 'none'}`,
  );
  console.log(
    `a diagnosis after a failed upload: ${figures.probes.toFixed(1)} probes, ${addedSeconds.mean.toFixed(1)} s on average, ${addedSeconds.most.toFixed(1)} s at most (limit 15), ${addedSeconds.mostSettled.toFixed(1)} s where arithmetic settles it (limit 2)\n`,
  );
  printTable(
    ['probability', 'cases', 'said', 'right'],
    figures.reliability
      .filter(({ all }) => all > 0)
      .map(({ from, all, said, right }) => [`from ${percent(from)}`, String(all), percent(said), percent(right)]),
  );
  console.log('\nlargest confusions');
  printTable(
    ['is', 'was named', 'times', 'a seed'],
    figures.confusions.slice(0, 25).map(({ is, named, times, seed }) => [is, named, String(times), String(seed)]),
  );
}

function showOne({ seed, truth, road, facts, diagnosis }: Played): void {
  console.log(`\n== ${seed} ${road}: ${truth.join(' + ') || 'nothing'}`);
  for (const { fact, value, source, inferred } of facts.filter(
    ({ fact, value }) => !(fact.startsWith('sketch.lint.') && value === false),
  ))
    console.log(`  ${fact} = ${value} (${source}${inferred ? ', inferred' : ''})`);
  for (const { id, verdict, probability, because, against } of diagnosis.causes)
    console.log(
      `  > ${id} ${verdict} ${percent(probability)}\n      + ${because.join('; ')}\n      - ${against.join('; ')}`,
    );
}
