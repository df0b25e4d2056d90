// A hub's updates in a process of their own, made to be killed: orders update after update and prints what it has acknowledged.
// Waits for a line first, so that its start does not count: `go`, or `finish` to order nothing more and end when all is over.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { openDevices } from '#hub/devices.ts';
import { openFirmwares } from '#hub/firmwares.ts';
import { openLive } from '#hub/live.ts';
import { openStore } from '#hub/store/open.ts';
import { openUpdates } from '#hub/updates/index.ts';
import { openVault } from '#hub/vault.ts';
import { realWorld } from '#node/index.ts';
import { readPullRequest } from '#protocols/http-pull/index.ts';
import { millis, seconds } from '#values/index.ts';
import { hasty } from './hub-kill.clock.fixture.ts';

const [, , folder = '', address = '', port = ''] = process.argv;
const real = realWorld();
const world = { ...real, clock: hasty(real.clock, 10) };
const [line] = (await once(process.stdin, 'data')) as [Buffer];
const finish = line.toString().startsWith('finish');

const store = await openStore(join(folder, 'hub.db'));
const { db } = store;
const wall = Date.now;
const live = openLive(wall);
const devices = openDevices({ db, live, vault: openVault(join(folder, 'key')), wall });
const firmwares = openFirmwares({ db, live, wall, folder: join(folder, 'firmware') });
const updates = openUpdates({
  db,
  devices,
  firmwares,
  live,
  world,
  patience: { retry: seconds(2), retryMost: seconds(4) },
  trouble: (what) => process.stderr.write(`${what}\n`),
});

const server = createServer(async (request, response) => {
  const mac = readPullRequest(request.headers)?.mac?.replaceAll(':', '') ?? '';
  const device = (await devices.byMac(mac))?.id;
  const { status, headers, body, text, ended } = await updates.pull(device, { method: 'GET', headers: request.headers });
  response.on('close', () => ended?.(response.writableFinished));
  response.writeHead(status, headers).end(body ?? text);
});
server.listen(Number(port), address);
await once(server, 'listening');
process.stdout.write('ready\n');

const ids = (await devices.list()).map(({ id }) => id);
const library = (await firmwares.list()).sort((a, b) => a.name.localeCompare(b.name));
for (;;) {
  const { items } = await updates.list({ limit: 1000 });
  const open = items.filter(({ state }) => ['queued', 'waiting', 'sending', 'stored', 'restarting'].includes(state));
  if (finish && open.length === 0) break;
  for (const [i, device] of finish ? [] : ids.entries()) {
    if (open.some((update) => update.device === device)) continue;
    const firmware = library[items.filter((update) => update.device === device).length];
    if (!firmware) continue;
    const way = i % 2 ? 'pull' : 'push';
    const ordered = await updates.order({ firmware: firmware.id, devices: [device], way }, 'test');
    // Read by the judge: from here on it must not be lost.
    for (const { id } of ordered.ok ? ordered.value.updates : []) process.stdout.write(`ordered ${id}\n`);
  }
  await real.clock.sleep(millis(15), 'the next order');
}
process.stdout.write('over\n', () => process.exit());
