import { describe, expect, it } from 'vitest';
import type { Commands } from '#machine/index.ts';
import { neighbours, parseBsdArp, parseIpNeigh, parseProcArp, parseWindowsArp } from './neighbours.ts';
import { ping, pingWords, roundTripOf } from './ping.ts';
import { gatewayInBsdRoute, gatewayInIpRoute } from './routes.ts';

/** A system whose tools say what they are told to. */
const tools = (says: Record<string, string | undefined>): Commands & { readonly asked: string[] } => {
  const asked: string[] = [];
  return {
    asked,
    async run(program, words) {
      asked.push([program, ...words].join(' '));
      const out = says[program];
      return out === undefined ? undefined : { exit: 0, out, err: '' };
    },
  };
};

describe('the ARP table', () => {
  // Output of iproute2 6, of Linux 6's /proc/net/arp, of macOS 14's and Windows 11's arp; addresses changed.
  const ipNeigh = [
    '192.168.1.1 dev eth0 lladdr 4c:ed:fb:01:02:03 REACHABLE',
    '192.168.1.50 dev eth0 lladdr 5c:cf:7f:00:11:22 STALE',
    '192.168.1.77 dev eth0 FAILED',
    '192.168.1.78 dev wlan0 INCOMPLETE',
    'fe80::1 dev eth0 lladdr 4c:ed:fb:01:02:03 router STALE',
  ].join('\n');
  const procArp = [
    'IP address       HW type     Flags       HW address            Mask     Device',
    '192.168.1.50     0x1         0x2         5c:cf:7f:00:11:22     *        eth0',
    '192.168.1.77     0x1         0x0         00:00:00:00:00:00     *        eth0',
  ].join('\n');
  const macArp = [
    '? (192.168.1.50) at 5c:cf:7f:0:11:22 on en0 ifscope [ethernet]',
    '? (192.168.1.77) at (incomplete) on en0 ifscope [ethernet]',
    '? (224.0.0.251) at 1:0:5e:0:0:fb on en0 ifscope permanent [ethernet]',
  ].join('\n');
  const windowsArp = [
    '',
    'Schnittstelle: 192.168.1.2 --- 0xb',
    '  Internetadresse       Physische Adresse     Typ',
    '  192.168.1.50          5c-cf-7f-00-11-22     dynamisch ',
    '  192.168.1.255         ff-ff-ff-ff-ff-ff     statisch  ',
    '  224.0.0.22            01-00-5e-00-00-16     statisch  ',
  ].join('\r\n');
  const board = { address: '192.168.1.50', mac: '5c:cf:7f:00:11:22' };
  const absent = { address: '192.168.1.77' };

  it('is read as ip neigh prints it', () => {
    expect(parseIpNeigh(ipNeigh)).toEqual([
      { address: '192.168.1.1', mac: '4c:ed:fb:01:02:03' },
      board,
      absent,
      { address: '192.168.1.78' },
      { address: 'fe80::1', mac: '4c:ed:fb:01:02:03' },
    ]);
  });
  it('is read from /proc/net/arp', () => expect(parseProcArp(procArp)).toEqual([board, absent]));
  it('is read as macOS prints it', () => {
    expect(parseBsdArp(macArp)).toEqual([board, absent, { address: '224.0.0.251' }]);
  });
  it('is read as Windows prints it, in any language, without what is nobody', () => {
    expect(parseWindowsArp(windowsArp)).toEqual([board]);
  });
  it('comes from whatever tool the system has', async () => {
    expect(await neighbours(tools({ ip: ipNeigh }), 'linux').table()).toContainEqual(board);
    expect(await neighbours(tools({ cat: procArp }), 'linux').table()).toContainEqual(board);
    expect(await neighbours(tools({ arp: macArp }), 'macos').table()).toContainEqual(board);
    expect(await neighbours(tools({ arp: windowsArp }), 'windows').table()).toContainEqual(board);
    expect(await neighbours(tools({}), 'linux').table()).toBeUndefined();
  });
});

describe('ping', () => {
  const linux = '64 bytes from 192.168.1.50: icmp_seq=1 ttl=255 time=12.3 ms';
  const windows = 'Antwort von 192.168.1.50: Bytes=32 Zeit<1ms TTL=255';
  const unreachable = 'Antwort von 192.168.1.2: Zielhost nicht erreichbar.';

  it('is asked for one echo, in the way of the system', () => {
    expect(pingWords('linux', '10.0.0.1', 1500)).toEqual(['-n', '-c', '1', '-W', '2', '10.0.0.1']);
    expect(pingWords('macos', '10.0.0.1', 1500)).toEqual(['-n', '-c', '1', '-W', '1500', '10.0.0.1']);
    expect(pingWords('windows', '10.0.0.1', 1500)).toEqual(['-n', '1', '-w', '1500', '10.0.0.1']);
  });
  it('has a round trip only where a reply came', () => {
    expect([linux, windows, unreachable, ''].map(roundTripOf)).toEqual([12.3, 1, undefined, undefined]);
    expect(roundTripOf('64 octets de 10.0.0.1 : icmp_seq=1 ttl=64 temps=3,25 ms')).toBe(3.25);
  });
  it('counts the replies, and is undefined where there is no ping', async () => {
    const options = { count: 2, interval: 0, timeout: 1000 };
    const system = tools({ ping: linux });
    expect(await ping(system, 'linux').ping('192.168.1.50', options)).toEqual({ replies: [12.3, 12.3] });
    expect(system.asked).toEqual(Array(2).fill('ping -n -c 1 -W 1 192.168.1.50'));
    expect(await ping(tools({ ping: unreachable }), 'windows').ping('192.168.1.50', options)).toEqual({
      replies: [undefined, undefined],
    });
    expect(await ping(tools({}), 'linux').ping('192.168.1.50', options)).toBeUndefined();
  });
});

describe('a gateway', () => {
  it('is what Linux says after via', () => {
    expect(gatewayInIpRoute('8.8.8.8 via 192.168.1.1 dev eth0 src 192.168.1.2 uid 1000 \n    cache')).toBe(
      '192.168.1.1',
    );
    expect(gatewayInIpRoute('192.168.1.50 dev eth0 src 192.168.1.2 uid 1000')).toBeUndefined();
  });
  it('is what macOS says after gateway, unless that is an interface', () => {
    expect(gatewayInBsdRoute('   route to: 8.8.8.8\n    gateway: 192.168.1.1\n  interface: en0\n')).toBe('192.168.1.1');
    expect(gatewayInBsdRoute('   route to: 192.168.1.50\n    gateway: link#6\n')).toBeUndefined();
  });
});
