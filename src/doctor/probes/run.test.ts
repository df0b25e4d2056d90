import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Fact, fact } from '#values/facts.ts';
import { seconds } from '#values/index.ts';
import { contextOf, house, sketchOf, valuesOf } from './house.fixture.ts';
import { actingProbes, budgetFor, harmlessProbes, hostProbes, runProbes, settledBudget, usualBudget } from './index.ts';
import { type HostProbe, unable } from './probe.ts';

const slow = (name: string, risk: HostProbe['risk'] = 'harmless', takes = 5): HostProbe => ({
  name,
  asks: 'for patience',
  cost: takes,
  risk,
  needs: [],
  yields: ['net.http'],
  async run({ world, signal }) {
    await world.clock.sleep(seconds(takes), name, signal);
    return [fact('net.http', 'answers', 'probe')];
  },
});

const run = async (probes: readonly HostProbe[], more = {}, budget = usualBudget) => {
  const place = await house();
  const began = place.clock.now();
  const probed = await place.clock.run(runProbes(contextOf(place, more), probes, budget));
  return { ...probed, took: place.clock.now() - began, place };
};

describe('running probes', () => {
  it('asks all that is harmless within the budget, and says what could not be asked', async () => {
    const { facts, notes, took } = await run(harmlessProbes);
    expect(took).toBeLessThanOrEqual(usualBudget);
    expect(valuesOf(facts)).toMatchObject({
      'listener.bind': 'ok',
      'net.ping': 'answered',
      'discovery.raw-mdns': 'seen',
      'net.http': 'closed',
    });
    expect(notes.map(({ probe }) => probe).sort()).toEqual(['firewall', 'local-network']);
  });

  it('keeps to the short budget where arithmetic has settled it', async () => {
    const tooBig = fact('fit.verdict', 'too-big', 'build') as Fact;
    expect(budgetFor([tooBig])).toBe(settledBudget);
    expect(budgetFor([{ ...tooBig, inferred: true }])).toBe(usualBudget);
    expect(budgetFor([])).toBe(usualBudget);
    const { notes, took } = await run(harmlessProbes, {}, settledBudget);
    expect(took).toBeLessThanOrEqual(settledBudget);
    expect(notes).toContainEqual({ probe: 'arp-ping', why: 'there was no time left for it' });
  });

  it('asks side by side what is harmless, and one after the other what acts', async () => {
    expect((await run([slow('a'), slow('b'), slow('c')])).took).toBe(5000);
    expect((await run([slow('a', 'acts'), slow('b', 'acts')], { mayAct: true })).took).toBe(10_000);
  });

  it('makes no board act unasked', async () => {
    const offer = { command: 'sketch', bytes: sketchOf(90_000) };
    const { facts, notes } = await run(actingProbes, { offer });
    expect(facts).toEqual([]);
    expect(new Set(notes.map(({ why }) => why))).toEqual(
      new Set(['it makes the board act, and nobody asked for that']),
    );
  });

  it('sends nothing to a board that is being updated', async () => {
    const { notes } = await run(
      hostProbes.filter(({ touchesOta }) => touchesOta),
      { uploadUnderWay: true, mayAct: true, offer: { command: 'sketch', bytes: sketchOf(90_000) } },
    );
    expect(new Set(notes.map(({ why }) => why))).toEqual(new Set(['an upload to this board is under way']));
    expect(notes.length).toBe(hostProbes.filter(({ touchesOta }) => touchesOta).length);
  });

  it('ends a probe that takes longer than it says', async () => {
    const late = { ...slow('late', 'harmless', 60), cost: 1 };
    const stubborn: HostProbe = { ...slow('stubborn'), run: () => new Promise(() => {}) };
    const { facts, notes, took } = await run([late, stubborn]);
    expect(facts).toEqual([]);
    expect(notes.map(({ why }) => why)).toEqual(['it took too long', 'it took too long']);
    expect(took).toBe(usualBudget);
  });

  it('survives a probe that breaks', async () => {
    const broken: HostProbe = { ...slow('broken'), run: async () => Promise.reject(new Error('no such tool')) };
    expect((await run([broken])).notes).toEqual([{ probe: 'broken', why: 'no such tool' }]);
    const shy: HostProbe = { ...slow('shy'), run: async () => unable('not today') };
    expect((await run([shy])).notes).toEqual([{ probe: 'shy', why: 'not today' }]);
  });

  it('does not replace what the attempt itself has seen', async () => {
    const known = [fact('net.http', 'silent', 'transcript') as Fact];
    expect((await run([slow('a')], { known })).facts).toEqual([]);
    expect((await run([slow('a')], { known: [{ ...known[0]!, inferred: true }] })).facts).toHaveLength(1);
  });

  it('asks nothing once it was stopped', async () => {
    const { facts, took } = await run(harmlessProbes, { signal: AbortSignal.abort() });
    expect(facts).toEqual([]);
    expect(took).toBe(0);
  });
});

describe('the page on probes', () => {
  const page = readFileSync('docs/explanation/probes.md', 'utf8');

  it.each(hostProbes.map((probe) => [probe.name, probe] as const))('states cost and risk of %s', (name, probe) => {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\``) && line.split('|').length === 6);
    const [, , , cost, risk] = row?.split('|').map((cell) => cell.trim()) ?? [];
    expect(Number(cost)).toBe(probe.cost);
    expect(risk === '**acts**').toBe(probe.risk === 'acts');
  });
});
