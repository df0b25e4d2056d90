// What makes a case less clear than its fault: probes that cannot run, lost datagrams, weaknesses that did no harm.
import { type Case, chance, lanBoard, pick } from './case.ts';

export function blur(c: Case): void {
  const { random } = c;
  if (chance(random, 0.15)) c.pings = false;
  if (chance(random, 0.15)) c.neighbours = false;
  for (const name of ['mdns-browse', 'tcp-web', 'inert-datagram', 'firewall', 'environment'])
    if (chance(random, 0.08)) c.without.add(name);
  if (chance(random, 0.2)) weather(c);
  if (chance(random, 0.25)) mislead(c);
}

/** A few per cent lost: nothing that an upload minds. */
function weather(c: Case): void {
  const [first = { address: lanBoard }, ...more] = c.place.interfaces ?? [];
  if (first.link) return;
  const loss = 0.01 + 0.03 * c.random();
  c.place.interfaces = [{ ...first, link: { in: { loss }, out: { loss } } }, ...more];
}

/** Extras that point somewhere else. What a fault has set stays. */
function mislead(c: Case): void {
  const { traits } = c;
  switch (pick(c.random, ['interrupt', 'progress', 'delay', 'uart', 'filtered', 'changed'] as const)) {
    case 'interrupt':
      if (traits.interrupt === 'none') traits.interrupt = 'in-flash';
      break;
    case 'progress':
      traits.heavyProgress = true;
      break;
    case 'delay':
      if (traits.delay === 0) traits.delay = 700;
      break;
    case 'uart':
      traits.uart = true;
      break;
    case 'filtered':
      c.rules.multicast = 'filtered';
      break;
    case 'changed':
      c.answers['history.changed'] ??= pick(c.random, ['os', 'router', 'library', 'sketch-code']);
  }
}
