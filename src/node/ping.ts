import type { Commands, Environment, Ping } from '#machine/index.ts';
import type { Millis } from '#values/index.ts';
import { clock } from './clock.ts';

/** What the tool itself may take beside the waiting. */
const slack: Millis = 2000;

/** The system's `ping`, one echo at a time: that is the same on all systems, and little of its output has to be read. */
export const ping = (commands: Commands, os: Environment['os']): Ping => ({
  async ping(address, { count, interval, timeout }, signal) {
    const replies: (Millis | undefined)[] = [];
    for (let i = 0; i < count && !signal?.aborted; i++) {
      if (i > 0) await clock.sleep(interval, 'ping interval', signal);
      const told = await commands.run('ping', pingWords(os, address, timeout), { timeout: timeout + slack });
      if (!told || notAllowed(told.err)) return i === 0 ? undefined : { replies };
      replies.push(roundTripOf(told.out));
    }
    return { replies };
  },
});

/** One echo, by number, waiting so long: seconds on Linux, milliseconds elsewhere. */
export function pingWords(os: Environment['os'], address: string, timeout: Millis): string[] {
  if (os === 'windows') return ['-n', '1', '-w', String(Math.ceil(timeout)), address];
  const wait = os === 'macos' ? Math.ceil(timeout) : Math.max(1, Math.ceil(timeout / 1000));
  return ['-n', '-c', '1', '-W', String(wait), address];
}

/** The round trip of a reply; undefined where none came. Only a line with a TTL is a reply: Windows ends well on
 *  "Destination host unreachable" too. */
export function roundTripOf(out: string): Millis | undefined {
  const reply = out.split(/\r?\n/).find((line) => /\bttl=/i.test(line));
  const time = reply && /[=<]\s*([0-9]+(?:[.,][0-9]+)?)\s*ms/i.exec(reply)?.[1];
  return time === undefined ? undefined : Number(time.replace(',', '.'));
}

const notAllowed = (err: string): boolean => /not permitted|denied|lacking privilege/i.test(err);
