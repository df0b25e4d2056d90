// The hub under load: Blynk devices over real TCP on loopback, in processes of their own; the hub alone in the process that is
// measured. `--peer host:port --peer-tokens file` puts the same load on another Blynk server.
import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { LoadOrder, LoadReport } from './hub/load.ts';
import { seedHub } from './hub/seed.ts';
import { printTable } from './print.ts';

const host = '127.7.50.1';
const port = 18080;
const loadProcesses = 3;
const pauses = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

export async function run(words: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      part: { type: 'string', default: 'small,devices,writes,storm' },
      devices: { type: 'string', default: '18000' },
      seconds: { type: 'string', default: '30' },
      peer: { type: 'string' },
      'peer-tokens': { type: 'string' },
    },
  });
  const built = spawnSync(process.execPath, ['scripts/build.ts'], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (built.status !== 0) throw new Error('the build failed');
  console.log(
    `Node ${process.version}; hub, load and watcher share this machine's cores; ${loadProcesses} load processes`,
  );
  const parts = values.part.split(',');
  const most = Number(values.devices);
  const seconds = Number(values.seconds);
  if (parts.includes('small')) await small();
  if (parts.includes('devices')) await heartbeats(most, seconds);
  if (parts.includes('writes')) await writes(Math.min(most, 2000), seconds);
  if (parts.includes('storm')) await storm(Math.min(most, 10_000));
  if (values.peer) await peer(values.peer, readFileSync(values['peer-tokens']!, 'utf8').trim().split(/\s+/), seconds);
}

interface RunningHub {
  readonly child: ChildProcess;
  readonly tokens: readonly string[];
  readonly apiToken: string;
  readonly data: string;
  /** Milliseconds from the start of the process to its first answer. */
  readonly startTime: number;
}

/** A hub with so many devices, and a free data folder. */
async function hubWith(devices: number): Promise<RunningHub> {
  const data = mkdtempSync(join(tmpdir(), 'whyota-bench-'));
  const { tokens, apiToken } = await seedHub(data, devices);
  const { child, startTime } = await startHub(data);
  return { child, tokens, apiToken, data, startTime };
}

async function startHub(data: string): Promise<{ child: ChildProcess; startTime: number }> {
  const began = performance.now();
  const words = ['dist/whyota.mjs', 'hub', '--data', data, '--listen', `${host}:${port}`, '--no-discovery', '--quiet'];
  const child = spawn(process.execPath, words, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, WHYOTA_HOME: data },
  });
  while (!(await answers())) {
    if (child.exitCode !== null) throw new Error(`the hub ended with ${child.exitCode}`);
    await pauses(0.01);
  }
  return { child, startTime: performance.now() - began };
}

const answers = (): Promise<boolean> =>
  new Promise((resolve) => {
    request({ host, port, path: '/api/status' }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    })
      .on('error', () => resolve(false))
      .end();
  });

async function stopHub({ child, data }: RunningHub): Promise<void> {
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  await ended;
  rmSync(data, { recursive: true, force: true });
}

// ---------------------------------------------------------------- load

interface Load {
  order(order: LoadOrder, share?: boolean): Promise<LoadReport>;
  stop(): void;
}

function openLoad(): Load {
  const children = Array.from({ length: loadProcesses }, () => fork('bench/hub/load.ts', { stdio: 'inherit' }));
  const ask = (child: ChildProcess, order: LoadOrder): Promise<LoadReport> =>
    new Promise((resolve) => {
      child.once('message', (report) => resolve(report as LoadReport));
      child.send(order);
    });
  return {
    async order(order) {
      const n = children.length;
      const reports = await Promise.all(
        children.map((child, i) =>
          ask(child, {
            ...order,
            ...(order.tokens ? { tokens: order.tokens.filter((_, at) => at % n === i) } : {}),
            ...(order.rate ? { rate: order.rate / n } : {}),
            ...(order.perSecond ? { perSecond: order.perSecond / n } : {}),
          }),
        ),
      );
      const sum = (name: 'there' | 'answered' | 'missed' | 'written' | 'lost'): number =>
        reports.reduce((all, report) => all + report[name], 0);
      return {
        done: order.do,
        there: sum('there'),
        answered: sum('answered'),
        missed: sum('missed'),
        written: sum('written'),
        lost: sum('lost'),
      };
    },
    stop() {
      for (const child of children) child.kill();
    },
  };
}

/** Processor seconds and resident megabytes of a process so far. */
function usage(pid: number): { cpu: number; memory: number; peak: number; written: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = (name: string): number => Number(new RegExp(`${name}:\\s*(\\d+)`).exec(status)?.[1]);
  const written = Number(/write_bytes: (\d+)/.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]);
  return {
    cpu: (Number(stat[11]) + Number(stat[12])) / 100,
    memory: kilobytes('VmRSS') / 1024,
    peak: kilobytes('VmHWM') / 1024,
    written,
  };
}

/** p99 of the API's answers while something else goes on, milliseconds. */
async function apiTimes(token: string, until: Promise<unknown>): Promise<{ p99: number; asked: number }> {
  const times: number[] = [];
  let over = false;
  void until.then(() => {
    over = true;
  });
  while (!over) {
    const began = performance.now();
    await new Promise<void>((resolve) => {
      request({ host, port, path: '/api/devices?limit=20', headers: { authorization: `Bearer ${token}` } }, (answer) =>
        answer.resume().on('end', resolve),
      )
        .on('error', () => resolve())
        .end();
    });
    times.push(performance.now() - began);
    await pauses(0.05);
  }
  times.sort((a, b) => a - b);
  return { p99: times[Math.floor(times.length * 0.99)] ?? Number.NaN, asked: times.length };
}

// ---------------------------------------------------------------- parts

/** What matters at home: 200 boards on a small machine. */
async function small(): Promise<void> {
  const hub = await hubWith(200);
  const load = openLoad();
  await load.order({ do: 'connect', host, port, tokens: hub.tokens, heartbeat: 10, rate: 200 });
  const pid = hub.child.pid!;
  await load.order({ do: 'write', perSecond: 20, seconds: 30 });
  const busy = usage(pid);
  console.log(
    `200 boards, a pin every 10 s: ${busy.memory.toFixed(0)} MB, ${busy.peak.toFixed(0)} MB at most (limit 90 MB); cold start to listening ${(hub.startTime / 1000).toFixed(2)} s (limit 2 s)`,
  );
  // The newest values are written down within 15 s; what follows is idleness.
  await pauses(20);
  const before = usage(pid);
  const idle = 60;
  await pauses(idle);
  const after = usage(pid);
  const anHour = ((after.written - before.written) * 3600) / idle / 1024;
  console.log(
    `idle, 200 boards there: ${anHour.toFixed(0)} kB an hour written to disk (limit 1,024 kB), ${(((after.cpu - before.cpu) * 100) / idle).toFixed(2)} % of a core`,
  );
  const killed = new Promise((resolve) => hub.child.once('close', resolve));
  hub.child.kill('SIGKILL');
  await killed;
  const again = await startHub(hub.data);
  console.log(`after kill -9: listening ${(again.startTime / 1000).toFixed(2)} s later (limit 3 s)`);
  load.stop();
  await stopHub({ ...hub, child: again.child });
}

/** A third, two thirds and all of the devices: the slope says what more would take. */
async function heartbeats(most: number, seconds: number): Promise<void> {
  const rows: string[][] = [];
  const points: { n: number; cpu: number; memory: number }[] = [];
  for (const n of [most / 3, (2 * most) / 3, most].map(Math.round)) {
    const hub = await hubWith(n);
    const load = openLoad();
    const joined = await load.order({ do: 'connect', host, port, tokens: hub.tokens, heartbeat: 10, rate: 2000 });
    await pauses(12);
    const before = usage(hub.child.pid!);
    const counted = await load.order({ do: 'count' });
    await pauses(seconds);
    const after = usage(hub.child.pid!);
    const then = await load.order({ do: 'count' });
    const cpu = ((after.cpu - before.cpu) * 100) / seconds;
    points.push({ n, cpu, memory: after.memory });
    rows.push([
      String(n),
      String(joined.there),
      String(then.answered - counted.answered),
      String(then.missed - counted.missed),
      `${cpu.toFixed(1)} %`,
      `${after.memory.toFixed(0)} MB`,
    ]);
    load.stop();
    await stopHub(hub);
  }
  console.log(`heartbeat 10 s, ${seconds} s watched; limits for 18,000: 10 % of a core, 150 MB`);
  printTable(['devices', 'logged in', 'pings answered', 'missed', 'of a core', 'memory'], rows);
  const [first, , last] = points as [
    { n: number; cpu: number; memory: number },
    unknown,
    { n: number; cpu: number; memory: number },
  ];
  const per = (name: 'cpu' | 'memory'): number => (last[name] - first[name]) / (last.n - first.n);
  const at = (name: 'cpu' | 'memory', n: number): number => last[name] + per(name) * (n - last.n);
  console.log(
    `slope: ${(per('memory') * 1024).toFixed(2)} kB and ${(per('cpu') * 1000).toFixed(2)} % of a core for 1,000 devices; 100,000 would take ${at('cpu', 100_000).toFixed(0)} % of a core and ${at('memory', 100_000).toFixed(0)} MB`,
  );
}

/** Device in, subscriber out. */
async function writes(devices: number, seconds: number): Promise<void> {
  const hub = await hubWith(devices);
  const load = openLoad();
  await load.order({ do: 'connect', host, port, tokens: hub.tokens, heartbeat: 10, rate: 2000 });
  const watcher = fork('bench/hub/watcher.ts', [host, String(port), hub.apiToken], { stdio: 'inherit' });
  await new Promise((resolve) => watcher.once('message', resolve));
  const rows: string[][] = [];
  for (const perSecond of [1000, 5000, 10_000, 20_000]) {
    const before = usage(hub.child.pid!);
    const start = await load.order({ do: 'count' });
    const began = performance.now();
    const end = await load.order({ do: 'write', perSecond, seconds });
    const time = (performance.now() - began) / 1000;
    await pauses(2);
    const after = usage(hub.child.pid!);
    const heard = await new Promise<{ heard: number; median: number; p99: number }>((resolve) => {
      watcher.once('message', (message) => resolve(message as { heard: number; median: number; p99: number }));
      watcher.send('report');
    });
    const written = end.written - start.written;
    rows.push([
      String(perSecond),
      (written / time).toFixed(0),
      `${((heard.heard * 100) / written).toFixed(1)} %`,
      `${heard.median.toFixed(1)} ms`,
      `${heard.p99.toFixed(1)} ms`,
      `${(((after.cpu - before.cpu) * 100) / time).toFixed(0)} %`,
      `${after.memory.toFixed(0)} MB`,
    ]);
  }
  console.log(`pin writes of ${devices} devices, end to end to a subscriber of /api/events`);
  printTable(['wanted a second', 'written', 'heard', 'median', 'p99', 'of a core', 'memory'], rows);
  watcher.kill();
  load.stop();
  await stopHub(hub);
}

/** All come back at once. */
async function storm(devices: number): Promise<void> {
  const hub = await hubWith(devices);
  const load = openLoad();
  await load.order({ do: 'connect', host, port, tokens: hub.tokens, heartbeat: 10, rate: 2000 });
  const began = performance.now();
  const back = load.order({ do: 'storm', rate: 100_000 });
  const api = await apiTimes(hub.apiToken, back);
  const { there } = await back;
  console.log(
    `reconnect storm: ${there} of ${devices} back in ${((performance.now() - began) / 1000).toFixed(1)} s (limit 20 s, all), API p99 ${api.p99.toFixed(0)} ms of ${api.asked} (limit 200 ms)`,
  );
  load.stop();
  await stopHub(hub);
}

/** Another Blynk server with the same heartbeats and writes; its tokens are given. */
async function peer(place: string, tokens: readonly string[], seconds: number): Promise<void> {
  const [peerHost = '', peerPort = ''] = place.split(':');
  const load = openLoad();
  const joined = await load.order({
    do: 'connect',
    host: peerHost,
    port: Number(peerPort),
    tokens,
    heartbeat: 10,
    rate: 2000,
  });
  await pauses(seconds);
  const { answered, missed, lost } = await load.order({ do: 'count' });
  console.log(
    `peer ${place}: ${joined.there} of ${tokens.length} logged in, ${answered} pings answered, ${missed} missed, ${lost} lost`,
  );
  load.stop();
}
