import type { Commands, Environment, Neighbour, Neighbours } from '#machine/index.ts';

const readingTakes = 3000;

/** The ARP table as the system's own tool tells it. */
export const neighbours = (commands: Commands, os: Environment['os']): Neighbours => ({
  async table() {
    const run = (program: string, ...words: string[]) => commands.run(program, words, { timeout: readingTakes });
    if (os === 'linux') {
      const told = await run('ip', 'neigh');
      if (told?.exit === 0) return parseIpNeigh(told.out);
      const file = await run('cat', '/proc/net/arp');
      return file?.exit === 0 ? parseProcArp(file.out) : undefined;
    }
    const told = await (os === 'windows' ? run('arp', '-a') : run('arp', '-an'));
    if (told?.exit !== 0) return undefined;
    return os === 'windows' ? parseWindowsArp(told.out) : parseBsdArp(told.out);
  },
});

/** Lower case, colons, two digits each; undefined for what is no address of one device. */
function macOf(words: string | undefined): string | undefined {
  const parts = words?.toLowerCase().split(/[:-]/) ?? [];
  if (parts.length !== 6 || !parts.every((part) => /^[0-9a-f]{1,2}$/.test(part))) return undefined;
  const mac = parts.map((part) => part.padStart(2, '0')).join(':');
  const nobody = mac === '00:00:00:00:00:00' || Number.parseInt(mac, 16) & 1;
  return nobody ? undefined : mac;
}

const entry = (address: string, mac: string | undefined): Neighbour => (mac ? { address, mac } : { address });

const entries = (out: string, line: RegExp, read: (match: RegExpExecArray) => Neighbour | undefined): Neighbour[] =>
  out.split(/\r?\n/).flatMap((words) => {
    const match = line.exec(words);
    return (match && read(match)) ?? [];
  });

/** iproute2 `ip neigh`: `192.168.1.5 dev eth0 lladdr 5c:cf:7f:00:11:22 REACHABLE`; without lladdr nobody answered. */
export const parseIpNeigh = (out: string): Neighbour[] =>
  entries(out, /^(\S+) dev \S+(?:.* lladdr (\S+))?/, ([, address, mac]) => entry(address!, macOf(mac)));

/** Linux /proc/net/arp; flag 0x2 is a complete entry. */
export const parseProcArp = (out: string): Neighbour[] =>
  entries(out, /^(\d+\.\d+\.\d+\.\d+)\s+0x\S+\s+(0x\S+)\s+(\S+)/, ([, address, flags, mac]) =>
    entry(address!, Number(flags) & 2 ? macOf(mac) : undefined),
  );

/** macOS `arp -an`: `? (192.168.1.5) at 5c:cf:7f:0:11:22 on en0 ifscope [ethernet]`, or `at (incomplete)`. */
export const parseBsdArp = (out: string): Neighbour[] =>
  entries(out, /\(([0-9.]+)\) at (\S+)/, ([, address, mac]) => entry(address!, macOf(mac)));

/** Windows `arp -a`: `  192.168.1.5          5c-cf-7f-00-11-22     dynamic`, in any language. */
export const parseWindowsArp = (out: string): Neighbour[] =>
  entries(out, /^\s+(\d+\.\d+\.\d+\.\d+)\s+((?:[0-9a-f]{2}-){5}[0-9a-f]{2})\s/i, ([, address, words]) => {
    const mac = macOf(words);
    return mac ? { address: address!, mac } : undefined;
  });
