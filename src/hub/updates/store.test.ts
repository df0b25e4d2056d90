import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { minutes, seconds } from '#values/index.ts';
import { openStore } from '../store/open.ts';
import { type HubScene, hubScene, image } from './scene.fixture.ts';

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'whyota-store-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
};

/** Leaves no room in the database: SQLite's own limit says what a full disk says. */
function fill({ store: { raw } }: HubScene): { empty(): void } {
  const [{ page_count = 0 } = {}] = raw.prepare('pragma page_count').all() as { page_count: number }[];
  raw.exec(`pragma max_page_count = ${page_count}`);
  for (const length of [500, 50, 0])
    for (let i = 0; i < 10_000; i++) {
      try {
        raw.exec(
          `insert into update_steps (update_id, at, state, note) select id, 0, 'queued', '${'x'.repeat(length)}' from updates limit 1`,
        );
      } catch (error) {
        expect(String(error)).toContain('full');
        break;
      }
    }
  return {
    empty() {
      raw.exec('pragma max_page_count = 1000000');
      raw.exec('delete from update_steps where at = 0');
    },
  };
}

describe('a disk that is full', () => {
  it('stops an update before a byte goes, and lets it go on when there is room again', async () => {
    const scene = await hubScene();
    scene.boards[0]!.powerOff();
    const [update] = await scene.order(await scene.add(image('new')));
    await scene.until(update!.id, ['waiting']);
    const full = fill(scene);
    scene.boards[0]!.powerCycle();
    await scene.pass(minutes(10));
    expect(scene.boards[0]!.updates).toEqual([]);
    expect(scene.troubles.join()).toContain('full');
    full.empty();
    expect((await scene.ends(update!.id, minutes(30))).state).toBe('back-unproven');
    expect(scene.boards[0]!.updates).toHaveLength(1);
  });

  it('refuses what is ordered, and forgets nothing of it', async () => {
    const scene = await hubScene({ boards: 2 });
    const firmware = await scene.add(image('new'));
    scene.boards[0]!.powerOff();
    await scene.order(firmware, { devices: [scene.ids[0]!] });
    const full = fill(scene);
    const wanted = { firmware, devices: [scene.ids[1]!] };
    expect(await scene.updates.order(wanted, 'ann')).toMatchObject({ ok: false, problem: { code: 'hub-not-written' } });
    full.empty();
    expect(await scene.drive(scene.updates.order(wanted, 'ann'))).toMatchObject({ ok: true, value: { refused: [] } });
  });
});

describe('a database that another program holds', () => {
  it('makes the steps wait, and not fail', async () => {
    const scene = await hubScene();
    scene.store.raw.exec('pragma busy_timeout = 1');
    const [update] = await scene.order(await scene.add(image('new')));
    await scene.until(update!.id, ['restarting']);
    const other = new DatabaseSync(
      (scene.store.raw.prepare('pragma database_list').all() as { file: string }[])[0]!.file,
    );
    other.exec('begin immediate');
    await scene.pass(seconds(90));
    expect((await scene.updates.get(update!.id))?.state).toBe('restarting');
    expect(scene.troubles.join()).toContain('locked');
    other.exec('rollback');
    other.close();
    expect((await scene.ends(update!.id)).state).toBe('back-unproven');
  });
});

describe('a database that is damaged', () => {
  it.each([
    [
      'is something else',
      (path: string) => writeFileSync(path, 'this is no database, it only has its name'.repeat(500)),
    ],
    ['was cut off', (path: string) => truncateSync(path, 20_000)],
  ])('is not opened when it %s, and not touched', async (_, damage) => {
    const path = join(folder(), 'hub.db');
    await (await openStore(path)).close();
    damage(path);
    const before = readFileSync(path);
    await expect(openStore(path)).rejects.toMatchObject({ problem: { code: 'hub-store-damaged' } });
    expect(readFileSync(path)).toEqual(before);
  });
});
