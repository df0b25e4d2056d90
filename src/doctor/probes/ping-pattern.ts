/** What a series of pings says. Round trips in milliseconds in the order they were sent, undefined for a lost one. */
import type { FactValue } from '#values/facts.ts';

type Replies = readonly (number | undefined)[];

/** A single lost ping is weather. */
const fewestLost = 2;
const lossyShare = 0.05;

export function presenceIn(replies: Replies): FactValue<'net.ping'> | undefined {
  if (replies.length < 3) return undefined;
  const lost = replies.filter((reply) => reply === undefined).length;
  if (lost === replies.length) return 'silent';
  return lost >= fewestLost && lost / replies.length > lossyShare ? 'lossy' : 'answered';
}

const longGap = 3;
const fewestForShape = 8;

/** Undefined where the shape is none of those that mean something. The first round trip includes the ARP lookup. */
export function patternIn(replies: Replies): FactValue<'net.ping-pattern'> | undefined {
  const rest = replies.slice(1);
  const times = rest.filter((reply) => reply !== undefined).sort((a, b) => a - b);
  if (times.length < fewestForShape) return undefined;
  if (hasLongGap(rest)) return 'long-gaps';
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(share * times.length))]!;
  const [low, median, high, most] = [at(0.1), at(0.5), at(0.9), times.at(-1)!];
  // Power save: the access point keeps a ping until the next beacon (102.4 ms, or a few of them), so round trips spread
  // evenly between nothing and that.
  if (high - low > 60 && median > 30 && most < 420) return 'saw-tooth';
  if (most > 100 && most > 5 * median) return 'spikes';
  return most < 60 ? 'steady' : undefined;
}

/** Answers, then several lost in a row, then answers again. */
function hasLongGap(replies: Replies): boolean {
  const words = replies.map((reply) => (reply === undefined ? '-' : '+')).join('');
  return new RegExp(`\\+-{${longGap},}\\+`).test(words);
}
