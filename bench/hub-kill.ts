// A hub that is killed again and again with updates under way, judged by the boards' own flash counters.
import { killMany } from '../test/hub-kill.fixture.ts';
import { median } from './print.ts';

/** kill -9 so many times, in batches with a seed and with boards of their own. */
export async function run([kills = '1000', firstSeed = '1']: readonly string[]): Promise<void> {
  const batch = 100;
  const total = { acknowledged: 0, lost: 0, forgotten: 0, twice: 0, wrong: 0 };
  const ends: Record<string, number> = {};
  const met: Record<string, number> = {};
  const recoveries: number[] = [];
  const add = (to: Record<string, number>, more: Readonly<Record<string, number>>): void => {
    for (const [name, count] of Object.entries(more)) to[name] = (to[name] ?? 0) + count;
  };
  for (let done = 0, seed = Number(firstSeed); done < Number(kills); done += batch, seed++) {
    const verdict = await killMany({ kills: Math.min(batch, Number(kills) - done), seed, network: '127.8.33' });
    const { acknowledged, lost, forgotten, twice, wrong } = verdict;
    add(total, { acknowledged, lost, forgotten, twice, wrong: wrong.length });
    add(ends, verdict.ends);
    add(met, verdict.met);
    recoveries.push(...verdict.recoveries);
    if (lost + forgotten + twice + wrong.length) console.log(`seed ${seed}: ${JSON.stringify(verdict)}`);
  }
  const listed = (counts: Record<string, number>): string =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ');
  console.log(`${kills} kills with updates under way (met: ${listed(met)})`);
  console.log(
    `${total.acknowledged} orders acknowledged: ${total.lost} lost, ${total.twice} flashed twice, ${total.forgotten} forgotten, ${total.wrong} ends that a board's counter contradicts`,
  );
  console.log(`ends: ${listed(ends)}`);
  const worst = Math.max(...recoveries);
  console.log(
    `from a loaded process to answering, all taken up again: median ${median(recoveries).toFixed(0)} ms, worst ${worst.toFixed(0)} ms (limit 3,000 ms)`,
  );
}
