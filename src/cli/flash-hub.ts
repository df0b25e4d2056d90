/** flash --via hub.local: the hub sends the file, because it stands where the board can call back. Here it is shown what the
 *  hub tells. */
import type {
  Device,
  Firmware,
  FitAnswer,
  OrderedUpdates,
  Update,
  UpdateDetail,
  UpdateState,
} from '#hub/contract/index.ts';
import type { AttemptEnding } from '#transcript/index.ts';
import { formatNumber, type Problem, type Result } from '#values/index.ts';
import { type Ending, interrupted, type Setting, usage } from './command.ts';
import { type Desk, plain } from './desk.ts';
import type { Job } from './flash.ts';
import type { HubClient } from './hub-client.ts';
import { knownHub } from './hubs.ts';
import { endingOf, tellEnding } from './show.ts';

interface Items<T> {
  readonly items: readonly T[];
}

/** What the hub knows of its devices better than this command line. */
const notThrough = [
  'password',
  'passwordFile',
  'core',
  'layout',
  'running',
  'hostPort',
  'hostAddress',
  'viaLayout',
  'gzip',
];
const ends: readonly UpdateState[] = ['confirmed', 'back-unproven', 'failed', 'unknown', 'rolled-back', 'cancelled'];
/** Where the events broke off, the hub is asked this often. */
const askEvery = 2000;
/** A hub that restarts is back by then. */
const mostUnheard = 30;

export async function flashThroughHub(target: string, hub: string, job: Job, setting: Setting): Promise<Ending> {
  const { options, input, image } = job;
  const odd = notThrough.find((name) => options[name] !== undefined);
  if (odd)
    return usage(
      `--${odd.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} does not go through a hub`,
      'leave it out: what the hub should know of a device is set in its console',
    );
  if ((options['filesystem'] === true) !== (image.kind === 'filesystem'))
    return usage(
      `${input.name} is ${image.what}`,
      image.kind === 'filesystem' ? 'give --filesystem with it' : 'leave out --filesystem',
    );
  const known = await knownHub(hub);
  if (!known.ok) return { exit: 2, problem: known.problem };
  const client = known.value;

  const device = await deviceNamed(client, target);
  if (!device.ok) return failed(device.problem);
  const { id, name } = device.value;
  const file = await client.ask<Firmware>(
    `POST /api/firmware?${new URLSearchParams({ name: input.name.slice(0, 64) })}`,
    input.bytes,
  );
  if (!file.ok) return failed(file.problem);
  setting.desk.note(
    `${file.value.what}, ${formatNumber(file.value.bytes)} bytes, is in the library of ${client.place.host}`,
  );
  if (options['dryRun'] === true) return dryRun(client, name, id, file.value, setting);

  const ordered = await client.ask<OrderedUpdates>('POST /api/updates', {
    firmware: file.value.id,
    devices: [id],
    ...(options['force'] === true ? { force: true } : {}),
  });
  if (!ordered.ok) return failed(ordered.problem);
  const [refused] = ordered.value.refused;
  const [update] = ordered.value.updates;
  if (!update) {
    const problem = refused ? { ...refused.problem } : nothingOrdered(name);
    const ending: AttemptEnding = { kind: 'refused', problem };
    tellEnding(setting.desk, name, ending);
    return endingOf(ending, name);
  }
  const last = await follow(client, update, job, setting);
  if (!last.ok) return failed(last.problem);
  return finish(client, last.value, job, setting);
}

const failed = (problem: Problem): Ending => ({ exit: problem.blame === 'person' ? 2 : 1, problem });

/** By name, host name, address or id. */
async function deviceNamed(client: HubClient, target: string): Promise<Result<Device>> {
  const list = await client.ask<Items<Device>>('GET /api/devices');
  if (!list.ok) return list;
  const wanted = target.toLowerCase().replace(/\.local\.?$/, '');
  const found = list.value.items.filter(
    ({ id, name, address }) =>
      id === wanted || address === wanted || name.toLowerCase().replace(/\.local$/, '') === wanted,
  );
  const [one] = found;
  if (found.length === 1 && one) return { ok: true, value: one };
  return { ok: false, problem: found.length ? sharedBy(target, found) : notSeen(target, client) };
}

async function dryRun(
  client: HubClient,
  name: string,
  device: string,
  firmware: Firmware,
  { desk }: Setting,
): Promise<Ending> {
  const fits = await client.ask<Items<FitAnswer>>(`POST /api/firmware/${firmware.id}/fits`, { devices: [device] });
  if (!fits.ok) return failed(fits.problem);
  const [fit] = fits.value.items;
  const ending: AttemptEnding =
    fit?.verdict === 'does-not-fit'
      ? { kind: 'refused', problem: doesNotFit(name, fit.because) }
      : { kind: 'could-work' };
  if (fit) desk.note(fit.because);
  tellEnding(desk, name, ending);
  return endingOf(ending, name);
}

/** Until it has ended (with --no-wait: is stored). Ctrl-C cancels it where that still can be. */
async function follow(
  client: HubClient,
  ordered: Update,
  { options, several }: Job,
  { desk, signal }: Setting,
): Promise<Result<Update | undefined>> {
  const show = showUpdate(desk, several);
  let latest = ordered;
  const over = new AbortController();
  const enough = (): boolean =>
    ends.includes(latest.state) || (options['wait'] === false && ['stored', 'restarting'].includes(latest.state));
  const take = (update: Update): void => {
    latest = update;
    show(update);
    if (enough()) over.abort();
  };
  const cancel = (): void => over.abort();
  signal.addEventListener('abort', cancel, { once: true });
  take(ordered);
  let problem: Problem | undefined;
  for (let unheard = 0; !over.signal.aborted && unheard < mostUnheard; ) {
    const heard = client.listen((kind, data) => {
      const update = kind === 'update' ? (data as { update: Update }).update : undefined;
      if (update?.id === ordered.id) take(update);
    }, over.signal);
    // What happened before the first event was heard, and what a break has hidden.
    const now = await client.ask<Update>(`GET /api/updates/${ordered.id}`);
    if (now.ok) take(now.value);
    problem = now.ok ? undefined : now.problem;
    unheard = now.ok ? 0 : unheard + 1;
    if (problem && problem.code !== 'hub-not-reached') break;
    await heard;
    await pause(askEvery, over.signal);
  }
  signal.removeEventListener('abort', cancel);
  desk.endProgress();
  if (signal.aborted && !ends.includes(latest.state)) {
    await client.ask(`POST /api/updates/${ordered.id}/cancel`);
    return { ok: true, value: undefined };
  }
  return enough() ? { ok: true, value: latest } : { ok: false, problem: problem ?? lost(ordered.deviceName) };
}

function showUpdate(desk: Desk, several: boolean): (update: Update) => void {
  let said: UpdateState | undefined;
  return ({ deviceName, state, acknowledged, total, way }) => {
    const label = several ? `${deviceName}: ` : '';
    if (state !== said) {
      said = state;
      desk.event({ type: 'state', board: deviceName, state });
      const words = sentences[state]?.(deviceName, way);
      if (words) desk.note(label + words);
    }
    if (state !== 'sending' || acknowledged === undefined || !total) return;
    desk.event({ type: 'progress', board: deviceName, bytes: acknowledged, total });
    if (!several)
      desk.progress('sending', acknowledged / total, `${formatNumber(acknowledged)} of ${formatNumber(total)}`);
  };
}

const sentences: Partial<Record<UpdateState, (name: string, way: Update['way']) => string>> = {
  queued: (name) => `the hub has the update of ${name} in its queue`,
  waiting: (name, way) =>
    way === 'push' ? `${name} does not answer; the hub goes on trying` : `waiting for ${name} to ask for it`,
  stored: (name) => `${name} has it and says OK`,
  restarting: (name) => `waiting for ${name} to come back`,
};

/** The last word, and of a failure what the hub's doctor found. */
async function finish(
  client: HubClient,
  update: Update | undefined,
  { several }: Job,
  { desk }: Setting,
): Promise<Ending> {
  if (!update) return interrupted;
  const { deviceName: name, state, acknowledged = 0 } = update;
  const problem: Problem = update.problem ?? noReason(name, state);
  const ending: AttemptEnding =
    state === 'confirmed'
      ? { kind: 'confirmed', build: update.build ?? update.firmwareName }
      : state === 'back-unproven'
        ? { kind: 'back' }
        : state === 'stored' || state === 'restarting'
          ? { kind: 'stored' }
          : state === 'unknown'
            ? { kind: 'not-back', problem }
            : { kind: 'failed', problem, acknowledged };
  tellEnding(desk, name, ending);
  const detail = await client.ask<UpdateDetail>(`GET /api/updates/${update.id}`);
  const diagnosis = (detail.ok ? detail.value.diagnosis : undefined) as { causes?: readonly Cause[] } | undefined;
  const [cause] = diagnosis?.causes ?? [];
  const own = endingOf(ending, name);
  const more = { ...own.more, update: update.id, hub: client.place.host };
  if (several || !cause || !own.problem) return { ...own, more };
  const named = cause.verdict === 'possible' ? own.problem : { ...own.problem, code: cause.id };
  return {
    ...own,
    problem: named,
    more: { ...more, ...plain(named), ...diagnosis },
    epilogue() {
      desk.note('');
      desk.note(`${cause.verdict}: ${cause.title}`);
      for (const [at, step] of cause.fix.entries()) desk.note(`  ${at + 1}. ${step}`);
    },
  };
}

interface Cause {
  readonly id: string;
  readonly title: string;
  readonly verdict: string;
  readonly fix: readonly string[];
}

const pause = (time: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, time);
    const stop = (): void => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener('abort', stop, { once: true });
  });

const notSeen = (target: string, { place }: HubClient): Problem => ({
  code: 'hub-device-unknown',
  what: `${place.host} knows no device ${target}`,
  why: 'the hub has not seen it yet, or calls it otherwise',
  fix: 'look at the list of devices in its console: their names and addresses go after --to',
  blame: 'person',
});
const sharedBy = (target: string, found: readonly Device[]): Problem => ({
  code: 'hub-name-shared',
  what: `${found.length} devices of the hub are called ${target}`,
  why: 'a name may be given twice',
  fix: `name one by its address or id: ${found.map(({ id, address }) => address ?? id).join(', ')}`,
  blame: 'person',
});
const doesNotFit = (name: string, because: string): Problem => ({
  code: 'hub-does-not-fit',
  what: `${name} can't take this file`,
  why: because,
  fix: 'build it smaller, or flash a minimal firmware first',
  blame: 'person',
});
const nothingOrdered = (name: string): Problem => ({
  code: 'hub-update-refused',
  what: `the hub did not take the update of ${name}`,
  why: 'it gave no reason',
  fix: "look at the device's page in the console",
});
const noReason = (name: string, state: UpdateState): Problem => ({
  code: state === 'cancelled' ? 'hub-update-cancelled' : 'hub-update-failed',
  what: state === 'cancelled' ? `the update of ${name} was cancelled` : `the update of ${name} ended as ${state}`,
  why: state === 'cancelled' ? 'somebody cancelled it at the hub' : 'the hub gave no reason',
  fix: 'order it again when you like',
});
const lost = (name: string): Problem => ({
  code: 'hub-not-reached',
  what: `the hub is not heard any more while ${name} gets its update`,
  why: 'it stopped, or this computer left its network; the update goes on when the hub does',
  fix: 'look at the updates in its console',
  blame: 'network',
});
