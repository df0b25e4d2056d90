/** Is anybody at this address, is it a board, and how well does the radio answer? */

import { isLoopback, sameSubnet } from '#discovery/index.ts';
import type { Address, World } from '#machine/index.ts';
import type { Fact } from '#values/facts.ts';
import { type Millis, millis, seconds } from '#values/index.ts';
import { hostQuestions } from '../questions.ts';
import { patternIn, presenceIn } from './ping-pattern.ts';
import { found, type HostProbe, type ProbeContext, unable } from './probe.ts';
import { makerOf } from './vendors.ts';

const most = 16;
/** Uneven: each ping starts from the answer to the one before, and would always meet a sleeping radio at the same point. */
const pause = (sent: number): Millis => millis(150 + ((sent * 67) % 200));
const timeout = seconds(1);
/** Nobody answered so many: the rest is not worth the time. */
const silentAfter = 4;
const limit = seconds(7);

export const presence: HostProbe = {
  name: 'arp-ping',
  ...hostQuestions['arp-ping'],
  async run(context) {
    const { world, target } = context;
    const before = await macIn(world, target.address);
    const replies = await pingSeries(context);
    if (replies.length === 0) await knock(world, target.address, context.signal);
    const ping = presenceIn(replies);
    const shape = patternIn(replies);
    const facts = [
      ...(ping ? [found('net.ping', ping)] : []),
      ...(shape ? [found('net.ping-pattern', shape)] : []),
      ...(await lookUp(
        context,
        before,
        replies.some((reply) => reply !== undefined),
      )),
    ];
    return facts.length > 0 ? facts : unable('this computer can neither ping nor read its table of neighbours');
  },
};

async function pingSeries({ world, target, signal }: ProbeContext): Promise<(number | undefined)[]> {
  const { clock } = world;
  const start = clock.now();
  const replies: (number | undefined)[] = [];
  while (replies.length < most && clock.now() - start < limit && !signal.aborted) {
    const told = await world.ping.ping(target.address, { count: 1, interval: timeout, timeout }, signal);
    if (!told || signal.aborted) break;
    replies.push(...told.replies);
    if (replies.length >= silentAfter && replies.every((reply) => reply === undefined)) break;
    await clock.sleep(pause(replies.length), 'next ping', signal);
  }
  return replies;
}

/** Where there is no ping: a datagram to the discard port makes the system look the address up. */
async function knock({ udp, clock }: World, address: Address, signal: AbortSignal): Promise<void> {
  const socket = await udp.open({ connect: { address, port: 9 } }, { datagram() {}, trouble() {} });
  if ('kind' in socket) return;
  socket.send(new Uint8Array([0]));
  await clock.sleep(seconds(3), 'neighbour to answer', signal);
  socket.close();
}

async function lookUp({ world, target }: ProbeContext, before: string | undefined, answered: boolean): Promise<Fact[]> {
  const { address } = target;
  const links = world.routes.interfaces();
  if (isLoopback(address) || links.some((link) => link.address === address)) return [];
  if (!links.some((link) => !link.loopback && sameSubnet(link, address))) return [found('net.arp', 'not-on-link')];
  const table = await world.neighbours.table();
  if (!table) return [];
  const mac = table.find((one) => one.address === address)?.mac;
  if (mac === undefined) return answered ? [] : [found('net.arp', 'silent')];
  if (before !== undefined && before !== mac) return [found('net.arp', 'two-macs')];
  const maker = makerOf(mac);
  // The list of makers ages: that it does not know an address is no proof.
  if (maker === 'other') return [found('net.arp', 'other-device', true)];
  return maker === 'board' ? [found('net.arp', 'board')] : [];
}

const macIn = async (world: World, address: Address): Promise<string | undefined> =>
  (await world.neighbours.table())?.find((one) => one.address === address)?.mac;
