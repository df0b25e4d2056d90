/** Waiting for a board after its update: an OK means "stored", not "running". What counts, best first: the board announces
 *  itself (and may say its build); it answers a ping and does not refuse an inert datagram, after having been away. */
import type { Endpoint, World } from '#machine/index.ts';
import { inertDatagram } from '#protocols/espota/index.ts';
import { type Millis, millis, seconds } from '#values/index.ts';

export interface Return {
  readonly after: Millis;
  /** The build that the board itself says it runs. */
  readonly build?: string | undefined;
}

/** Hears of announcements of the board until the signal: `seen` with the build it says it runs, `gone` for a goodbye. */
export type Announcements = (on: { seen(build?: string): void; gone(): void }, signal: AbortSignal) => void;

export interface Waiting {
  readonly to: Endpoint;
  /** Bytes that the boot loader has to copy: it takes about a second per 100 KB. */
  readonly copyBytes: number;
  readonly limit: Millis;
  /** A build that only the new sketch can announce. */
  readonly news?: string | undefined;
  readonly announcements?: Announcements | undefined;
}

const askEvery = millis(200);
const pingEvery = seconds(1);
const never = Number.POSITIVE_INFINITY;
/** A port that was closed and has not refused for so long is open again. */
const quietMeansOpen = millis(1500);
/** A board that was never seen to be away is taken to be back when it answers this long after it must have restarted. */
const restartUnseen = seconds(3);

/** Resolves with the return, or undefined when the board was not back within the limit or the signal was aborted. */
export async function awaitReturn(
  { to, copyBytes, limit, news, announcements }: Waiting,
  world: World,
  onAway: () => void,
  signal: AbortSignal,
): Promise<Return | undefined> {
  const { clock } = world;
  const start = clock.now();
  const copied = start + millis(copyBytes / 100) + restartUnseen;
  const stop = new AbortController();
  const cancel = (): void => stop.abort();
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();

  let away = false;
  let refusedAt: Millis | undefined;
  let canPing = false;
  let lost = 0;
  /** Answered pings since then, and last. */
  let aliveAt: Millis = never;
  let answeredAt = start;
  let back: Return | undefined;
  const left = (): void => {
    aliveAt = never;
    if (away) return;
    away = true;
    onAway();
  };

  announcements?.(
    {
      seen(build) {
        // The old sketch announces itself until it restarts.
        const early = !away && clock.now() < copied;
        if (early && (build === undefined || build !== news)) return;
        back = { after: millis(clock.now() - start), build };
        stop.abort();
      },
      gone: left,
    },
    stop.signal,
  );
  const socket = await world.udp.open(
    { connect: to },
    {
      datagram() {},
      trouble({ kind }) {
        if (kind === 'refused') refusedAt = clock.now();
        left();
      },
    },
  );
  const pinging = pingOn(world, to.address, stop.signal, (answered) => {
    canPing = true;
    lost = answered ? 0 : lost + 1;
    // One lost ping is weather; two in a row are an absence.
    if (lost === 2) left();
    if (!answered) return;
    answeredAt = clock.now();
    aliveAt = Math.min(aliveAt, answeredAt);
  });

  while (!stop.signal.aborted && clock.now() - start < limit) {
    if (!('kind' in socket)) socket.send(inertDatagram);
    await clock.sleep(askEvery, 'board to come back', stop.signal);
    const now = clock.now();
    const refuses = refusedAt !== undefined && now - refusedAt < quietMeansOpen;
    // Twice: one answer may come from a sketch that crashes as soon as it is on the network.
    const alive = answeredAt > aliveAt && now - aliveAt >= quietMeansOpen;
    // A port that does not refuse any more may be open, or its board gone: where pings can tell, they do.
    const openedAgain = refusedAt !== undefined && !refuses && !canPing;
    const cameUnseen = alive && answeredAt >= copied;
    if (!refuses && (away ? alive || openedAgain : cameUnseen)) {
      back ??= { after: millis(now - start) };
      break;
    }
  }
  stop.abort();
  signal.removeEventListener('abort', cancel);
  if (!('kind' in socket)) socket.close();
  await pinging;
  return signal.aborted ? undefined : back;
}

/** One ping a second until the signal; `heard` after each. Where this host can't ping, nothing is heard. */
async function pingOn(
  world: World,
  address: string,
  signal: AbortSignal,
  heard: (answered: boolean) => void,
): Promise<void> {
  const { clock, ping } = world;
  while (!signal.aborted) {
    const next = clock.now() + pingEvery;
    const result = await ping.ping(address, { count: 1, interval: pingEvery, timeout: pingEvery }, signal);
    if (!result || signal.aborted) return;
    heard(result.replies[0] !== undefined);
    await clock.sleep(millis(Math.max(0, next - clock.now())), 'next ping', signal);
  }
}
