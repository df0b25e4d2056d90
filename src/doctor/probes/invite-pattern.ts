/** One invitation a second: which are answered? Every answered one is ended at once, so that none finds the board waiting. */
import { inertDatagram, parseReply, printInvitation } from '#protocols/espota/index.ts';
import type { FactValue } from '#values/facts.ts';
import { millis, seconds } from '#values/index.ts';
import { hostQuestions } from '../questions.ts';
import { leastOffer } from './dry-run.ts';
import { found, type HostProbe, unable } from './probe.ts';

const invitations = 12;
const every = seconds(1);

export const invitePattern: HostProbe = {
  name: 'invite-pattern',
  ...hostQuestions['invite-pattern'],
  async run({ world, target, signal, hostPort, hostAddress }) {
    const { clock } = world;
    const listener = await world.tcp.listen(
      { ...(hostAddress ? { address: hostAddress } : {}), ...(hostPort ? { port: hostPort } : {}) },
      { connection: (connection) => connection.destroy(), trouble() {} },
    );
    if ('kind' in listener) return unable(`no port for the board's call (${listener.detail})`);
    const answered: boolean[] = [];
    const socket = await world.udp.open(
      {
        connect: { address: target.address, port: target.port },
        ...(hostAddress ? { bind: { address: hostAddress } } : {}),
      },
      {
        datagram(bytes) {
          if (answered.length === 0 || parseReply(bytes).kind === 'unknown') return;
          answered[answered.length - 1] = true;
          if (!('kind' in socket)) socket.send(inertDatagram);
        },
        trouble() {},
      },
    );
    if ('kind' in socket) {
      listener.close();
      return unable(`no socket to the board (${socket.detail})`);
    }
    const invitation = printInvitation({
      command: 'sketch',
      hostPort: listener.local.port,
      size: leastOffer,
      md5: '0'.repeat(32),
    });
    for (let i = 0; i < invitations && !signal.aborted; i++) {
      answered.push(false);
      socket.send(invitation);
      await clock.sleep(every, 'answer to an invitation', signal);
    }
    socket.send(inertDatagram);
    await clock.sleep(millis(50), 'last call to be turned away', signal);
    socket.close();
    listener.close();
    const pattern = patternOf(answered);
    return pattern ? [found('invite.pattern', pattern)] : [];
  },
};

const fewest = 8;

/** What a row of answered and unanswered invitations looks like; undefined for too short a row. */
export function patternOf(answered: readonly boolean[]): FactValue<'invite.pattern'> | undefined {
  if (answered.length < fewest) return undefined;
  const share = answered.filter(Boolean).length / answered.length;
  if (share === 1) return 'always';
  if (share === 0) return 'never';
  const changes = answered.filter((one, i) => i > 0 && one !== answered[i - 1]).length;
  if (changes >= answered.length - 2) return 'alternates';
  if (changes === 1 && answered.at(-1)) return 'waits-for-a-free-loop';
  if (share >= 0.75) return 'now-and-then-lost';
  return changes <= answered.length / 3 ? 'bursts' : 'random';
}
