/** Does the board announce itself, and as what? */
import { type BrowseTrouble, type Device, find } from '#discovery/index.ts';
import { chips, type Fact } from '#values/facts.ts';
import { seconds } from '#values/index.ts';
import { hostQuestions } from '../questions.ts';
import { found, type HostProbe, type ProbeContext, unable } from './probe.ts';

/** Three rounds of questions (0, 1 and 3 s) and time for the last answers. */
const patience = seconds(4);

export const mdns: HostProbe = {
  name: 'mdns-browse',
  ...hostQuestions['mdns-browse'],
  async run(context) {
    const { world, signal } = context;
    const troubles: BrowseTrouble[] = [];
    const enough = new AbortController();
    const stop = (): void => enough.abort();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    const devices = await find(world, {
      time: patience,
      signal: enough.signal,
      seen: (device) => boardIn([device], context) && stop(),
      trouble: (trouble) => troubles.push(trouble),
    });
    signal.removeEventListener('abort', stop);
    const board = boardIn(devices, context);
    if (board) return announced(board, context);
    if (signal.aborted) return unable('it was stopped before a board could answer');
    const links = world.routes.interfaces().filter(({ family }) => family === 4);
    const deaf = troubles.filter(({ means }) => means === 'deaf');
    if (deaf.length >= links.length)
      return unable(`this computer can't listen to mDNS (${deaf[0]?.trouble.detail ?? 'no network'})`);
    return [found('discovery.raw-mdns', 'absent'), ...elsewhere(devices, context)];
  },
};

const isOta = ({ services }: Device): boolean => services.includes('_arduino._tcp');

/** The OTA service at the target's address; of several (simulated boards) the one on its port. */
function boardIn(devices: readonly Device[], { target }: ProbeContext): Device | undefined {
  const there = devices.filter((device) => isOta(device) && device.addresses.includes(target.address));
  return there.find(({ port }) => port === target.port) ?? (there.length === 1 ? there[0] : undefined);
}

function announced(board: Device, { configured }: ProbeContext): Fact[] {
  const { name, port, passwordNeeded, family } = board;
  const chip = chips.find((one) => one === board.chip?.toLowerCase());
  const asConfigured = sameAs(configured?.name?.toLowerCase(), name.toLowerCase()) ?? sameAs(configured?.port, port);
  return [
    found('discovery.raw-mdns', 'seen'),
    found('discovery.name-legal', /^[A-Za-z0-9-]+$/.test(name)),
    found('net.other-address', 'none'),
    // Only IPv4 is listened to: that the board does not answer over IPv6 too was not seen.
    found('discovery.answers-over', 'ipv4', true),
    ...(asConfigured === undefined ? [] : [found('discovery.name-as-configured', asConfigured)]),
    ...(passwordNeeded === undefined ? [] : [found('discovery.auth-upload', passwordNeeded ? 'yes' : 'no')]),
    ...(port === undefined ? [] : [found('board.ota-port', port)]),
    ...(family ? [found('board.family', family)] : []),
    ...(chip ? [found('board.chip', chip)] : []),
  ];
}

const sameAs = <T>(wanted: T | undefined, is: T | undefined): boolean | undefined =>
  wanted === undefined || is === undefined ? undefined : wanted === is;

/** A board of the target's name at another address. */
function elsewhere(devices: readonly Device[], { target }: ProbeContext): Fact[] {
  const name = target.name?.toLowerCase().replace(/\.local\.?$/, '');
  const moved = devices.some((device) => isOta(device) && name !== undefined && device.name.toLowerCase() === name);
  return moved ? [found('net.other-address', 'other')] : [];
}
