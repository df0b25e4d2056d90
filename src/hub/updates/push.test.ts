import { describe, expect, it } from 'vitest';
import { makeEsp8266Image } from '#firmware/make.ts';
import { millis, minutes, seconds } from '#values/index.ts';
import { hubScene, image } from './scene.fixture.ts';

const statesOf = (update: { steps: { state: string }[] }): string[] => update.steps.map(({ state }) => state);

describe('an update that is pushed', () => {
  it('is confirmed when the board says that it runs the new build', async () => {
    const scene = await hubScene();
    scene.talkative(0);
    const firmware = await scene.add(image('new'));
    const [update] = await scene.order(firmware);
    const end = await scene.ends(update!.id);
    expect(end).toMatchObject({ state: 'confirmed', build: 'new' });
    expect(statesOf(end)).toEqual(['queued', 'sending', 'stored', 'restarting', 'confirmed']);
    expect(end.transcript.slice(-2)).toMatchObject([
      { kind: 'came-back', proof: 'new' },
      { kind: 'ended', ending: { kind: 'confirmed' } },
    ]);
    expect(scene.boards[0]!.updates).toHaveLength(1);
    expect(await scene.devices.get(scene.ids[0]!)).toMatchObject({
      firmwareId: firmware,
      presence: 'online',
      runningBytes: 60_000,
      lastUpdate: { state: 'confirmed' },
    });
    expect(scene.ended.map(({ state }) => state)).toEqual(['confirmed']);
    expect(scene.audit).toEqual([['ann', 'update.ordered', 'lamp-1', 'firmware']]);
  });

  it('is back and unproven when the board only comes back, and confirmed as soon as it says what it runs', async () => {
    const scene = await hubScene();
    const [update] = await scene.order(await scene.add(image('new')));
    expect(await scene.ends(update!.id)).toMatchObject({ state: 'back-unproven' });
    scene.says(0);
    expect(await scene.until(update!.id, ['confirmed'])).toMatchObject({ build: 'new' });
  });

  it('is rolled back when the board comes back with what it ran before', async () => {
    const scene = await hubScene();
    scene.says(0);
    const [update] = await scene.order(await scene.add(image('new')));
    await scene.until(update!.id, ['restarting']);
    await scene.pass(seconds(6));
    scene.updates.heard(scene.ids[0]!, { build: 'old' });
    const end = await scene.ends(update!.id);
    expect(end).toMatchObject({ state: 'rolled-back', problem: { code: 'dev-boot-copy-failed' } });
  });

  it('is not fooled by what the old sketch says before it restarts', async () => {
    const scene = await hubScene();
    scene.says(0);
    const [update] = await scene.order(await scene.add(image('new')));
    await scene.until(update!.id, ['restarting']);
    scene.updates.heard(scene.ids[0]!, { build: 'old' });
    scene.talkative(0);
    expect(await scene.ends(update!.id)).toMatchObject({ state: 'confirmed' });
  });

  it('is unknown, with advice, when the board never comes back', async () => {
    const scene = await hubScene();
    const [update] = await scene.order(await scene.add(image('new')));
    await scene.until(update!.id, ['stored', 'restarting']);
    scene.boards[0]!.powerOff();
    const end = await scene.ends(update!.id);
    expect(end).toMatchObject({
      state: 'unknown',
      problem: { code: 'not-back' },
      diagnosis: { causes: expect.anything() },
    });
    expect(end.transcript).toContainEqual(expect.objectContaining({ kind: 'went-away' }));
    expect(scene.live.presence(scene.ids[0]!)).toBe('offline');
  });

  it('is not sent again when the connection breaks off after the last bytes: only the board can say', async () => {
    const scene = await hubScene({ board: { faults: { silentAfter: 60_000 } } });
    const [update] = await scene.order(await scene.add(image('new')));
    const end = await scene.ends(update!.id);
    expect(end.state).toBe('unknown');
    expect(statesOf(end).filter((state) => state === 'sending')).toHaveLength(1);
  });

  it('is sent again, three times at most, when it breaks off before that', async () => {
    const scene = await hubScene({ board: { faults: { resetAfter: 20_000 } } });
    const [update] = await scene.order(await scene.add(image('new')));
    const end = await scene.ends(update!.id);
    expect(end).toMatchObject({ state: 'failed', problem: { code: 'transfer-broke-off' } });
    expect(statesOf(end).filter((state) => state === 'sending')).toHaveLength(3);
    expect(end.diagnosis).toMatchObject({ causes: expect.anything() });
    expect(end.transcript.length).toBeGreaterThan(5);
  });

  it('waits for a board that is away, writes nothing meanwhile, and goes on when it is heard of', async () => {
    const scene = await hubScene();
    scene.boards[0]!.powerOff();
    const [update] = await scene.order(await scene.add(image('new')));
    expect(await scene.until(update!.id, ['waiting'])).toBeDefined();
    await scene.pass(minutes(30));
    const waiting = (await scene.updates.get(update!.id))!;
    expect(statesOf(waiting)).toEqual(['queued', 'waiting']);
    expect(scene.live.presence(scene.ids[0]!)).toBe('unknown');
    scene.boards[0]!.powerCycle();
    await scene.pass(seconds(5));
    const before = scene.clock.now();
    scene.updates.heard(scene.ids[0]!);
    await scene.until(update!.id, ['sending']);
    expect(scene.clock.now() - before).toBeLessThan(seconds(5));
    scene.talkative(0);
    expect((await scene.ends(update!.id)).state).toBe('confirmed');
  });

  it('fails one day when the board never comes', async () => {
    const scene = await hubScene({ setting: { patience: { asleep: minutes(6) } } });
    scene.boards[0]!.powerOff();
    const [update] = await scene.order(await scene.add(image('new')));
    expect(await scene.ends(update!.id, minutes(20))).toMatchObject({
      state: 'failed',
      problem: { code: 'hub-update-never-came' },
    });
  });

  it('fails with a diagnosis when the board is there and its loop does not answer', async () => {
    const scene = await hubScene({ board: { sketch: { handles: false } } });
    const [update] = await scene.order(await scene.add(image('new')));
    const end = await scene.ends(update!.id);
    expect(end).toMatchObject({ state: 'failed', problem: { code: 'no-answer' } });
    expect(end.diagnosis).toMatchObject({ causes: expect.any(Array) });
    expect(statesOf(end)).toEqual(['queued', 'failed']);
  });

  it('shows nobody the password, not even in the transcript', async () => {
    const scene = await hubScene({ password: 'correct horse' });
    scene.talkative(0);
    const [update] = await scene.order(await scene.add(image('new')));
    const end = await scene.ends(update!.id);
    expect(end.state).toBe('confirmed');
    expect(JSON.stringify([end, scene.told, scene.audit])).not.toContain('correct horse');
  });

  it('tells its progress a few times a second, not with each packet', async () => {
    const scene = await hubScene({ board: { sectorTime: millis(100) } });
    const [update] = await scene.order(await scene.add(image('new', { bytes: 200_000 })));
    await scene.ends(update!.id);
    const progress = scene.told.filter(({ state, acknowledged }) => state === 'sending' && acknowledged !== undefined);
    expect(progress.length).toBeGreaterThan(5);
    expect(progress.length).toBeLessThan(60);
  });
});

describe('ordering', () => {
  it('refuses each device that it can not be for, and says why', async () => {
    const scene = await hubScene({ boards: 2 });
    const large = await scene.add(makeEsp8266Image({ core: '3.1.2', bytes: 900_000, flashBytes: 4 * 1024 * 1024 }));
    await scene.devices.change(scene.ids[0]!, { layout: '1M512' });
    const { value } = (await scene.updates.order(
      { firmware: large, devices: [scene.ids[0]!, 'nobody'] },
      'ann',
    )) as Extract<Awaited<ReturnType<typeof scene.updates.order>>, { ok: true }>;
    expect(value.updates).toEqual([]);
    expect(value.refused.map(({ problem }) => problem.code)).toEqual([
      'img-8266-two-copies-dont-fit',
      'hub-device-unknown',
    ]);
    expect(await scene.updates.fits(large, scene.ids)).toMatchObject({
      ok: true,
      value: [{ verdict: 'does-not-fit' }, { verdict: 'fits' }],
    });
    expect(await scene.updates.order({ firmware: '0'.repeat(64) }, 'ann')).toMatchObject({
      ok: false,
      problem: { code: 'hub-firmware-missing' },
    });
    expect(await scene.updates.order({ firmware: large }, 'ann')).toMatchObject({
      ok: false,
      problem: { code: 'hub-update-for-nobody' },
    });
  });

  it('takes all of a group or a tag', async () => {
    const scene = await hubScene({ boards: 3 });
    await scene.devices.change(scene.ids[0]!, { group: 'hall' });
    await scene.devices.change(scene.ids[1]!, { tags: ['100%', 'b'] });
    await scene.devices.change(scene.ids[2]!, { tags: ['1000', 'bb'] });
    const firmware = await scene.add(image('new'));
    const orderedFor = async (more: object): Promise<string[]> =>
      (await scene.order(firmware, { devices: [], ...more })).map(({ deviceName }) => deviceName);
    expect(await orderedFor({ group: 'hall' })).toEqual(['lamp-1']);
    expect(await orderedFor({ tag: '100%' })).toEqual(['lamp-2']);
    expect(await orderedFor({ tag: 'bb' })).toEqual(['lamp-3']);
  });

  it('gives a device one update at a time, and the next after its end', async () => {
    const scene = await hubScene();
    const firmware = await scene.add(image('new'));
    const [update] = await scene.order(firmware);
    const again = await scene.updates.order({ firmware, devices: scene.ids }, 'ann');
    expect(again).toMatchObject({ value: { refused: [{ problem: { code: 'hub-update-under-way' } }] } });
    expect(await scene.updates.retry(update!.id, 'ann')).toMatchObject({ problem: { code: 'hub-update-not-over' } });
    await scene.ends(update!.id);
    expect(await scene.drive(scene.updates.retry(update!.id, 'ann'))).toMatchObject({ ok: true });
  });

  it('rolls back to the firmware that was confirmed before', async () => {
    const scene = await hubScene();
    scene.talkative(0);
    const first = await scene.add(image('first'));
    const second = await scene.add(image('second'));
    expect(await scene.updates.rollback(scene.ids[0]!, 'ann')).toMatchObject({
      problem: { code: 'hub-nothing-before' },
    });
    for (const firmware of [first, second]) await scene.ends((await scene.order(firmware))[0]!.id);
    const back = await scene.drive(scene.updates.rollback(scene.ids[0]!, 'ann'));
    if (!back.ok) throw new Error(back.problem.what);
    expect(back.value.firmware).toBe(first);
    expect(await scene.ends(back.value.id)).toMatchObject({ state: 'confirmed', build: 'first' });
  });

  it('keeps the transcripts of the newest five of a device', async () => {
    const scene = await hubScene();
    const firmware = await scene.add(image('new', { bytes: 20_000 }));
    const ids: string[] = [];
    for (let i = 0; i < 6; i++) ids.push((await scene.ends((await scene.order(firmware))[0]!.id)).id);
    await scene.updates.tidy();
    const kept = await Promise.all(ids.map(async (id) => (await scene.updates.get(id))!.transcript.length > 0));
    expect(kept).toEqual([false, true, true, true, true, true]);
  });

  it('lists the newest first, a page at a time', async () => {
    const scene = await hubScene({ boards: 3 });
    await scene.order(await scene.add(image('new')));
    const first = await scene.updates.list({ limit: 2 });
    expect(first.items.map(({ deviceName }) => deviceName)).toEqual(['lamp-3', 'lamp-2']);
    const second = await scene.updates.list({ limit: 2, after: first.next });
    expect(second.items.map(({ deviceName }) => deviceName)).toEqual(['lamp-1']);
    expect(second.next).toBeUndefined();
    expect((await scene.updates.list({ after: 'rubbish' })).items).toEqual([]);
  });
});

describe('many at once', () => {
  it('sends to sixteen at a time and brings all of them to an end', async () => {
    const scene = await hubScene({ boards: 24 });
    for (const i of scene.ids.keys()) scene.talkative(i);
    const updates = await scene.order(await scene.add(image('new', { bytes: 40_000 })));
    let most = 0;
    const count = (): void => {
      most = Math.max(most, scene.host.sockets().listeners);
      scene.clock.after(millis(20), 'count', count);
    };
    count();
    for (const { id } of updates) await scene.ends(id);
    expect((await scene.updates.list({})).items.map(({ state }) => state)).toEqual(Array(24).fill('confirmed'));
    expect(most).toBe(16);
    expect(scene.boards.map(({ updates }) => updates.length)).toEqual(Array(24).fill(1));
  });
});

describe('cancelling', () => {
  it('takes it out of the line', async () => {
    const scene = await hubScene();
    scene.boards[0]!.powerOff();
    const [update] = await scene.order(await scene.add(image('new')));
    await scene.until(update!.id, ['waiting']);
    expect(await scene.drive(scene.updates.cancel(update!.id, 'bob'))).toMatchObject({
      ok: true,
      value: { state: 'cancelled' },
    });
  });

  it('breaks a transfer off, and leaves the board as it was', async () => {
    const scene = await hubScene({ board: { sectorTime: millis(200) } });
    const [update] = await scene.order(await scene.add(image('new')));
    await scene.until(update!.id, ['sending']);
    await scene.pass(seconds(1));
    expect(await scene.drive(scene.updates.cancel(update!.id, 'bob'))).toMatchObject({
      value: { state: 'cancelled' },
    });
    await scene.pass(minutes(1));
    expect(scene.boards[0]!.updates).toEqual([]);
    const firmware = await scene.add(image('next'));
    expect((await scene.ends((await scene.order(firmware))[0]!.id)).state).toBe('back-unproven');
  });

  it('comes too late when the board has all of it', async () => {
    const scene = await hubScene();
    const [update] = await scene.order(await scene.add(image('new')));
    await scene.until(update!.id, ['restarting']);
    expect(await scene.drive(scene.updates.cancel(update!.id, 'bob'))).toMatchObject({
      problem: { code: 'hub-update-too-late' },
    });
    expect(await scene.updates.cancel('nothing', 'bob')).toMatchObject({ problem: { code: 'hub-update-unknown' } });
  });
});
