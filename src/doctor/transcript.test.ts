import { describe, expect, it } from 'vitest';
import type { Attempt, AttemptEvent } from '#transcript/index.ts';
import type { Fact } from '#values/facts.ts';
import { millis, Secret, seconds } from '#values/index.ts';
import { attempted } from './attempt.fixture.ts';
import { house, sketchOf, valuesOf } from './probes/house.fixture.ts';
import { type AttemptContext, factsOfAttempt, factsOfImage } from './transcript.ts';

describe('what an attempt shows', () => {
  it('an upload that works', async () => {
    const { said } = await attempted({});
    expect(said).toMatchObject({
      'tool.name': 'whyota',
      'tool.method': 'espota',
      'args.target': 'ipv4',
      'args.ota-port': 8266,
      'args.command': 'sketch',
      'listener.bind': 'ok',
      'invite.sent': 'on-the-wire',
      'invite.reply': 'ok',
      'connectback.tcp': 'accepted',
      'connectback.peer': 'device',
      'transfer.end': 'completed',
      'verdict.reply': 'ok',
      'image.kind': 'app',
      'image.size': 90_000,
      'image.intact': true,
      'image.chip': 'esp8266',
    });
    expect(said['invite.latency']).toBeLessThan(100);
    expect(said).not.toHaveProperty('attempt.stopped-in');
    expect(said).not.toHaveProperty('device.error');
  });

  it('a board that is not there', async () => {
    const place = await house();
    place.node.power(false);
    const { said } = await attempted(place);
    expect(said).toMatchObject({ 'invite.reply': 'silence', 'attempt.stopped-in': 'invite' });
    expect(said).not.toHaveProperty('invite.latency');
  });

  it('a closed port', async () => {
    const { said } = await attempted({}, { port: 3232 });
    expect(said).toMatchObject({
      'args.ota-port': 3232,
      'invite.reply': 'port-unreachable',
      'attempt.stopped-in': 'invite',
    });
  });

  it('a password that is right, wrong and missing', async () => {
    const board = { sketch: { password: new Secret('right') } };
    expect((await attempted({ board }, { password: new Secret('right') })).said).toMatchObject({
      'invite.reply': 'auth',
      'auth.nonce-length': 32,
      'auth.result': 'accepted',
      'auth.accepted-form': 'plain',
      'args.auth-shape': 'given',
    });
    const wrong = await attempted({ board }, { password: new Secret('wrong') });
    expect(wrong.said).toMatchObject({ 'auth.result': 'refused', 'attempt.stopped-in': 'authenticate' });
    expect(wrong.said).not.toHaveProperty('connectback.tcp');
    const missing = await attempted({ board });
    expect(missing.said).toMatchObject({ 'args.auth-shape': 'absent', 'attempt.stopped-in': 'authenticate' });
    expect(missing.said).not.toHaveProperty('auth.result');
    expect(JSON.stringify([wrong.facts, missing.facts])).not.toMatch(/wrong|right/);
  });

  it('a firewall that drops the call: the board is ready again only after its connect timeout', async () => {
    const { said } = await attempted({ host: { firewall: { tcp: 'drop' } } });
    expect(said).toMatchObject({
      'invite.reply': 'ok',
      'connectback.tcp': 'timed-out',
      'invite.again-after-ok': 'after-connect-timeout',
      'attempt.stopped-in': 'connect-back',
    });
  });

  it('two copies that do not fit, on a core that does not say so: ready again at once', async () => {
    const board = { core: 'esp8266@2.3.0', layout: '1M512', runningBytes: 253_168 };
    const knowledge = { family: 'esp8266', core: '2.3.0', layout: '1M512', runningBytes: 253_168 } as const;
    const { said } = await attempted({ board }, { file: sketchOf(253_168, '2.3.0'), force: true, knowledge });
    expect(said).toMatchObject({
      'invite.reply': 'ok',
      'connectback.tcp': 'timed-out',
      'invite.again-after-ok': 'at-once',
      'fit.verdict': 'too-big',
      'fit.spare': -4096,
      'build.fs-start': 503_808,
      'running.size': 253_168,
      'running.core-version': '2.3.0',
      'board.family': 'esp8266',
    });
  });

  it('an error that the board names', async () => {
    const board = { core: 'esp8266@2.7.4', layout: '1M512', runningBytes: 253_168 };
    const { said } = await attempted({ board }, { file: sketchOf(253_168, '2.7.4'), compress: false });
    expect(said).toMatchObject({
      'invite.reply': 'error',
      'device.error': 'not-enough-space',
      'attempt.stopped-in': 'invite',
    });
  });

  it('a transfer that breaks off', async () => {
    const { said, facts } = await attempted({ board: { faults: { resetAfter: 45_000 } } });
    expect(said).toMatchObject({ 'connectback.tcp': 'accepted', 'attempt.stopped-in': 'transfer' });
    expect(said['transfer.stopped-at']).toBeLessThan(60);
    expect(facts).toContainEqual({ fact: 'transfer.end', value: 'reboot', source: 'transcript', inferred: true });
    const silent = await attempted({ board: { faults: { silentAfter: 45_000 } } });
    expect(silent.said).toMatchObject({ 'transfer.end': 'stall', 'attempt.stopped-in': 'transfer' });
  });

  it('a port of this computer that is taken', async () => {
    const place = await house();
    await place.host.tcp.listen({ port: 5000 }, { connection() {}, trouble() {} });
    const { said } = await attempted(place, { hostPort: 5000 });
    expect(said).toMatchObject({
      'listener.bind': 'in-use',
      'invite.sent': 'not-sent',
      'attempt.stopped-in': 'listen',
    });
  });

  it('a file that is refused before anything is sent', async () => {
    const { said } = await attempted({}, { file: new TextEncoder().encode('<!DOCTYPE html><html></html>') });
    expect(said).toMatchObject({ 'image.kind': 'web-page', 'attempt.stopped-in': 'prepare' });
    expect(said).not.toHaveProperty('invite.sent');
  });

  it('a board that comes back', async () => {
    const { said } = await attempted({}, { wait: true });
    expect(said).toMatchObject({ 'after.restart': 'returns' });
    expect(said).not.toHaveProperty('after.running-build');
  });
});

describe('what a transcript alone shows', () => {
  const of = (events: readonly (AttemptEvent & { at?: number })[], context: Partial<AttemptContext> = {}): Fact[] => {
    const attempt: Attempt = { began: 0, events: events.map((event, i) => ({ at: millis(i * 10), ...event })) };
    return factsOfAttempt(attempt, { command: 'sketch', ...context });
  };

  it('times an answer only when one invitation can have caused it', () => {
    const once = of([
      { kind: 'invited', attempt: 1, at: 100 },
      { kind: 'accepted', implied: false, at: 460 },
    ]);
    expect(valuesOf(once)['invite.latency']).toBe(360);
    const twice = of([
      { kind: 'invited', attempt: 1 },
      { kind: 'invited', attempt: 2 },
      { kind: 'accepted', implied: false },
    ]);
    expect(valuesOf(twice)).not.toHaveProperty('invite.latency');
  });

  it('looks at the last try', () => {
    const said = valuesOf(
      of(
        [
          { kind: 'listening', address: '0.0.0.0', port: 1 },
          { kind: 'invited', attempt: 1 },
          { kind: 'connected', address: '192.168.1.50' },
          { kind: 'listening', address: '0.0.0.0', port: 2 },
          { kind: 'invited', attempt: 1 },
          { kind: 'silence', waitingFor: 'answer', time: seconds(11) },
        ],
        { delivery: { kind: 'no-answer' } },
      ),
    );
    expect(said).toMatchObject({ 'invite.reply': 'silence' });
    expect(said).not.toHaveProperty('connectback.tcp');
  });

  it('tells the ways in which the system refuses to send', () => {
    const sent = (detail: string) => valuesOf(of([], { delivery: { kind: 'unreachable', detail } }))['invite.sent'];
    expect(sent('send ENETUNREACH')).toBe('no-route');
    expect(sent('EPERM')).toBe('denied');
    expect(sent('EHOSTUNREACH')).toBeUndefined();
  });

  it('knows which build came back', () => {
    const image = { kind: 'esp8266-app', build: 'new', what: '', bytes: 1, warnings: [] };
    const plan = { image, bytes: new Uint8Array(1), fit: { verdict: 'unknown' } } as unknown as AttemptContext['plan'];
    const back = (proof: string) =>
      valuesOf(
        of([{ kind: 'came-back', after: seconds(5), proof }], {
          plan: { ...plan, image: { ...image, image: {} } } as never,
        }),
      );
    expect(back('new')['after.running-build']).toBe('new');
    expect(back('older')['after.running-build']).toBe('old');
  });

  it('says nothing of an empty transcript but who tried', () => {
    expect(of([]).every(({ fact }) => /^(tool|args)\./.test(fact))).toBe(true);
  });
});

describe('what a file shows', () => {
  const said = (bytes: Uint8Array) => valuesOf(factsOfImage(bytes));

  it('a sketch', () => {
    expect(said(sketchOf(90_000))).toMatchObject({
      'image.kind': 'app',
      'image.size': 90_000,
      'image.intact': true,
      'image.chip': 'esp8266',
      'image.flash-declared': 4 * 1024 * 1024,
      'image.signature': 'absent',
    });
  });

  it.each([
    [new Uint8Array(0), 'empty'],
    [new Uint8Array(5000).fill(0xff), 'erased'],
    [new TextEncoder().encode('<html><body>404</body></html>'), 'web-page'],
    [Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 1, 1, 1, 0), 'elf'],
    [new Uint8Array(5000).fill(0x5a), 'unrecognised'],
  ])('%#: %s', (bytes, kind) => {
    expect(said(bytes)).toMatchObject({ 'image.kind': kind });
    expect(said(bytes)).not.toHaveProperty('image.chip');
  });

  it('a sketch cut short', () => {
    expect(said(sketchOf(90_000).subarray(0, 60_000))).toMatchObject({ 'image.kind': 'app', 'image.intact': false });
  });
});
