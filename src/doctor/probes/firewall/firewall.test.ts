import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asked, boardAddress, commandsSaying, hostAddress, house, system, valuesOf } from '../house.fixture.ts';
import type { Call } from './filter.ts';
import { firewall } from './firewall.ts';
import { firewalldInbound } from './firewalld.ts';
import { iptablesInbound } from './iptables.ts';
import { macosInbound, socketFilter } from './macos.ts';
import { nftInbound } from './nft.ts';
import { ufwDefault, ufwEnabled, ufwRule } from './ufw.ts';
import { windowsInbound } from './windows.ts';

const fixture = (file: string): string => readFileSync(`test/fixtures/probes/${file}`, 'utf8');
const call: Call = { from: boardAddress, ports: { from: 32_768, to: 60_999 }, link: 'wlan0' };
const to = (port: number): Call => ({ ...call, ports: { from: port, to: port } });

describe('iptables -S', () => {
  it.each([
    ['iptables-open.txt', 'off'],
    ['iptables-ufw.txt', 'default-deny'],
    ['iptables-ufw-opened.txt', 'allowed'],
    ['iptables-catch-all.txt', 'default-deny'],
    ['iptables-lan-only.txt', 'allowed'],
  ])('%s: %s', (file, inbound) => {
    expect(iptablesInbound(fixture(file), call)).toBe(inbound);
  });

  it('looks at the port where it is fixed', () => {
    expect(iptablesInbound(fixture('iptables-ufw.txt'), to(22))).toBe('allowed');
    expect(iptablesInbound('-P INPUT ACCEPT\n-A INPUT -p tcp --dport 4000 -j DROP', to(4000))).toBe('blocked');
    expect(iptablesInbound('-P INPUT ACCEPT\n-A INPUT -p tcp --dport 4000 -j DROP', to(4001))).toBe('default-allow');
  });

  it('does not decide what hangs on a condition that it does not know', () => {
    const odd = '-P INPUT DROP\n-A INPUT -m time --timestart 08:00 -j ACCEPT';
    expect(iptablesInbound(odd, call)).toBeUndefined();
    expect(iptablesInbound('-P INPUT DROP\n-A INPUT -m set ! --match-set bad src -j DROP', call)).toBe('default-deny');
  });

  it('does not follow chains that call each other for ever', () => {
    const ring = '-P INPUT ACCEPT\n-N a\n-N b\n-A INPUT -j a\n-A a -j b\n-A a -j b\n-A b -j a\n-A b -j a';
    expect(iptablesInbound(ring, call)).toBeUndefined();
  });
});

describe('nft list ruleset', () => {
  it.each([
    ['nft-workstation.txt', 'default-deny'],
    ['nft-opened.txt', 'allowed'],
    ['nft-docker.txt', 'off'],
    ['nft-undecided.txt', undefined],
  ])('%s: %s', (file, inbound) => {
    expect(nftInbound(fixture(file), call)).toBe(inbound);
  });

  it('follows jumps, by interface and port', () => {
    expect(nftInbound(fixture('nft-jump.txt'), to(45_000))).toBe('allowed');
    expect(nftInbound(fixture('nft-jump.txt'), to(30_000))).toBe('blocked');
    expect(nftInbound(fixture('nft-jump.txt'), { ...to(45_000), link: 'eth0' })).toBe('default-deny');
  });

  it('sees no filter in an empty ruleset', () => {
    expect(nftInbound('', call)).toBe('off');
  });
});

describe('what the tools of Debian 12 really print', () => {
  it.each([
    ['iptables', iptablesInbound, 'iptables-1.8.9.txt'],
    ['nft', nftInbound, 'nft-1.0.6.txt'],
  ])('%s', (_, read, file) => {
    expect(read(fixture(file), call)).toBe('allowed');
    expect(read(fixture(file), { ...call, from: '192.168.9.9' })).toBe('default-deny');
    expect(read(fixture(file), to(22))).toBe(file.startsWith('nft') ? 'default-deny' : 'allowed');
  });
});

describe('firewalld', () => {
  it('reads what the zone lets in', () => {
    expect(firewalldInbound(fixture('firewalld-workstation.txt'), call)).toBe('allowed');
    expect(firewalldInbound(fixture('firewalld-public.txt'), call)).toBe('default-deny');
    expect(firewalldInbound(fixture('firewalld-rich.txt'), call)).toBeUndefined();
    expect(firewalldInbound('trusted\n  target: ACCEPT\n', call)).toBe('default-allow');
  });
});

describe('ufw', () => {
  it('reads its files', () => {
    expect(ufwEnabled(fixture('ufw.conf'))).toBe(true);
    expect(ufwEnabled('# ENABLED=yes\nENABLED=no\n')).toBe(false);
    expect(ufwDefault(fixture('ufw-default.txt'))).toBe('default-deny');
    expect(ufwRule(fixture('ufw-user.rules'), call)).toBe('allowed');
    expect(ufwRule(fixture('ufw-user.rules'), { ...call, from: '192.168.9.9' })).toBeUndefined();
    expect(ufwRule(fixture('ufw-user.rules'), { ...call, ports: { from: 20_000, to: 40_000 } })).toBe('maybe');
  });
});

describe('Windows', () => {
  it('takes the category and the rules of the network that leads to the board', () => {
    expect(windowsInbound(fixture('windows-private.json'), hostAddress)).toEqual({
      category: 'private',
      inbound: 'allowed',
    });
    expect(windowsInbound(fixture('windows-public.json'), hostAddress)).toEqual({
      category: 'public',
      inbound: 'blocked',
    });
    expect(windowsInbound(fixture('windows-public.json'), '10.9.0.4')).toEqual({
      category: 'domain',
      inbound: 'allowed',
    });
  });

  it('does not speak for another maker\u2019s firewall', () => {
    expect(windowsInbound(fixture('windows-other-product.json'), hostAddress)).toEqual({ category: 'private' });
  });

  it('says nothing of what is no answer', () => {
    expect(windowsInbound('Get-NetFirewallProfile : not recognized', hostAddress)).toBeUndefined();
    expect(windowsInbound('null', hostAddress)).toBeUndefined();
    expect(windowsInbound('{"connections":[{"category":"constructor"}]}', undefined)).toBeUndefined();
  });
});

describe('macOS', () => {
  it.each([
    ['Firewall is disabled. (State = 0)', undefined, undefined, 'off'],
    [
      'Firewall is enabled. (State = 1)',
      'Firewall is set to block all non-essential incoming connections',
      undefined,
      'default-deny',
    ],
    [
      'Firewall is enabled. (State = 1)',
      'Block all DISABLED!',
      'Incoming connection to the application is permitted',
      'allowed',
    ],
    [
      'Firewall is enabled. (State = 1)',
      'Firewall has block all state set to disabled.',
      'The application /usr/local/bin/node is blocked from incoming connections',
      'blocked',
    ],
    [
      'Firewall is enabled. (State = 1)',
      'Block all DISABLED!',
      'The application is not part of the firewall',
      undefined,
    ],
    ['who knows', undefined, undefined, undefined],
  ])('%s %s %s: %s', (state, blockAll, program, inbound) => {
    expect(macosInbound({ state, blockAll, program })).toBe(inbound);
  });
});

describe('the probe', () => {
  it('asks Linux in the order of what is most sure', async () => {
    const place = await house();
    const ask = async (answers: Readonly<Record<string, string>>) =>
      asked(place, firewall, { commands: commandsSaying(answers) });
    expect(valuesOf(await ask({ 'iptables -S': fixture('iptables-ufw.txt') }))).toEqual({
      'host.firewall.inbound': 'default-deny',
    });
    expect(
      valuesOf(
        await ask({
          'firewall-cmd --state': 'running\n',
          'firewall-cmd --get-zone-of-interface=eth0': 'FedoraWorkstation\n',
          'firewall-cmd --zone=FedoraWorkstation --list-all': fixture('firewalld-workstation.txt'),
        }),
      ),
    ).toEqual({ 'host.firewall.inbound': 'allowed' });
    const hidden = { 'cat /etc/ufw/ufw.conf': fixture('ufw.conf'), 'cat /etc/default/ufw': fixture('ufw-default.txt') };
    expect(await ask(hidden)).toMatchObject([{ value: 'default-deny', inferred: true }]);
    expect(await ask({ ...hidden, 'cat /etc/ufw/user.rules': fixture('ufw-user.rules') })).toEqual([
      { fact: 'host.firewall.inbound', value: 'allowed', source: 'probe' },
    ]);
    expect(await ask({ systemctl: 'inactive\ninactive\ninactive\nunknown\ninactive\n' })).toMatchObject([
      { value: 'off', inferred: true },
    ]);
    expect(await ask({ systemctl: 'inactive\ninactive\nactive\nunknown\ninactive\n' })).toHaveProperty('unable');
    expect(await ask({})).toHaveProperty('unable');
  });

  it('one filter that drops is enough', async () => {
    const commands = commandsSaying({
      'iptables -S': fixture('iptables-open.txt'),
      'nft list ruleset': fixture('nft-workstation.txt'),
    });
    expect(valuesOf(await asked(await house(), firewall, { commands }))).toEqual({
      'host.firewall.inbound': 'default-deny',
    });
  });

  it('asks Windows and macOS with their own tools', async () => {
    const place = await house();
    const windows = { environment: system('windows'), commands: commandsSaying({}) };
    expect(await asked(place, firewall, windows)).toHaveProperty('unable');
    const answering = {
      ...windows,
      commands: { run: async () => ({ exit: 0, out: fixture('windows-public.json'), err: '' }) },
    };
    expect(valuesOf(await asked(place, firewall, answering))).toEqual({
      'host.network-category': 'public',
      'host.firewall.inbound': 'blocked',
    });
    const macos = commandsSaying({ [`${socketFilter} --getglobalstate`]: 'Firewall is disabled. (State = 0)\n' });
    expect(valuesOf(await asked(place, firewall, { environment: system('macos'), commands: macos }))).toEqual({
      'host.firewall.inbound': 'off',
    });
  });
});

describe('whatever the tools print', () => {
  const pieces = fc.constantFrom(
    '-A INPUT',
    '-P INPUT DROP',
    '-j ACCEPT',
    '!',
    '--dport',
    '1:99999999999',
    '-s',
    '/',
    'table ip x {',
    'chain input {',
    'type filter hook input priority 0; policy drop;',
    '}',
    '{',
    '"',
    'tcp dport',
    'jump',
    'input',
    '### tuple ###',
    ' in',
    'target: x',
    'ports: 1/tcp',
    '\n',
    ' ',
    '{"profiles":[',
    '(State = 1)',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces, { maxLength: 60 }).map((all) => all.join(' ')),
  );

  it('the readers neither throw nor hang', () => {
    fc.assert(
      fc.property(text, (out) => {
        iptablesInbound(out, call);
        nftInbound(out, call);
        firewalldInbound(out, call);
        ufwRule(out, call);
        ufwEnabled(out);
        ufwDefault(out);
        windowsInbound(out, hostAddress);
        macosInbound({ state: out, blockAll: out, program: out });
      }),
      { numRuns: 500 },
    );
  });

  it('JSON of any shape is read', () => {
    fc.assert(
      fc.property(fc.json(), (out) => void windowsInbound(out, hostAddress)),
      { numRuns: 300 },
    );
  });
});
