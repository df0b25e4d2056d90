/** What an attempt of WhyOTA shows, as facts: the transcript, how the delivery ended, the plan, what was known of the board.
 *  Nothing is added that was not seen; what was concluded is marked. */
import { atLeast, layoutOf } from '#firmware/index.ts';
import type { BoardErrorKind } from '#protocols/espota/index.ts';
import type { Attempt, AttemptEvent } from '#transcript/index.ts';
import type { DeliveryEnding, Knowledge, Plan } from '#upload/index.ts';
import { chips, errorKinds, type Fact, type FactName, type FactValue, fact } from '#values/facts.ts';
import { bindOutcome } from './probes/bind.ts';
import { factsOfImage } from './probes/image.ts';

export { factsOfImage };

export interface AttemptContext {
  readonly command: 'sketch' | 'filesystem';
  readonly delivery?: DeliveryEnding | undefined;
  readonly plan?: Plan | undefined;
  readonly knowledge?: Knowledge | undefined;
  readonly hostPort?: number | undefined;
  readonly hostAddress?: string | undefined;
}

type Kind = AttemptEvent['kind'];
type Of<K extends Kind> = Extract<AttemptEvent, { kind: K }> & { readonly at: number };

const seen = <N extends FactName>(name: N, value: FactValue<N>, inferred = false): Fact =>
  fact(name, value, 'transcript', { inferred }) as Fact;

export function factsOfAttempt(attempt: Attempt, context: AttemptContext): Fact[] {
  const told = new Told(attempt);
  const { delivery, plan, knowledge, command } = context;
  return [
    ...argumentsUsed(told, context),
    ...(delivery ? listening(delivery, told) : []),
    ...invitation(told, delivery),
    ...authentication(told, delivery),
    ...callBack(told, delivery, knowledge),
    ...(delivery ? transfer(told, delivery) : []),
    ...errors(delivery),
    ...stage(told, delivery),
    ...afterwards(told, plan),
    ...(plan ? [...factsOfImage(plan.image, plan.bytes), ...fit(plan)] : []),
    ...(knowledge ? board(knowledge, command) : []),
  ];
}

/** The events of the last delivery, by kind. */
class Told {
  readonly #events: Attempt['events'];
  constructor({ events }: Attempt) {
    // A second try (a password that was asked for, a network that failed) starts to listen anew.
    const last = events.findLastIndex(({ kind }) => kind === 'listening');
    this.#events = events.filter((event, at) => at >= last || before.has(event.kind));
  }
  all<K extends Kind>(kind: K): Of<K>[] {
    return this.#events.filter((event) => event.kind === kind) as Of<K>[];
  }
  first<K extends Kind>(kind: K): Of<K> | undefined {
    return this.all(kind)[0];
  }
  has(kind: Kind): boolean {
    return this.first(kind) !== undefined;
  }
}
const before: ReadonlySet<Kind> = new Set(['identified', 'resolved', 'checked', 'warned']);

function argumentsUsed(told: Told, { command }: AttemptContext): Fact[] {
  const resolved = told.first('resolved');
  return [
    seen('tool.name', 'whyota'),
    seen('tool.method', 'espota'),
    seen('tool.auth-schemes', 'md5-and-sha256'),
    seen('args.command', command),
    ...(resolved ? [seen('args.ota-port', resolved.port)] : []),
    ...(resolved?.via === 'address' ? [seen('args.target', resolved.address.includes(':') ? 'ipv6' : 'ipv4')] : []),
    ...(told.has('responded') ? [seen('args.auth-shape', 'given')] : []),
  ];
}

function listening(delivery: DeliveryEnding, told: Told): Fact[] {
  if (delivery.kind !== 'listen-failed') return told.has('listening') ? [seen('listener.bind', 'ok')] : [];
  return [seen('listener.bind', bindOutcome(delivery.trouble.kind)), seen('invite.sent', 'not-sent')];
}

/** The first thing the board said, and how long that took. */
function invitation(told: Told, delivery: DeliveryEnding | undefined): Fact[] {
  if (delivery?.kind === 'unreachable') return noWay(delivery.detail);
  const invitations = told.all('invited').filter(({ purpose }) => purpose !== 'again');
  if (invitations.length === 0) return [];
  const sent = seen('invite.sent', 'on-the-wire');
  const answers = [...told.all('challenged'), ...told.all('accepted'), ...told.all('refused')];
  const [answer] = answers.sort((a, b) => a.at - b.at);
  if (answer) {
    const { at, kind } = answer;
    const reply = kind === 'challenged' ? 'auth' : kind === 'accepted' ? 'ok' : 'error';
    const implied = kind === 'accepted' && answer.implied;
    // With several under way nobody knows which one was answered.
    const asked = invitations.filter((one) => one.at <= at);
    const timed = asked.length === 1 && !implied;
    return [
      sent,
      seen('invite.reply', reply, implied),
      ...(timed ? [seen('invite.latency', at - asked[0]!.at)] : []),
      ...(reply === 'auth' ? [seen('auth.nonce-length', (answer as Of<'challenged'>).nonceLength)] : []),
    ];
  }
  switch (delivery?.kind) {
    case 'port-closed':
      return [sent, seen('invite.reply', 'port-unreachable')];
    case 'garbled':
      return [sent, seen('invite.reply', 'garbled')];
    case 'no-answer':
      return [sent, seen('invite.reply', 'silence')];
    default:
      return [];
  }
}

/** What the system says of a datagram that it could not send. That nobody answers ARP (EHOSTUNREACH) is told by the
 *  neighbour table, not by the route. */
const noWay = (detail: string): Fact[] =>
  /ENETUNREACH|EADDRNOTAVAIL/.test(detail)
    ? [seen('invite.sent', 'no-route')]
    : /EACCES|EPERM/.test(detail)
      ? [seen('invite.sent', 'denied')]
      : [];

function authentication(told: Told, delivery: DeliveryEnding | undefined): Fact[] {
  if (!told.has('challenged')) return [];
  if (delivery?.kind === 'password-needed') return [seen('args.auth-shape', 'absent')];
  // Of a kept attempt there is only what it tells itself.
  const refused = delivery ? delivery.kind === 'wrong-password' : told.has('authentication-refused');
  if (refused) return [seen('auth.result', 'refused')];
  if (delivery?.kind === 'no-answer-to-authentication') return [seen('auth.result', 'no-reply')];
  // Both OK and an error of the Update class come only once the password was found right.
  if (!told.has('accepted') && !told.has('refused')) return [];
  const scheme = told.all('responded').at(-1)?.scheme;
  return [
    seen('auth.result', 'accepted'),
    ...(scheme ? [seen('auth.accepted-form', scheme === 'sha256-of-md5' ? 'md5-of-it' : 'plain')] : []),
  ];
}

function callBack(told: Told, delivery: DeliveryEnding | undefined, knowledge: Knowledge | undefined): Fact[] {
  if (told.has('connected')) return [seen('connectback.tcp', 'accepted'), seen('connectback.peer', 'device')];
  if (delivery?.kind !== 'no-call') return [];
  return [
    seen('connectback.tcp', 'timed-out'),
    ...(delivery.again !== 'never' || givesUpSoon(knowledge) ? [seen('invite.again-after-ok', delivery.again)] : []),
    ...(told.has('stranger') ? [seen('connectback.peer', 'other')] : []),
  ];
}

/** Whether a call into nothing ends before WhyOTA's last question: after 3 to 5 s; up to ESP8266 2.3.0 it goes on for as long
 *  as the network stack repeats it (ClientContext.h), and silence then means nothing yet. */
const givesUpSoon = ({ family, core }: Knowledge = {}): boolean =>
  family === 'esp32' || family === 'rp2040' || (core !== undefined && atLeast(core, '2.4.0'));

function transfer(told: Told, delivery: DeliveryEnding): Fact[] {
  const total = told.first('identified')?.bytes ?? 0;
  const stopped = (acknowledged: number): Fact[] =>
    total > 0 ? [seen('transfer.stopped-at', Math.min(100, (100 * acknowledged) / total))] : [];
  switch (delivery.kind) {
    case 'stored':
      return [seen('transfer.end', 'completed'), seen('verdict.reply', 'ok')];
    case 'stalled':
      return [...stopped(delivery.acknowledged), seen('transfer.end', 'stall')];
    case 'broke-off':
      return [...stopped(delivery.acknowledged), ...brokeOff(delivery.how)];
    case 'board-error': {
      if (delivery.over === 'udp') return [];
      const whole = delivery.acknowledged >= total;
      return [
        ...stopped(delivery.acknowledged),
        seen('transfer.end', whole ? 'completed' : 'error-text'),
        seen('verdict.reply', 'error'),
      ];
    }
    case 'no-verdict':
      return [
        ...stopped(answered(told)),
        ...(tookAll(told)
          ? [seen('transfer.end', 'completed')]
          : brokeOff(delivery.how === 'silence' ? 'timed-out' : delivery.how)),
        seen('verdict.reply', 'none'),
      ];
    default:
      return [];
  }
}

/** Image bytes that the board has answered. */
const answered = (told: Told): number => told.all('acknowledged').at(-1)?.bytes ?? 0;

/** All was sent; a board that answered for the last tenth too is taken to have had it all. */
const tookAll = (told: Told): boolean => answered(told) >= 0.9 * (told.first('identified')?.bytes ?? 0);

/** A reset connection is the trace of a restart, though some cores also abort so. */
function brokeOff(how: 'end' | 'reset' | 'timed-out'): Fact[] {
  if (how === 'timed-out') return [seen('transfer.end', 'stall')];
  return how === 'end' ? [seen('transfer.end', 'closed')] : [seen('transfer.end', 'reboot', true)];
}

function errors(delivery: DeliveryEnding | undefined): Fact[] {
  return delivery?.kind === 'board-error' ? [seen('device.error', errorName(delivery.error.kind))] : [];
}

const errorName = (kind: BoardErrorKind): FactValue<'device.error'> =>
  (errorKinds as readonly string[]).includes(kind) ? (kind as FactValue<'device.error'>) : 'no-detail';

type Stage = FactValue<'attempt.stopped-in'>;

const stages: Partial<Record<DeliveryEnding['kind'], Stage>> = {
  'listen-failed': 'listen',
  'no-answer': 'invite',
  'port-closed': 'invite',
  unreachable: 'invite',
  garbled: 'invite',
  'password-needed': 'authenticate',
  'wrong-password': 'authenticate',
  'no-answer-to-authentication': 'authenticate',
  'no-call': 'connect-back',
  stalled: 'transfer',
  'broke-off': 'transfer',
  garbage: 'transfer',
};

function stage(told: Told, delivery: DeliveryEnding | undefined): Fact[] {
  const ending = told.first('ended')?.ending;
  if (ending?.kind === 'refused') return [seen('attempt.stopped-in', 'prepare')];
  if (ending?.kind === 'not-back') return [seen('attempt.stopped-in', 'restart')];
  if (delivery?.kind === 'board-error') return [seen('attempt.stopped-in', stageOfError(told, delivery))];
  if (delivery?.kind === 'no-verdict') return [seen('attempt.stopped-in', tookAll(told) ? 'verdict' : 'transfer')];
  const at = delivery && stages[delivery.kind];
  return at ? [seen('attempt.stopped-in', at)] : [];
}

function stageOfError(told: Told, { over, acknowledged }: Extract<DeliveryEnding, { kind: 'board-error' }>): Stage {
  if (over === 'udp') return told.has('challenged') ? 'authenticate' : 'invite';
  return acknowledged >= (told.first('identified')?.bytes ?? 0) ? 'verdict' : 'transfer';
}

/** What became of the board. Away within the minute that WhyOTA waits is short of the two that "gone" means. */
function afterwards(told: Told, plan: Plan | undefined): Fact[] {
  const back = told.first('came-back');
  if (!back) {
    const away = told.first('ended')?.ending.kind === 'not-back' && told.has('went-away');
    return away ? [seen('after.restart', 'gone', true)] : [];
  }
  const wanted = plan && (plan.image.kind === 'gzip' ? plan.image.inside.build : plan.image.build);
  if (back.proof === undefined || wanted === undefined) return [seen('after.restart', 'returns')];
  return [seen('after.restart', 'returns'), seen('after.running-build', back.proof === wanted ? 'new' : 'old')];
}

/** Why a file may not do though there is room for it; other facts tell of them. */
const notOfSize: ReadonlySet<string> = new Set([
  'img-gzip-unsupported',
  'img-gzip-signed',
  'img-flash-size-declared-too-big',
]);

function fit({ fit: { verdict, assumptions, sums, limit, problem }, bytes }: Plan): Fact[] {
  if (verdict === 'unknown') return [];
  if (problem?.code === 'img-esp32-no-ota-slot') return [seen('running.slot-size', 0)];
  if (problem && notOfSize.has(problem.code)) return [];
  const options = { inferred: assumptions.length > 0 };
  const spare = sums ? (sums.available - sums.needed) * 4096 : limit && limit.bytes - bytes.length;
  return [
    fact('fit.verdict', verdict === 'fits' ? 'fits' : 'too-big', 'build', options) as Fact,
    ...(spare === undefined ? [] : [fact('fit.spare', spare, 'build', options) as Fact]),
    // The running layout's border; the new build's is taken to be the same.
    ...(sums ? [fact('build.fs-start', sums.updateEnd, 'build', { inferred: true }) as Fact] : []),
  ];
}

const modes = ['qio', 'qout', 'dio', 'dout'] as const;

function board(knowledge: Knowledge, command: AttemptContext['command']): Fact[] {
  const { family, core, layout, flashBytes, runningBytes, slotBytes, signing } = knowledge;
  const chip = chips.find((one) => one === knowledge.chip);
  const mode = modes.find((one) => one === knowledge.flashMode);
  const declared = family === 'esp8266' && layout ? layoutOf(layout, core)?.flashBytes : undefined;
  return [
    ...(family ? [seen('board.family', family)] : []),
    ...(chip ? [seen('board.chip', chip)] : []),
    ...(flashBytes === undefined ? [] : [seen('board.flash-real', flashBytes)]),
    ...(declared === undefined ? [] : [seen('running.flash-declared', declared)]),
    ...(core ? [seen('running.core-version', core)] : []),
    ...(runningBytes === undefined ? [] : [seen('running.size', runningBytes)]),
    ...(mode ? [seen('running.flash-mode', mode)] : []),
    ...(slotBytes === undefined || command !== 'sketch' ? [] : [seen('running.slot-size', slotBytes)]),
    ...(signing === undefined ? [] : [seen('running.wants-signature', signing)]),
  ];
}
