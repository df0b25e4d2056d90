// A failed upload, the facts of its transcript, the probes, the diagnosis: the whole way, in virtual time.
import { describe, expect, it } from 'vitest';
import { millis, Secret } from '#values/index.ts';
import { attempted, type Job } from './attempt.fixture.ts';
import { diagnose } from './index.ts';
import { commandsSaying, contextOf, sketchOf, type Wish } from './probes/house.fixture.ts';
import { budgetFor, harmlessProbes, runProbes } from './probes/index.ts';

async function diagnosed(wish: Wish, job: Job = {}, tools: Readonly<Record<string, string>> = {}) {
  const { place, facts } = await attempted(wish, job);
  const target = { ...place.target, port: job.port ?? place.target.port };
  const context = contextOf(place, { target, known: facts, commands: commandsSaying(tools) });
  const began = place.clock.now();
  const probed = await place.clock.run(runProbes(context, harmlessProbes, budgetFor(facts)));
  expect(place.clock.now() - began).toBeLessThanOrEqual(15_000);
  return diagnose([...facts, ...probed.facts]);
}

const opened = { 'iptables -S': '-P INPUT ACCEPT\n' };
const closed = { 'iptables -S': '-P INPUT DROP\n-A INPUT -i lo -j ACCEPT\n' };

describe('a failed upload is named', () => {
  it('two copies do not fit, core 2.3.0 (which says nothing)', async () => {
    const known = { family: 'esp8266', core: '2.3.0', layout: '1M512', runningBytes: 253_168 } as const;
    const { causes } = await diagnosed(
      { board: { core: 'esp8266@2.3.0', layout: '1M512', runningBytes: 253_168 } },
      { file: sketchOf(253_168, '2.3.0'), force: true, knowledge: known },
      opened,
    );
    expect(causes[0]).toMatchObject({ id: 'img-8266-two-copies-dont-fit', verdict: 'certain' });
  });

  it.each(['esp8266@3.1.2', 'esp8266@2.3.0', 'esp32@3.2.0'])('a firewall that drops the call of %s', async (core) => {
    const family = core.startsWith('esp32') ? 'esp32' : 'esp8266';
    const { causes } = await diagnosed(
      { board: { core }, host: { firewall: { tcp: 'drop' } } },
      { knowledge: { family, core: core.split('@')[1] }, force: true },
      closed,
    );
    expect(causes[0]?.id).toBe('host-firewall-linux');
  });

  it('a wrong password', async () => {
    const board = { sketch: { password: new Secret('right') } };
    const { causes } = await diagnosed({ board }, { password: new Secret('wrong') }, opened);
    expect(causes[0]?.id).toBe('auth-wrong-password');
  });

  it('a loop that stands still', async () => {
    const blocks = [{ at: millis(0), lasts: 'for-ever' }] as const;
    const { causes } = await diagnosed(
      { board: { sketch: { blocks, mdns: false } } },
      { knowledge: { family: 'esp8266', core: '3.1.2' } },
      opened,
    );
    expect(causes[0]?.id).toMatch(/^sk-(loop-blocked|cloud-reconnect-starves|handle-)/);
  });

  it('a closed port', async () => {
    const { causes } = await diagnosed({ board: { sketch: { startDelay: 'for-ever' } } }, {}, opened);
    expect(causes.slice(0, 2).map(({ id }) => id)).toEqual(
      expect.arrayContaining(['sk-begin-not-reached', 'sk-no-ota-in-running-sketch']),
    );
  });

  it('a board that is off', async () => {
    const { causes } = await diagnosed({ place: { firewall: { udp: 'drop', tcp: 'drop', echo: 'drop' } } }, {}, opened);
    expect(causes.map(({ id }) => id)).not.toContain('host-firewall-linux');
  });

  it('the wrong port', async () => {
    const { causes } = await diagnosed({}, { port: 3232 }, opened);
    expect(causes[0]?.id).toBe('tool-wrong-ota-port');
  });
});
