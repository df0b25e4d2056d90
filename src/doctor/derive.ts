/** Facts that follow from other facts: the sums, and what a stage or a message implies. All are marked as inferred,
 *  unless the sum is exact and its terms were seen. */
import { fileBytesOf, spaceOnEsp8266 } from '#firmware/index.ts';
import { type Fact, type FactName, type FactValue, fact, mergeFacts } from '#values/facts.ts';
import { sectorBytes } from '#values/index.ts';
import type { Stage } from './cause.ts';
import { familyOf } from './chips.ts';
import { Seen } from './seen.ts';

type ToolText = FactValue<'attempt.tool-text'>;

/** Where espota and its kin are when they print this. */
const stageOfText: Partial<Record<ToolText, Stage>> = {
  'interpreter-not-found': 'prepare',
  'usage-error': 'prepare',
  'invalid-value': 'prepare',
  'serial-port-error': 'prepare',
  'ssh-error': 'prepare',
  'host-not-found': 'discover',
  'listen-failed': 'listen',
  'no-answer': 'invite',
  'no-response-from-the-esp': 'invite',
  'bad-answer': 'invite',
  'authentication-failed': 'authenticate',
  'no-answer-to-authentication': 'authenticate',
  'no-response-from-device': 'connect-back',
  'error-uploading': 'transfer',
  'no-result': 'verdict',
  'error-response': 'verdict',
};

/** A step is one rule: what follows from what is known so far. */
type Step = (seen: Seen) => readonly (Fact | undefined)[];

const steps: readonly Step[] = [family, said, stage, implied, role, imageSize, fits];

/** A sum of exact terms takes the place of a guess; nothing else replaces what was given. */
const tellsMore = (each: Fact, known: Fact | undefined): boolean =>
  known === undefined || (known.inferred === true && each.inferred !== true);

/** The facts and what follows from them. */
export function derive(given: readonly Fact[]): Seen {
  let facts = mergeFacts(given);
  for (const step of steps) {
    const seen = new Seen(facts);
    const news = step(seen).filter((each) => each !== undefined && tellsMore(each, seen.fact(each.fact)));
    facts = mergeFacts(facts, news as Fact[]);
  }
  return new Seen(facts);
}

const inferred = <N extends FactName>(name: N, value: FactValue<N>, from: Fact | undefined): Fact =>
  fact(name, value, from?.source ?? 'build', { inferred: true }) as Fact;

/** ArduinoOTA's default ports name the family; so does a file-system start, which only the ESP8266 has. */
function family(seen: Seen): (Fact | undefined)[] {
  const chip = seen.fact('board.chip') ?? seen.fact('image.chip');
  const named = chip && familyOf(chip.value as FactValue<'board.chip'>);
  if (named) return [inferred('board.family', named, chip)];
  const port = seen.get('args.ota-port');
  if (seen.has('build.fs-start') || port === 8266)
    return [inferred('board.family', 'esp8266', seen.fact('args.ota-port'))];
  if (port === 3232) return [inferred('board.family', 'esp32', seen.fact('args.ota-port'))];
  return [];
}

/** What the tool's last words tell of the answers it got. */
function said(seen: Seen): (Fact | undefined)[] {
  const text = (...values: readonly ToolText[]) =>
    seen.all('attempt.tool-text').find(({ value }) => values.includes(value as ToolText));
  const silent = text('no-answer', 'no-response-from-the-esp');
  const refused = text('authentication-failed');
  const unanswered = text('no-answer-to-authentication');
  return [
    silent && inferred('invite.reply', 'silence', silent),
    refused && inferred('auth.result', 'refused', refused),
    unanswered && inferred('auth.result', 'no-reply', unanswered),
    (refused || unanswered) && inferred('invite.reply', 'auth', refused ?? unanswered),
  ];
}

function stage(seen: Seen): (Fact | undefined)[] {
  const text = seen.all('attempt.tool-text').find(({ value }) => String(value) in stageOfText);
  const signs: readonly [FactName, readonly unknown[], Stage][] = [
    ['listener.bind', ['in-use', 'address-not-own', 'permission-denied', 'other-error'], 'listen'],
    ['after.restart', ['gone', 'cycles', 'runs-without-network'], 'restart'],
    ['after.running-build', ['old', 'new-then-old', 'new-on-other-board'], 'restart'],
    ['verdict.reply', ['error', 'none'], 'verdict'],
    ['transfer.end', ['stall', 'reboot', 'closed', 'error-text'], 'transfer'],
    ['connectback.tcp', ['timed-out', 'late', 'closed-at-once'], 'connect-back'],
    ['auth.result', ['refused', 'no-reply'], 'authenticate'],
    ['invite.reply', ['silence', 'port-unreachable', 'garbled', 'error'], 'invite'],
    ['invite.sent', ['name-not-found'], 'discover'],
    ['invite.sent', ['no-route', 'denied'], 'invite'],
    [
      'device.error',
      ['magic', 'md5', 'signature', 'chip-mismatch', 'new-flash-config', 'could-not-activate'],
      'verdict',
    ],
    ['serial.first-error', ['auth'], 'authenticate'],
    ['serial.first-error', ['connect'], 'connect-back'],
    ['serial.first-error', ['receive'], 'transfer'],
    ['serial.eboot', ['copy-failed', 'load-failed'], 'restart'],
    ['discovery.listed', ['no', 'stale'], 'discover'],
  ];
  if (text) return [inferred('attempt.stopped-in', stageOfText[text.value as ToolText]!, text)];
  const sign = signs.find(([name, values]) => values.includes(seen.get(name)));
  return sign ? [inferred('attempt.stopped-in', sign[2], seen.fact(sign[0]))] : [];
}

/** A stage that was reached tells how those before it ended. */
function implied(seen: Seen): (Fact | undefined)[] {
  const at = seen.fact('attempt.stopped-in');
  const espota = !seen.has('tool.method') || seen.is('tool.method', 'espota', 'network-upload');
  if (!at || !espota) return [];
  const reached = (...stages: readonly Stage[]) => stages.includes(at.value as Stage);
  return [
    reached('connect-back', 'transfer', 'verdict') && !seen.has('auth.result')
      ? inferred('invite.reply', 'ok', at)
      : undefined,
    reached('connect-back') ? inferred('connectback.tcp', 'timed-out', at) : undefined,
    reached('transfer', 'verdict', 'restart', 'run') ? inferred('connectback.tcp', 'accepted', at) : undefined,
    reached('restart', 'run') ? inferred('transfer.end', 'completed', at) : undefined,
  ];
}

/** A sketch without OTA can't be the one on a board that answers. */
function role(seen: Seen): (Fact | undefined)[] {
  const answers = seen.is('invite.reply', 'ok', 'auth') || seen.is('connectback.tcp', 'accepted');
  return [
    answers && seen.is('image.has-ota', false) ? inferred('sketch.role', 'new', seen.fact('image.has-ota')) : undefined,
  ];
}

/** "Sketch uses N bytes" gives the length of the .bin to within 16 bytes. */
function imageSize(seen: Seen): (Fact | undefined)[] {
  const uses = seen.get('build.sketch-uses');
  if (uses === undefined || !seen.is('board.family', 'esp8266')) return [];
  const { to } = fileBytesOf(uses, seen.get('build.core-version') ?? '2.3.0');
  return [inferred('image.size', to, seen.fact('build.sketch-uses'))];
}

/** The arithmetic of both families: two sketches below the file system, or one image in one slot. */
function fits(seen: Seen): (Fact | undefined)[] {
  const image = seen.get('image.size');
  if (image === undefined || seen.is('args.command', 'filesystem')) return [];
  const slot = seen.get('running.slot-size');
  const free = seen.get('running.free-space');
  const end = seen.get('build.fs-start');
  const verdict = (spare: number, of: readonly FactName[]): Fact[] => {
    const sure = of.every((name) => seen.has(name)) && seen.trustIn(of) === 1;
    const make = <N extends FactName>(name: N, value: FactValue<N>) => fact(name, value, 'build', { inferred: !sure });
    return [make('fit.verdict', spare < 0 ? 'too-big' : 'fits'), make('fit.spare', spare)];
  };
  if (slot === 0) return [];
  if (slot !== undefined) return verdict(slot - image, ['image.size', 'running.slot-size']);
  if (free !== undefined)
    return verdict(free - Math.ceil(image / sectorBytes) * sectorBytes, ['image.size', 'running.free-space']);
  if (end === undefined || !seen.is('board.family', 'esp8266')) return [];
  const running = seen.get('running.size') ?? image;
  const sums = spaceOnEsp8266({ running, sent: image, updateEnd: end });
  return verdict((sums.available - sums.needed) * sectorBytes, ['image.size', 'running.size', 'build.fs-start']);
}
