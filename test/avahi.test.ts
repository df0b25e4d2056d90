// Our browser and responder beside a real avahi-daemon: all three share port 5353 of one host, which is a network
// namespace of the test's own, with a private D-Bus.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BrowseTrouble, Device } from '#discovery/index.ts';
import { namespaces, needs } from './needs.ts';

const missing = needs('avahi-daemon', 'avahi-publish', 'avahi-browse', 'dbus-daemon', 'ip', namespaces);

const place = `whyota-${process.pid}`;
const address = '10.77.0.1';
const folder = join(tmpdir(), place);
const env = { ...process.env, DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${folder}/bus` };
const daemons: ChildProcess[] = [];
const guests: ChildProcess[] = [];

const ip = (words: string): unknown => execFileSync('ip', words.split(' '), { stdio: 'pipe' });

const inside = (program: string, words: readonly string[]): readonly string[] => [
  'netns',
  'exec',
  place,
  program,
  ...words,
];

/** Starts a program and waits until it has printed these words. */
function start(program: string, words: readonly string[], until: string, list = guests): Promise<void> {
  const child = spawn(program, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  list.push(child);
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (bytes: Buffer): void => {
      said += bytes;
      if (said.includes(until)) resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`${program} ended: ${said}`)));
  });
}

async function stop(list: ChildProcess[]): Promise<void> {
  for (const child of list.splice(0).reverse()) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }
}

const publish = (name: string, port: number, ...txt: readonly string[]): Promise<void> =>
  start('ip', inside('avahi-publish', ['-s', name, '_arduino._tcp', String(port), ...txt]), 'Established');

const announce = (name: string, port: number, board: string): Promise<void> =>
  start(
    'ip',
    inside(process.execPath, ['test/avahi.fixture.ts', 'announce', name, String(port), address, board]),
    'announced',
  );

const find = (): { devices: Device[]; troubles: BrowseTrouble[] } =>
  JSON.parse(
    execFileSync('ip', inside(process.execPath, ['test/avahi.fixture.ts', 'find', '3']), { encoding: 'utf8' }),
  );

const avahiBrowse = (): string =>
  execFileSync('ip', inside('avahi-browse', ['-rpt', '_arduino._tcp']), { encoding: 'utf8', env, timeout: 20_000 });

describe.skipIf(missing.length > 0)(`beside avahi-daemon${missing.length > 0 ? ` (missing: ${missing})` : ''}`, () => {
  beforeAll(async () => {
    mkdirSync(folder);
    ip(`netns add ${place}`);
    ip(`-n ${place} link set lo up multicast on`);
    ip(`-n ${place} link add lan type veth peer name far`);
    ip(`-n ${place} addr add ${address}/24 dev lan`);
    ip(`-n ${place} link set lan up`);
    ip(`-n ${place} link set far up`);
    writeFileSync(join(folder, 'bus.conf'), busConfig);
    writeFileSync(join(folder, 'avahi.conf'), avahiConfig);
    await start(
      'dbus-daemon',
      [`--config-file=${folder}/bus.conf`, '--nofork', '--print-address'],
      'unix:path',
      daemons,
    );
    // Its file with the process id is in a fixed place: there it gets a folder of its own.
    const avahi = `mkdir -p /run/avahi-daemon && mount -t tmpfs none /run/avahi-daemon &&
      exec avahi-daemon --no-drop-root --no-chroot --no-rlimits -f ${folder}/avahi.conf`;
    await start('ip', inside('sh', ['-c', avahi]), 'startup complete', daemons);
  });

  afterEach(() => stop(guests));

  afterAll(async () => {
    await stop(daemons);
    ip(`netns del ${place}`);
    rmSync(folder, { recursive: true, force: true });
  });

  it('finds a board that avahi publishes', async () => {
    await publish('Living Room', 8266, 'board=d1_mini', 'auth_upload=no');
    const { devices, troubles } = find();
    expect(troubles).toEqual([]);
    expect(devices).toMatchObject([
      {
        name: 'Living Room',
        port: 8266,
        board: 'd1_mini',
        passwordNeeded: false,
        flashable: true,
        links: ['lan', 'lo'],
      },
    ]);
    expect(devices[0]!.addresses[0]).toBe(address);
  });

  it('is found by avahi when it announces a board', async () => {
    await announce('porch', 3232, 'esp32');
    expect(avahiBrowse()).toMatch(
      /^=;lan;IPv4;porch;_arduino\._tcp;local;porch\.local;10\.77\.0\.1;3232;.*"board=esp32"/m,
    );
  });

  it('finds and is found while all of them share the port', async () => {
    await publish('cellar', 8266, 'board=d1_mini');
    await announce('porch', 3232, 'esp32');
    expect(find().devices.map(({ name, family }) => `${name} ${family}`)).toEqual(['cellar esp8266', 'porch esp32']);
    const seen = avahiBrowse();
    expect(seen).toMatch(/^=;lan;IPv4;cellar;/m);
    expect(seen).toMatch(/^=;lan;IPv4;porch;/m);
  });

  it('lets avahi know when a board leaves', async () => {
    await announce('porch', 3232, 'esp32');
    expect(avahiBrowse()).toContain(';porch;');
    await stop(guests);
    await expect.poll(avahiBrowse, { timeout: 10_000, interval: 500 }).not.toContain(';porch;');
  });
});

const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <listen>unix:path=${folder}/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
  </policy>
</busconfig>
`;

const avahiConfig = `[server]
host-name=here
use-ipv4=yes
use-ipv6=no
allow-interfaces=lan,lo
enable-dbus=yes
`;
