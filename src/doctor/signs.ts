/** What tells that something failed, and what tells that it worked. */
import type { FactName } from '#values/facts.ts';
import type { Seen } from './seen.ts';

/** Facts whose value is a failure, but for these values. */
const goodValues: Readonly<Partial<Record<FactName, readonly unknown[]>>> = {
  'attempt.tool-text': ['success', 'other'],
  'listener.bind': ['ok'],
  'listener.from-peer': ['accepted'],
  'tool.interpreter': ['found'],
  'args.target': ['ipv4', 'ipv6', 'dot-local', 'bare-name', 'domain-name', 'serial-device'],
  'net.ping': ['answered'],
  'net.arp': ['board', 'not-on-link'],
  'net.lease': ['present'],
  'discovery.listed': ['yes'],
  'discovery.raw-mdns': ['seen'],
  'discovery.over-time': ['always', 'after-tool-restart'],
  'discovery.name-resolves': ['yes'],
  'invite.sent': ['on-the-wire'],
  'invite.reply': ['ok', 'auth'],
  'invite.pattern': ['always'],
  'auth.result': ['accepted'],
  'connectback.tcp': ['accepted'],
  'transfer.end': ['completed'],
  'verdict.reply': ['ok', 'ok-with-count'],
  'device.error': [],
  'after.restart': ['returns'],
  'after.running-build': ['new'],
  'after.filesystem': ['intact'],
  'attempt.stopped-in': [],
  'attempt.reproducible': [],
  'image.kind': ['app', 'gzip-app', 'filesystem'],
  'image.intact': [true],
  'fit.verdict': ['fits'],
  'serial.first-error': [],
  'serial.crash': ['none'],
  'serial.boot-mode': [3],
  'serial.eboot': ['normal', 'copied'],
  'serial.reset-reason': ['power-on', 'pin', 'software', 'deep-sleep'],
  'serial.says': [],
  'serial.tls-error': ['none'],
  'pull.server': ['reachable'],
  'pull.status': [200],
  'pull.body': ['firmware'],
  'pull.length': ['right'],
  'tool.asks-password': [false],
};

/** After an update that arrived (the board said OK at its end) only these count: what the tool said, the board did and the person misses. The rest (a lost
 *  ping, an announcement that was not heard) did no harm. */
const complaints = /^(attempt|after|verdict|device|serial|transfer)\.|^(discovery\.listed|tool\.asks-password)$/;

/** The facts that speak of a failure. */
export function failureSigns(seen: Seen): readonly FactName[] {
  const arrived = worked(seen) || seen.is('verdict.reply', 'ok', 'ok-with-count');
  return seen.facts
    .filter(({ fact, value }) => goodValues[fact] !== undefined && !goodValues[fact].includes(value))
    .filter(({ fact }) => !arrived || complaints.test(fact))
    .map(({ fact }) => fact);
}

/** The facts that say of something that it went well. */
export const goodSigns = (seen: Seen): readonly FactName[] =>
  seen.facts
    .filter(
      ({ fact, value }) => goodValues[fact]?.includes(value) || (fact.startsWith('sketch.lint.') && value === false),
    )
    .map(({ fact }) => fact);

/** Whether an update was seen to arrive. */
export const worked = (seen: Seen): boolean =>
  seen.is('after.running-build', 'new') ||
  (seen.is('verdict.reply', 'ok', 'ok-with-count') && seen.is('after.restart', 'returns')) ||
  (seen.is('attempt.tool-text', 'success') && !seen.is('after.running-build', 'old'));
