import { describe, expect, it } from 'vitest';
import type { Recorded } from '#transcript/index.ts';
import { Secret, seconds } from '#values/index.ts';
import { imageFor, scene, takesTheNextUpload, type UploadWish, upload } from './scene.fixture.ts';

const cores = ['esp8266@2.3.0', 'esp8266@3.1.2', 'esp32@3.2.0', 'esp32@3.3.1', 'rp2040@6.0.0'];
const password = new Secret('sesame');

/** Ends the upload when this is told; time goes on for a while, as a signal comes between two events. */
function abortedAt(when: (event: Recorded) => boolean, more: UploadWish = {}): UploadWish {
  const abort = new AbortController();
  return {
    ...more,
    signal: abort.signal,
    watch: (event) => {
      if (when(event)) queueMicrotask(() => abort.abort());
    },
  };
}

const phases: readonly (readonly [string, (event: Recorded) => boolean])[] = [
  ['before the first datagram', ({ kind }) => kind === 'listening'],
  ['once the board was invited', ({ kind }) => kind === 'invited'],
  ['in the middle of the password', ({ kind }) => kind === 'challenged'],
  ['between OK and the call', ({ kind }) => kind === 'accepted'],
  ['when the board has called', ({ kind }) => kind === 'connected'],
  ['in the middle of the image', (event) => event.kind === 'acknowledged' && event.bytes > 60_000],
];

describe.each(cores)('an upload to %s that is broken off', (core) => {
  it.each(phases)('%s frees the board: the next upload works', async (_, when) => {
    const house = await scene({ core, board: { sketch: { password } } });
    const file = imageFor(core, { bytes: 200_000 });
    const { ending, took } = await upload(house, abortedAt(when, { file, password }));
    expect(ending).toEqual({ kind: 'interrupted' });
    expect(took).toBeLessThan(5000);
    expect(house.board.updates).toEqual([]);
    await house.clock.runFor(seconds(8));
    await takesTheNextUpload(house, { password });
  });

  it('while it waits for the board to come back leaves the update as it is', async () => {
    const house = await scene({ core });
    const { ending } = await upload(
      house,
      abortedAt(({ kind }) => kind === 'watching', { wait: true }),
    );
    expect(ending).toEqual({ kind: 'interrupted' });
    await house.clock.runFor(seconds(30));
    expect(house.board.program?.build).toBe('new');
  });
});

describe('an upload that is broken off', () => {
  it('before it began asks nobody anything', async () => {
    const house = await scene();
    const signal = AbortSignal.abort();
    const { ending, said } = await upload(house, { signal });
    expect(ending).toEqual({ kind: 'interrupted' });
    expect(said('invited')).toEqual([]);
  });

  it('while nobody answers ends at once', async () => {
    const house = await scene();
    house.board.powerOff();
    const abort = new AbortController();
    house.clock.after(seconds(3), 'Ctrl-C', () => abort.abort());
    const { ending, took } = await upload(house, { signal: abort.signal });
    expect(ending).toEqual({ kind: 'interrupted' });
    expect(took).toBe(3000);
  });

  it('between two tries ends at once', async () => {
    const house = await scene({ board: { faults: { resetAfter: 40_000 } } });
    const abort = new AbortController();
    const { ending, said } = await upload(house, {
      signal: abort.signal,
      attempts: 5,
      watch(event) {
        if (event.kind === 'closed') house.clock.after(seconds(1), 'Ctrl-C', () => abort.abort());
      },
    });
    expect(ending).toEqual({ kind: 'interrupted' });
    expect(said('connected')).toHaveLength(1);
  });

  it('while the password is asked for ends, whatever is answered', async () => {
    const house = await scene({ board: { sketch: { password } } });
    const abort = new AbortController();
    const { ending } = await upload(house, {
      signal: abort.signal,
      askPassword: async () => {
        abort.abort();
        return undefined;
      },
    });
    expect(ending).toEqual({ kind: 'interrupted' });
    await takesTheNextUpload(house, { password });
  });
});
