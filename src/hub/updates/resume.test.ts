import { describe, expect, it } from 'vitest';
import { millis, seconds } from '#values/index.ts';
import type { UpdateState } from '../contract/index.ts';
import { hubScene, image } from './scene.fixture.ts';

const statesOf = (update: { steps: { state: string }[] }): string[] => update.steps.map(({ state }) => state);

describe('a hub that was stopped and starts again', () => {
  it.each(['queued', 'sending', 'stored', 'restarting'] satisfies UpdateState[])(
    'brings an update that was %s to its end, and flashes once',
    async (state) => {
      const scene = await hubScene({ board: { sectorTime: millis(60) } });
      const [update] = await scene.order(await scene.add(image('new')));
      await scene.until(update!.id, [state]);
      await scene.restart();
      scene.talkative(0);
      scene.says(0);
      expect(await scene.ends(update!.id)).toMatchObject({ state: 'confirmed', build: 'new' });
      await scene.pass(seconds(60));
      expect(scene.boards[0]!.updates).toHaveLength(1);
    },
  );

  it('sends again what was broken off before the last bytes', async () => {
    const scene = await hubScene({ board: { sectorTime: millis(200) } });
    const [update] = await scene.order(await scene.add(image('new')));
    await scene.until(update!.id, ['sending']);
    await scene.pass(seconds(1));
    await scene.restart();
    const end = await scene.ends(update!.id);
    expect(statesOf(end)).toEqual(['queued', 'sending', 'queued', 'sending', 'stored', 'restarting', 'back-unproven']);
    expect(scene.boards[0]!.updates).toHaveLength(1);
  });

  it('does not send again what the board had whole, even if it says nothing of it', async () => {
    const scene = await hubScene({ board: { faults: { silentAfter: 60_000 } } });
    const [update] = await scene.order(await scene.add(image('new')));
    await scene.until(update!.id, ['sending']);
    await scene.pass(seconds(10));
    const row = await scene.store.db.selectFrom('updates').selectAll().executeTakeFirstOrThrow();
    expect(row).toMatchObject({ state: 'sending', all_sent: 1 });
    await scene.restart();
    const end = await scene.ends(update!.id);
    expect(end).toMatchObject({ state: 'unknown', problem: { fix: expect.stringMatching(/\w/) } });
    expect(statesOf(end).filter((state) => state === 'sending')).toHaveLength(1);
  });

  it('goes on waiting for a board that is away', async () => {
    const scene = await hubScene();
    scene.boards[0]!.powerOff();
    const [update] = await scene.order(await scene.add(image('new')));
    await scene.until(update!.id, ['waiting']);
    await scene.restart();
    scene.boards[0]!.powerCycle();
    expect((await scene.ends(update!.id)).state).toBe('back-unproven');
  });

  it('still believes a board that says later what it runs', async () => {
    const scene = await hubScene();
    const [update] = await scene.order(await scene.add(image('new')));
    await scene.ends(update!.id);
    await scene.restart();
    await scene.pass(seconds(1));
    scene.says(0);
    expect((await scene.until(update!.id, ['confirmed'])).state).toBe('confirmed');
  });
});

describe('a wall clock that jumps', () => {
  it('confuses neither the steps nor which update is the newest', async () => {
    const scene = await hubScene();
    let jump = 0;
    const { clock } = scene;
    const wall = clock.wall;
    Object.assign(clock, { wall: () => wall() + jump });
    const firmware = await scene.add(image('new'));
    const [first] = await scene.order(firmware);
    await scene.until(first!.id, ['sending']);
    jump = -3_000_000_000;
    expect((await scene.ends(first!.id)).state).toBe('back-unproven');
    const [second] = await scene.order(firmware);
    jump = 3_000_000_000;
    await scene.ends(second!.id);
    expect((await scene.updates.list({})).items.map(({ id }) => id)).toEqual([second!.id, first!.id]);
    expect((await scene.devices.get(scene.ids[0]!))?.lastUpdate?.id).toBe(second!.id);
  });
});
