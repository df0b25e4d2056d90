/** macOS 15 and later ask before a program may reach the local network. Nothing tells what was answered; a denial shows as
 *  "no route to host" at once, while the system's own ping reaches the board (Apple technical note TN3179). */
import type { TroubleKind } from '#machine/index.ts';
import { inertDatagram } from '#protocols/espota/index.ts';
import type { FactValue } from '#values/facts.ts';
import { millis, seconds } from '#values/index.ts';
import { hostQuestions } from '../questions.ts';
import { found, type HostProbe, unable } from './probe.ts';

export const localNetwork: HostProbe = {
  name: 'local-network',
  ...hostQuestions['local-network'],
  async run({ world, commands, environment, target, signal }) {
    if (environment.os !== 'macos') return unable('only macOS asks for this permission');
    const version = await commands.run('sw_vers', ['-productVersion'], { timeout: seconds(2) });
    if (version?.exit !== 0) return unable('the version of macOS was not said');
    const pinged = await world.ping.ping(
      target.address,
      { count: 2, interval: millis(300), timeout: seconds(1) },
      signal,
    );
    let trouble: TroubleKind | undefined;
    const socket = await world.udp.open(
      { connect: target },
      { datagram() {}, trouble: ({ kind }) => (trouble ??= kind) },
    );
    if ('kind' in socket) trouble = socket.kind;
    else {
      socket.send(inertDatagram);
      await world.clock.sleep(millis(500), 'the system to refuse', signal);
      socket.close();
    }
    const permission = permissionIn({
      version: version.out,
      pinged: pinged?.replies.some((reply) => reply !== undefined) ?? false,
      trouble,
    });
    return permission ? [found('host.local-network-permission', permission, permission === 'denied')] : [];
  },
};

/** A port that is reported closed was reached. */
export function permissionIn(seen: {
  readonly version: string;
  readonly pinged: boolean;
  readonly trouble: TroubleKind | undefined;
}): FactValue<'host.local-network-permission'> | undefined {
  const major = Number(/^\s*(\d{1,3})\b/.exec(seen.version)?.[1] ?? 0);
  if (major < 15) return undefined;
  if (seen.trouble === 'refused') return 'granted';
  return seen.pinged && (seen.trouble === 'unreachable' || seen.trouble === 'denied') ? 'denied' : undefined;
}
