// The hub as a person runs it: a process of its own, the command line logged in to it, virtual boards on loopback.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeEsp8266Image } from '#firmware/make.ts';
import type { Device } from '#hub/contract/index.ts';
import { md5Hex } from '#values/index.ts';
import { home, start, virtualBoard, whyota } from './cli.fixture.ts';
import { asker, owner } from './hub.fixture.ts';

const firmware = (bytes = 60_000): Uint8Array =>
  makeEsp8266Image({ core: '3.1.2', bytes, flashBytes: 4 * 1024 * 1024, build: `kitchen-${bytes}`, seed: bytes });

let lastAddress = 20;

/** A hub with its owner, and a home for the command line. */
async function house(words: readonly string[] = ['--no-discovery']) {
  const folder = home();
  const address = `127.0.34.${lastAddress++}`;
  const data = join(folder, 'hub');
  const running = start(['hub', '--data', data, '--listen', `${address}:8080`, '--json', ...words]);
  const ready = JSON.parse(await running.line((line) => line.includes('"ready"'))) as {
    ownerLink: string;
    fingerprint?: string;
  };
  const env = { WHYOTA_HOME: folder };
  const file = (name: string, content: Uint8Array | string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const password = file('password.txt', `${owner.password}\n`);
  const run = (...all: string[]) => whyota(all, { env });
  const login = (...more: string[]) =>
    run('login', `${address}:8080`, '--user', owner.name, '--password-file', password, ...more);
  const ask = asker(`http://${address}:8080`);
  const link = ready.ownerLink.split('/').at(-1);
  return { folder, address, data, running, ready, file, run, login, ask, link };
}

async function withOwner(words: readonly string[] = []) {
  const given = await house(words);
  await given.ask('POST /api/owner', { body: { link: given.link, ...owner } });
  const logged = await given.login('--scope', 'admin', '--json');
  expect(logged.result).toMatchObject({ ok: true, scope: 'admin' });
  const hubs = JSON.parse(readFileSync(join(given.folder, 'hubs.json'), 'utf8')) as Record<string, string>;
  const { token } = JSON.parse(Object.values(hubs)[0]!) as { token: string };
  const admin = (route: string, body?: unknown) => given.ask(route, { token, body });
  /** Resolves when the hub knows a device of that name that it can flash. */
  const seen = async (name: string): Promise<Device> => {
    for (;;) {
      const devices = (await admin('GET /api/devices')).body.items as Device[];
      const found = devices.find((one) => one.name === name && one.flashable);
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  return { ...given, admin, seen };
}

describe('flash --via a hub', () => {
  it('has the hub send the file, shows its progress, and ends as a flash of its own does', async () => {
    const { run, file, seen, address, admin, folder } = await withOwner();
    const board = await virtualBoard(['--address', '127.0.34.120', '--name', 'via-kitchen']);
    await seen('via-kitchen');
    const bytes = firmware();
    const ran = await run('flash', file('firmware.bin', bytes), '--to', 'via-kitchen', '--via', address, '--json');
    expect(ran.err).toBe('');
    expect(ran.result).toMatchObject({ ok: true, exit: 0, board: 'via-kitchen', hub: address });
    expect(JSON.parse(await board.running.line((line) => line.includes('"restarted"')))).toMatchObject({
      md5: md5Hex(bytes),
    });
    expect(ran.json.filter(({ type }) => type === 'state').map(({ state }) => state)).toContain('sending');
    const audit = (await admin('GET /api/audit')).body.items as { what: string; who: string }[];
    expect(audit.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['update.ordered', 'firmware.added', 'token.made']),
    );

    const dry = await run(
      'flash',
      file('firmware.bin', firmware(70_000)),
      '--to',
      'via-kitchen',
      '--via',
      address,
      '--dry-run',
    );
    expect([dry.exit, dry.out]).toEqual([0, expect.stringContaining('would take this update')]);

    const image = join(folder, 'firmware.bin');
    expect((await run('flash', image, '--to', 'nobody', '--via', address, '--json')).result).toMatchObject({
      exit: 2,
      code: 'hub-device-unknown',
    });
    expect((await run('flash', image, '--to', 'via-kitchen', '--via', '127.0.34.99', '--json')).result).toMatchObject({
      exit: 2,
      code: 'hub-login-missing',
    });
    const odd = await run('flash', image, '--to', 'via-kitchen', '--via', address, '--core', '2.3.0', '--json');
    expect(odd.result).toMatchObject({ exit: 2, code: 'wrong-usage' });
  });

  it('ends with the diagnosis of a failed one, and no password anywhere', async () => {
    const { run, file, seen, address, admin } = await withOwner();
    await virtualBoard(['--address', '127.0.34.121', '--name', 'via-door', '--password', 'correct-horse']);
    const { id } = await seen('via-door');
    await admin(`PATCH /api/devices/${id}`, { password: 'battery-staple' });
    const ran = await run('flash', file('firmware.bin', firmware()), '--to', 'via-door', '--via', address, '--verbose');
    expect(ran.exit).toBe(1);
    expect(ran.err).toContain('auth-wrong-password');
    expect(ran.out + ran.err).not.toMatch(/battery-staple|correct-horse/);
    const diagnosed = (await admin(`POST /api/devices/${id}/diagnose`)).body;
    expect(diagnosed.diagnosis.causes[0]).toMatchObject({ id: 'auth-wrong-password', fix: expect.any(Array) });
    for (const route of ['GET /api/devices', 'GET /api/updates', 'GET /api/audit', 'GET /api/settings'])
      expect(JSON.stringify((await admin(route)).body)).not.toMatch(/battery-staple|correct-horse/);
  });
});

describe('whyota hub', () => {
  it('has a login that keeps the token to its user, and forgets it', async () => {
    const { folder, run, login, ask, link, address } = await house();
    expect((await login('--json')).result).toMatchObject({ code: 'hub-wrong-login' });
    await ask('POST /api/owner', { body: { link, ...owner } });
    expect((await login()).out).toContain('flash devices');
    expect(statSync(join(folder, 'hubs.json')).mode & 0o077).toBe(0);
    expect((await run('login', `${address}:8080`, '--forget')).exit).toBe(0);
    expect(readFileSync(join(folder, 'hubs.json'), 'utf8').trim()).toBe('{}');
  });

  it('with a certificate of its own is known by its fingerprint, and by no other', async () => {
    const { login, ready, folder, address, link } = await house(['--no-discovery', '--tls-self-signed']);
    expect((await login('--json')).result).toMatchObject({ code: 'hub-certificate-unknown' });
    expect((await login('--fingerprint', ready.fingerprint!.replace(/../, '00'), '--json')).result).toMatchObject({
      code: 'hub-certificate-changed',
    });
    expect((await login('--fingerprint', ready.fingerprint!, '--json')).result).toMatchObject({
      code: 'hub-wrong-login',
    });
    const plain = asker(`http://${address}:8080`);
    expect((await plain('POST /api/owner', { body: { link, ...owner } })).body.code).toBe('hub-needs-tls');
    expect((await plain('GET /')).status).toBe(308);
    expect(statSync(join(folder, 'hub', 'key')).mode & 0o077).toBe(0);
  });

  it('is backed up while it runs, and put back when it does not', async () => {
    const { run, running, admin, data, folder } = await withOwner(['--no-discovery']);
    await admin('POST /api/devices', { name: 'porch' });
    const file = join(folder, 'backup.db');
    expect((await run('hub', 'backup', file, '--data', data, '--json')).result).toMatchObject({ ok: true, devices: 1 });
    expect((await run('hub', 'restore', file, '--data', data, '--json')).result).toMatchObject({
      code: 'hub-store-locked',
    });
    running.child.kill('SIGTERM');
    expect((await running.ended).exit).toBe(0);
    expect((await run('hub', 'restore', file, '--data', data, '--json')).result).toMatchObject({
      ok: true,
      devices: 1,
    });
    expect((await run('hub', 'restore', join(data, 'key'), '--data', data, '--json')).result).toMatchObject({
      exit: 2,
      code: 'hub-not-a-backup',
    });
  });

  it('says who has its port', async () => {
    const { address, folder } = await house();
    const second = await whyota(['hub', '--data', join(folder, 'other'), '--listen', `${address}:8080`, '--json']);
    expect(second.result).toMatchObject({ exit: 1, code: 'hub-listen-failed' });
    const odd = await whyota(['hub', '--listen', 'nowhere at all', '--json']);
    expect(odd.result).toMatchObject({ exit: 2, code: 'wrong-usage' });
  });
});
