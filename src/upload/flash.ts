/** One board, one file, from the first check to "back": the attempt as a person means it. */
import type { Endpoint, World } from '#machine/index.ts';
import { type Attempt, type AttemptEnding, type Recorded, recorder } from '#transcript/index.ts';
import { type Millis, type Problem, type Secret, seconds } from '#values/index.ts';
import { type Announcements, awaitReturn, type Return } from './back.ts';
import { type DeliveryEnding, deliver } from './deliver.ts';
import { problemOf } from './endings.ts';
import type { Knowledge } from './memory.ts';
import { type Command, knowledgeFrom, type Plan, plan } from './plan.ts';

export interface FlashJob {
  readonly file: Uint8Array;
  readonly command: Command;
  readonly board: {
    readonly name: string;
    readonly endpoint: Endpoint;
    readonly via: 'address' | 'mdns' | 'dns' | 'memory';
    readonly knowledge: Knowledge;
  };
  readonly password?: Secret | undefined;
  /** Asked when the board wants a password and none was given. */
  readonly askPassword?: (() => Promise<Secret | undefined>) | undefined;
  readonly announcements?: Announcements | undefined;
  readonly hostPort?: number | undefined;
  readonly hostAddress?: string | undefined;
  readonly compress?: boolean | undefined;
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly wait?: boolean;
  /** Whole uploads tried when the network fails. */
  readonly attempts?: number;
  readonly fixedBurst?: number;
}

export interface Flashed {
  readonly ending: AttemptEnding;
  readonly attempt: Attempt;
  readonly plan: Plan;
  /** How the last delivery ended, for whoever diagnoses; absent when nothing was sent. */
  readonly delivery?: DeliveryEnding;
}

/** How long a board may take to come back: copying, boot and Wi-Fi, with time for a slow access point. */
export const returnLimit: Millis = seconds(60);
/** Between two tries: a board that gave up a connection is idle again after its connect timeout. */
const betweenTries: Millis = seconds(3);
/** Connections that may end before a byte was answered, not counted as uploads. */
const mostSilentEnds = 3;

/** Never throws; every way it can end is in `ending`. */
export async function flash(
  job: FlashJob,
  world: World,
  watch: (event: Recorded) => void,
  signal: AbortSignal,
): Promise<Flashed> {
  const { record, attempt } = recorder(world.clock, watch);
  const { name, endpoint, knowledge } = job.board;
  const made = plan(job.file, job.command, knowledge, job.compress);
  const end = (ending: AttemptEnding, delivery?: DeliveryEnding): Flashed => {
    record({ kind: 'ended', ending });
    return { ending, attempt, plan: made, ...(delivery ? { delivery } : {}) };
  };

  record({
    kind: 'identified',
    what: made.image.what,
    bytes: made.bytes.length,
    md5: made.md5,
    command: job.command,
    compressed: made.compressed,
  });
  record({ kind: 'resolved', name, address: endpoint.address, port: endpoint.port, via: job.board.via });
  record({ kind: 'checked', verdict: made.fit.verdict, because: made.fit.because });
  for (const problem of made.warnings) record({ kind: 'warned', problem });
  const [reason] = made.problems;
  if (reason && !job.force) return end({ kind: 'refused', problem: reason });
  for (const problem of made.problems) record({ kind: 'warned', problem });

  const wanted = job.command === 'sketch' ? knowledgeFrom(made.image, job.file).runningBuild : undefined;
  const news = wanted === knowledge.runningBuild ? undefined : wanted;
  const untilBack = (): Promise<Return | undefined> => {
    record({ kind: 'watching', by: job.announcements ? ['mdns', 'datagram'] : ['datagram'] });
    return awaitReturn(
      {
        to: endpoint,
        copyBytes: job.command === 'sketch' && knowledge.family !== 'esp32' ? job.file.length : 0,
        limit: returnLimit,
        news,
        announcements: job.announcements,
      },
      world,
      () => record({ kind: 'went-away' }),
      signal,
    );
  };
  const isBack = ({ after, build }: Return, delivery: DeliveryEnding): Flashed => {
    record({ kind: 'came-back', after, ...(build === undefined ? {} : { proof: build }) });
    if (build === undefined) return end({ kind: 'back' }, delivery);
    if (wanted === undefined || wanted === build) return end({ kind: 'confirmed', build }, delivery);
    const problem = oldBuild(name, build, wanted);
    return end({ kind: 'failed', problem, acknowledged: made.bytes.length }, delivery);
  };

  let password = job.password;
  let before: DeliveryEnding | undefined;
  let delivery: DeliveryEnding;
  let tries = 0;
  let silentEnds = 0;
  for (;;) {
    const latest = await deliver(
      {
        to: endpoint,
        command: job.command,
        image: made.bytes,
        password,
        hostPort: job.hostPort,
        hostAddress: job.hostAddress,
        family: knowledge.family,
        core: knowledge.core,
        ...(job.dryRun ? { dryRun: true } : {}),
        ...(job.fixedBurst ? { fixedBurst: job.fixedBurst } : {}),
      },
      world,
      record,
      signal,
    );
    delivery = before && saysLess(latest, before) ? before : latest;
    if (signal.aborted) break;
    if (latest.kind === 'password-needed' && !password && job.askPassword) {
      password = await job.askPassword();
      if (password) continue;
    }
    // An ESP32 whose call took a second to get through has hung up by then: that was no upload yet.
    const nothingYet = latest.kind === 'broke-off' && latest.acknowledged === 0;
    if (!nothingYet || ++silentEnds > mostSilentEnds) tries++;
    const again = worthAnotherTry(latest, before !== undefined) && tries < (job.attempts ?? 1);
    if (delivery.kind === 'no-verdict' && (again || (job.announcements && news !== undefined))) {
      // It may have stored the update and restarted, its OK lost: what it announces then is as good. Else it is sent once
      // more, which ends in certainty.
      const returned = await untilBack();
      if (returned?.build !== undefined && returned.build === news) return isBack(returned, delivery);
    } else if (again) await world.clock.sleep(betweenTries, 'next try', signal);
    if (!again || signal.aborted) break;
    before = delivery;
  }

  switch (delivery.kind) {
    case 'could-work':
      return end({ kind: 'could-work' }, delivery);
    case 'cancelled':
      return end({ kind: 'interrupted' }, delivery);
    case 'stored':
      break;
    default: {
      if (signal.aborted) return end({ kind: 'interrupted' }, delivery);
      const setting = {
        board: name,
        to: endpoint,
        total: made.bytes.length,
        family: knowledge.family,
        core: knowledge.core,
        hostPort: job.hostPort,
        hostAddress: job.hostAddress,
      };
      const problem = withSpace(problemOf(delivery, setting), made, delivery);
      const acknowledged = 'acknowledged' in delivery ? delivery.acknowledged : 0;
      return end({ kind: 'failed', problem, acknowledged }, delivery);
    }
  }
  if (job.wait === false) return end({ kind: 'stored' }, delivery);

  const returned = await untilBack();
  if (signal.aborted) return end({ kind: 'interrupted' }, delivery);
  if (!returned) return end({ kind: 'not-back', problem: notBack(name) }, delivery);
  return isBack(returned, delivery);
}

/** What the network did, and not what the board or the person decided. `reached`: data got through to this board before. */
export function worthAnotherTry(delivery: DeliveryEnding, reached: boolean): boolean {
  switch (delivery.kind) {
    case 'no-answer':
    case 'no-call':
    case 'port-closed':
    case 'unreachable':
      return reached;
    case 'no-answer-to-authentication':
    case 'stalled':
    case 'broke-off':
    case 'no-verdict':
      return true;
    case 'board-error':
      return (
        delivery.error.kind === 'md5' || delivery.error.kind === 'aborted' || delivery.error.kind === 'stream-timeout'
      );
    default:
      return false;
  }
}

/** After a try whose outcome nobody knows, only a success or the person's word says more: the board may run the new sketch
 *  by now, with another password. And a board that does not answer any more says nothing of why it stopped. */
function saysLess(latest: DeliveryEnding, before: DeliveryEnding): boolean {
  if (latest.kind === 'stored' || latest.kind === 'cancelled') return false;
  return before.kind === 'no-verdict' || ['no-answer', 'port-closed', 'unreachable'].includes(latest.kind);
}

/** OK and then no call, or a refusal for space: where the sum says that it does not fit, that is the answer. */
function withSpace(problem: Problem, { fit }: Plan, delivery: DeliveryEnding): Problem {
  const aboutSpace =
    delivery.kind === 'no-call' ||
    (delivery.kind === 'board-error' &&
      (delivery.error.kind === 'not-enough-space' || delivery.error.kind === 'bad-size'));
  if (!aboutSpace || !fit.problem) return problem;
  return { ...fit.problem, what: `${problem.what}: ${fit.problem.what}` };
}

export const notBack = (board: string): Problem => ({
  code: 'not-back',
  what: `${board} stored the update and did not come back within ${returnLimit / 1000} seconds`,
  why: 'it may have started the new sketch without network, be restarting over and over, or hang in its boot loader',
  fix: 'power-cycle it; if it stays away, watch its boot messages over USB and flash it there',
  blame: 'device',
});

export const oldBuild = (board: string, runs: string, wanted: string): Problem => ({
  code: 'dev-boot-copy-failed',
  what: `${board} is back, but runs ${runs}, not ${wanted}`,
  why: 'the update was stored, and the boot loader did not start it or went back to the old one',
  fix: 'power-cycle the board and try once more; over USB its boot messages say why',
  blame: 'device',
});
