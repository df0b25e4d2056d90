/** Does anything listen on the update port? Two bytes that every core ignores when idle; a closed port is reported by the
 *  board's network stack. Silence says nothing: open, filtered and absent look alike. */
import { inertDatagram } from '#protocols/espota/index.ts';
import { millis } from '#values/index.ts';
import { hostQuestions } from '../questions.ts';
import { found, type HostProbe, unable } from './probe.ts';

const tries = 3;
const pause = millis(400);

export const inert: HostProbe = {
  name: 'inert-datagram',
  ...hostQuestions['inert-datagram'],
  async run({ world, target, signal }) {
    let refused = 0;
    const socket = await world.udp.open(
      { connect: { address: target.address, port: target.port } },
      { datagram() {}, trouble: ({ kind }) => kind === 'refused' && refused++ },
    );
    if ('kind' in socket) return unable(`no socket to the board (${socket.detail})`);
    for (let i = 0; i < tries && !signal.aborted; i++) {
      socket.send(inertDatagram);
      await world.clock.sleep(pause, 'a closed port to be reported', signal);
    }
    socket.close();
    // One report may be of a restart that was just under way.
    return refused >= 2 ? [found('invite.reply', 'port-unreachable')] : [];
  },
};
