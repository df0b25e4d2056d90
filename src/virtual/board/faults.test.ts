import { describe, expect, it } from 'vitest';
import { makeEsp8266Image } from '#firmware/make.ts';
import { millis, Secret, seconds } from '#values/index.ts';
import { boardAndHost, offer, restarted, runs } from './host.fixture.ts';
import type { Faults, Sketch } from './index.ts';

const image = makeEsp8266Image({ core: '3.1.2', bytes: 200_000, build: 'new', seed: 9, flashBytes: 0x400000 });
const faulty = (faults: Faults, sketch: Partial<Sketch> = {}) => boardAndHost({ build: 'old', faults, sketch });

describe('a board with a fault', () => {
  it('resets the connection after so many bytes, and can be asked again', async () => {
    const bench = await faulty({ resetAfter: 50_000 });
    expect(await offer(bench, { image })).toMatchObject({ called: true, ended: 'reset' });
    expect((await offer(bench, { image, patience: 5 })).replies).toEqual(['OK']);
  });

  it('falls silent after so many bytes: no FIN, no RST, no restart', async () => {
    const bench = await faulty({ silentAfter: 50_000 });
    expect(await offer(bench, { image, patience: 30 })).toMatchObject({ called: true, ended: undefined });
    expect((await offer(bench, { image, patience: 5 })).replies).toEqual([]);
    bench.board.powerCycle();
    await restarted(bench);
    expect(runs(bench.board)).toBe('old');
  });

  it('says OK and never calls', async () => {
    expect(await offer(await faulty({ neverCalls: true }), { image, patience: 30 })).toMatchObject({
      replies: ['OK'],
      called: false,
    });
  });

  it('answers late, and often', async () => {
    const bench = await faulty({ replyDelay: seconds(3), extraReplies: 2 });
    const heard = await offer(bench, { image, patience: 30 });
    expect(heard.replies).toEqual(['OK', 'OK', 'OK']);
  });

  it('lies about what it took', async () => {
    const heard = await offer(await faulty({ liesAboutCounts: true }), { image });
    expect(heard.said).toMatch(/^(999999)+OK$/);
  });

  it('sends garbage when it has called', async () => {
    const heard = await offer(await faulty({ garbage: 100_000 }), { image });
    expect(heard.said.length).toBeGreaterThan(100_000);
  });

  it('swallows the first invitation when somebody left it challenged', async () => {
    const bench = await faulty({ waitsForAuthentication: true }, { password: new Secret('sesame') });
    expect((await offer(bench, { image, password: 'sesame', patience: 5 })).replies).toEqual([]);
    const second = await offer(bench, { image, password: 'sesame' });
    expect(second.replies[0]).toMatch(/^AUTH /);
    expect(second.said).toMatch(/OK$/);
  });
});

describe('a sketch', () => {
  it('that never gets to ArduinoOTA.begin() leaves the port closed', async () => {
    const bench = await faulty({}, { startDelay: 'for-ever' });
    expect((await offer(bench, { image, patience: 5 })).replies).toEqual(['(refused)']);
  });

  it('that never calls handle() answers nothing', async () => {
    expect((await offer(await faulty({}, { handles: false }), { image, patience: 5 })).replies).toEqual([]);
  });

  it('whose onStart hangs says OK and does not call', async () => {
    const bench = await faulty({}, { onStart: 'for-ever' });
    expect(await offer(bench, { image, patience: 60 })).toMatchObject({ replies: ['OK'], called: false });
  });

  it('whose onStart takes its time calls after it', async () => {
    const bench = await faulty({}, { onStart: seconds(7) });
    expect(await offer(bench, { image })).toMatchObject({ called: true, ended: 'end' });
    expect(bench.clock.now()).toBeGreaterThan(7000);
  });

  it('that restarts in onError is gone for a while after a refusal', async () => {
    const bench = await faulty({}, { restartsOnError: true });
    await offer(bench, { image, size: 0, patience: 2 });
    expect(bench.board.state).toBe('booting');
    await restarted(bench);
    expect(runs(bench.board)).toBe('old');
  });

  it('is off the network between restart and return', async () => {
    const bench = await faulty({});
    await offer(bench, { image });
    await bench.clock.runFor(millis(500));
    expect(bench.board.state).toBe('booting');
    expect((await offer(bench, { image, patience: 0.5 })).replies).toEqual([]);
    await restarted(bench);
    expect(runs(bench.board)).toBe('new');
  });

  it('on an old core is bitten by the watchdog after an empty datagram', async () => {
    const bench = await boardAndHost({ core: 'esp8266@2.3.0', build: 'old' });
    const to = { address: bench.board.address, port: bench.board.port };
    const socket = await bench.host.udp.open({}, { datagram() {}, trouble() {} });
    if ('send' in socket) socket.send(new Uint8Array(0), to);
    await restarted(bench);
    expect(bench.board.serialLog).toContain('rst cause:4, boot mode:(3,6)');
    expect(runs(bench.board)).toBe('old');
  });

  it('sets no timers while nothing happens', async () => {
    const bench = await faulty({}, { mdns: false });
    expect(bench.clock.pending()).toEqual([]);
    await offer(bench, { image });
    await restarted(bench);
    expect(bench.clock.pending()).toEqual([]);
  });
});
