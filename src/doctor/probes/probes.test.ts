import { describe, expect, it } from 'vitest';
import { validateFact } from '#values/facts.ts';
import { millis, Secret, seconds } from '#values/index.ts';
import { bind } from './bind.ts';
import { dryRun } from './dry-run.ts';
import { environment } from './environment.ts';
import {
  asked,
  boardAddress,
  commandsSaying,
  contextOf,
  hostAddress,
  house,
  sketchOf,
  system,
  valuesOf,
} from './house.fixture.ts';
import { hostProbes } from './index.ts';
import { inert } from './inert.ts';
import { invite } from './invite.ts';
import { invitePattern, patternOf } from './invite-pattern.ts';
import { localNetwork, permissionIn } from './local-network.ts';
import { mdns } from './mdns.ts';
import { name } from './name.ts';
import { presence } from './presence.ts';
import { route } from './route.ts';
import { web } from './web.ts';

describe('mdns-browse', () => {
  it('hears a board, its port, and that it wants no password', async () => {
    const place = await house();
    expect(valuesOf(await asked(place, mdns))).toMatchObject({
      'discovery.raw-mdns': 'seen',
      'discovery.auth-upload': 'no',
      'discovery.name-legal': true,
      'discovery.answers-over': 'ipv4',
      'board.ota-port': 8266,
      'board.family': 'esp8266',
      'net.other-address': 'none',
    });
  });

  it('stops as soon as it has heard the board', async () => {
    const place = await house();
    const began = place.clock.now();
    await asked(place, mdns);
    expect(place.clock.now() - began).toBeLessThan(1500);
  });

  it('says that a password is wanted, and that the name is not the one in the sketch', async () => {
    const place = await house({ board: { sketch: { hostname: 'my_board', password: new Secret('x') } } });
    const said = valuesOf(await asked(place, mdns, { configured: { name: 'kitchen' } }));
    expect(said).toMatchObject({
      'discovery.auth-upload': 'yes',
      'discovery.name-legal': false,
      'discovery.name-as-configured': false,
    });
  });

  it('says absent where the network keeps multicast back', async () => {
    const place = await house();
    place.network.segment().multicast = 'filtered';
    expect(valuesOf(await asked(place, mdns))).toEqual({ 'discovery.raw-mdns': 'absent' });
  });

  it('says absent of a board without mDNS', async () => {
    const place = await house({ board: { sketch: { mdns: false } } });
    expect(valuesOf(await asked(place, mdns))).toMatchObject({ 'discovery.raw-mdns': 'absent' });
  });

  it('finds a board of that name at another address', async () => {
    const place = await house();
    const answer = await asked(place, mdns, { target: { ...place.target, address: '192.168.1.77' } });
    expect(valuesOf(answer)).toMatchObject({ 'discovery.raw-mdns': 'absent', 'net.other-address': 'other' });
  });

  it('cannot say anything where it cannot listen', async () => {
    const place = await house();
    const deaf = { open: async () => ({ kind: 'denied', detail: 'EPERM' }) as const };
    expect(await asked(place, mdns, { world: { ...place.host, udp: deaf } })).toEqual({
      unable: "this computer can't listen to mDNS (EPERM)",
    });
  });
});

describe('name-resolve', () => {
  it('finds the address of a board that announces itself', async () => {
    expect(valuesOf(await asked(await house(), name))).toEqual({ 'discovery.name-resolves': 'yes' });
  });

  it('says no where neither mDNS nor DNS knows the name', async () => {
    const place = await house({ board: { sketch: { mdns: false } } });
    expect(valuesOf(await asked(place, name))).toEqual({ 'discovery.name-resolves': 'no' });
    place.network.names.set('kitchen', [boardAddress]);
    expect(valuesOf(await asked(place, name))).toEqual({ 'discovery.name-resolves': 'yes' });
  });
});

describe('arp-ping', () => {
  it('sees a board that answers steadily', async () => {
    expect(valuesOf(await asked(await house(), presence))).toEqual({
      'net.ping': 'answered',
      'net.ping-pattern': 'steady',
      'net.arp': 'board',
    });
  });

  it('sees that nobody is there', async () => {
    const place = await house();
    place.node.power(false);
    expect(valuesOf(await asked(place, presence))).toEqual({ 'net.ping': 'silent', 'net.arp': 'silent' });
  });

  it('sees nobody behind client isolation', async () => {
    const place = await house();
    place.network.segment().isolation = true;
    expect(valuesOf(await asked(place, presence))).toEqual({ 'net.ping': 'silent', 'net.arp': 'silent' });
  });

  it('tells a board that is there but filters ping from an absent one', async () => {
    const place = await house();
    place.node.firewall = { echo: 'drop' };
    expect(valuesOf(await asked(place, presence))).toEqual({ 'net.ping': 'silent', 'net.arp': 'board' });
  });

  it('suspects another device at the address', async () => {
    const place = await house({ place: { interfaces: [{ address: boardAddress, mac: '00:1b:21:00:00:01' }] } });
    const answer = await asked(place, presence);
    expect(answer).toContainEqual({ fact: 'net.arp', value: 'other-device', source: 'probe', inferred: true });
  });

  it('notices loss', async () => {
    const place = await house({ seed: 3 });
    place.network.segment().weather = { loss: 0.25, latency: millis(2) };
    expect(valuesOf(await asked(place, presence))).toMatchObject({ 'net.ping': 'lossy' });
  });

  it('notices a radio that sleeps between beacons', async () => {
    const place = await house();
    place.node.link().beacon = millis(204.8);
    expect(valuesOf(await asked(place, presence))).toMatchObject({ 'net.ping-pattern': 'saw-tooth' });
  });

  it('does without ping where this computer has none', async () => {
    const place = await house();
    const world = { ...place.host, ping: { ping: async () => undefined } };
    expect(valuesOf(await asked(place, presence, { world }))).toEqual({ 'net.arp': 'board' });
  });

  it('says so where it can learn nothing', async () => {
    const place = await house();
    const world = {
      ...place.host,
      ping: { ping: async () => undefined },
      neighbours: { table: async () => undefined },
    };
    expect(await asked(place, presence, { world })).toHaveProperty('unable');
  });
});

describe('route-lookup', () => {
  it('finds the board on the network of this computer', async () => {
    expect(valuesOf(await asked(await house(), route))).toEqual({
      'net.source-address': 'device-subnet',
      'net.device-segment': 'same',
      'host.ipv6-on-lan': false,
    });
  });

  it('finds a board on another subnet', async () => {
    const place = await house({ host: { gateway: '192.168.1.1' } });
    const answer = await asked(place, route, { target: { ...place.target, address: '192.168.20.5' } });
    expect(valuesOf(answer)).toMatchObject({ 'net.device-segment': 'routed-subnet' });
    expect(valuesOf(answer)).not.toHaveProperty('net.source-address');
  });

  it.each([
    ['wg0', '10.8.0.2', 'vpn'],
    ['docker0', '172.17.0.1', 'virtual'],
    ['eth1', '192.168.77.2', 'other-lan'],
  ])('says that the invitation leaves by %s', async (link, address, source) => {
    const place = await house({
      host: {
        interfaces: [
          { address, name: link },
          { address: '192.168.88.2', name: 'eth0' },
        ],
        gateway: address.replace(/\d+$/, '254'),
      },
    });
    const answer = await asked(place, route, { target: { ...place.target, address: '192.168.20.5' } });
    expect(valuesOf(answer)).toMatchObject({ 'net.source-address': source });
  });

  it('cannot say where there is no route', async () => {
    const place = await house();
    const answer = await asked(place, route, { target: { ...place.target, address: '10.1.2.3' } });
    expect(answer).toEqual({ unable: 'this computer has no route to 10.1.2.3' });
  });
});

describe('inert-datagram', () => {
  it('says nothing of an open port, and leaves the board ready', async () => {
    const place = await house();
    expect(await asked(place, inert)).toEqual([]);
    expect(valuesOf(await asked(place, dryRun))).toEqual({ 'connectback.largest-called': 4096 });
  });

  it('hears that the port is closed', async () => {
    const place = await house();
    const answer = await asked(place, inert, { target: { ...place.target, port: 3232 } });
    expect(valuesOf(answer)).toEqual({ 'invite.reply': 'port-unreachable' });
  });

  it('says nothing where the datagrams are dropped', async () => {
    const place = await house();
    place.node.firewall = { udp: 'drop' };
    expect(await asked(place, inert, { target: { ...place.target, port: 3232 } })).toEqual([]);
  });
});

describe('tcp-web', () => {
  it('tells an answer from a closed port and from silence', async () => {
    const place = await house();
    expect(valuesOf(await asked(place, web))).toEqual({ 'net.http': 'closed' });
    const page = await place.node.tcp.listen({ port: 80 }, { connection: (one) => one.destroy(), trouble() {} });
    expect(valuesOf(await asked(place, web))).toEqual({ 'net.http': 'answers' });
    if ('close' in page) page.close();
    place.node.firewall = { tcp: 'drop' };
    expect(valuesOf(await asked(place, web))).toEqual({ 'net.http': 'silent' });
  });
});

describe('bind-test', () => {
  it('says how opening the port went', async () => {
    const place = await house();
    expect(valuesOf(await asked(place, bind))).toEqual({ 'listener.bind': 'ok' });
    expect(valuesOf(await asked(place, bind, { hostAddress: '192.168.9.9' }))).toEqual({
      'listener.bind': 'address-not-own',
    });
    const taken = await place.host.tcp.listen({ port: 5000 }, { connection() {}, trouble() {} });
    const answer = await place.clock.run(bind.run(contextOf(place, { hostPort: 5000 })));
    expect(valuesOf(answer)).toEqual({ 'listener.bind': 'in-use' });
    if ('close' in taken) taken.close();
  });
});

describe('environment', () => {
  it('names the system, and nothing it could not see', async () => {
    expect(valuesOf(await asked(await house(), environment))).toEqual({ 'host.os': 'linux' });
    expect(valuesOf(await asked(await house(), environment, { environment: system('macos') }))).toEqual({
      'host.os': 'macos',
    });
  });

  it('knows a virtual machine on the board\u2019s network', async () => {
    const commands = commandsSaying({
      'cat /proc/sys/kernel/osrelease': '6.1.0-18-amd64\n',
      'systemd-detect-virt': 'kvm\n',
    });
    expect(valuesOf(await asked(await house(), environment, { commands }))).toMatchObject({
      'host.confinement': 'vm-bridged',
    });
  });
});

describe('local-network', () => {
  it('is asked on macOS only', async () => {
    expect(await asked(await house(), localNetwork)).toHaveProperty('unable');
  });

  it('takes "no route" beside an answered ping for a denial', () => {
    const seen = { version: '15.3.1\n', pinged: true };
    expect(permissionIn({ ...seen, trouble: 'unreachable' })).toBe('denied');
    expect(permissionIn({ ...seen, trouble: 'refused' })).toBe('granted');
    expect(permissionIn({ ...seen, trouble: undefined })).toBeUndefined();
    expect(permissionIn({ ...seen, pinged: false, trouble: 'unreachable' })).toBeUndefined();
    expect(permissionIn({ ...seen, version: '14.6', trouble: 'unreachable' })).toBeUndefined();
  });

  it('hears from a closed port that the network is open to it', async () => {
    const place = await house();
    const answer = await asked(place, localNetwork, {
      environment: system('macos'),
      commands: commandsSaying({ sw_vers: '15.0\n' }),
      target: { ...place.target, port: 3232 },
    });
    expect(valuesOf(answer)).toEqual({ 'host.local-network-permission': 'granted' });
  });
});

describe('dry-run', () => {
  it('is called back by a board that is well, and leaves it as it was', async () => {
    const place = await house();
    expect(valuesOf(await asked(place, dryRun))).toEqual({ 'connectback.largest-called': 4096 });
    await place.clock.runFor(seconds(20));
    expect(place.board.state).toBe('running');
  });

  it('is not called back through a firewall that drops', async () => {
    const place = await house({ host: { firewall: { tcp: 'drop' } } });
    expect(valuesOf(await asked(place, dryRun))).toEqual({ 'connectback.largest-called': 0 });
  });

  it('says nothing of a board that wants a password', async () => {
    const place = await house({ board: { sketch: { password: new Secret('right') } } });
    expect(await asked(place, dryRun)).toEqual({ unable: 'the board did not agree to it (password-needed)' });
    expect(valuesOf(await asked(place, dryRun, { password: new Secret('right') }))).toMatchObject({
      'connectback.largest-called': 4096,
    });
  });
});

describe('invite', () => {
  const offer = { command: 'sketch', bytes: sketchOf(90_000) } as const;

  it('tells how a board answers that is well', async () => {
    const place = await house();
    const said = valuesOf(await asked(place, invite, { offer }));
    expect(said).toMatchObject({ 'invite.reply': 'ok', 'connectback.tcp': 'accepted' });
    expect(said['invite.latency']).toBeLessThan(100);
  });

  it('tells a wrong password', async () => {
    const place = await house({ board: { sketch: { password: new Secret('right') } } });
    expect(valuesOf(await asked(place, invite, { offer, password: new Secret('wrong') }))).toMatchObject({
      'invite.reply': 'auth',
      'auth.nonce-length': 32,
      'auth.result': 'refused',
    });
  });

  it('does not offer what could reset the board', async () => {
    const place = await house();
    const small = { command: 'sketch', bytes: new Uint8Array(99) } as const;
    expect(await asked(place, invite, { offer: small })).toHaveProperty('unable');
  });
});

describe('invite-pattern', () => {
  it('is always answered by a board that is well', async () => {
    const place = await house({ board: { sketch: { password: new Secret('x') } } });
    expect(valuesOf(await asked(place, invitePattern))).toEqual({ 'invite.pattern': 'always' });
  });

  it('is never answered by an ESP32 whose loop stands still', async () => {
    const blocks = [{ at: millis(0), lasts: 'for-ever' }] as const;
    const place = await house({ board: { core: 'esp32@3.2.0', sketch: { blocks } } });
    expect(valuesOf(await asked(place, invitePattern))).toEqual({ 'invite.pattern': 'never' });
  });

  it.each([
    ['++++++++++', 'always'],
    ['----------', 'never'],
    ['+-+-+-+-+-', 'alternates'],
    ['------++++', 'waits-for-a-free-loop'],
    ['++++-+++++', 'now-and-then-lost'],
    ['++++---+++--', 'bursts'],
    ['+--+-++-+-+--', 'random'],
    ['+-+', undefined],
  ])('%s is %s', (row, pattern) => {
    expect(patternOf([...row].map((mark) => mark === '+'))).toBe(pattern);
  });
});

it('every probe yields what it says it does, in words of the vocabulary', async () => {
  const place = await house();
  for (const probe of hostProbes) {
    const answer = await asked(place, probe, { offer: { command: 'sketch', bytes: sketchOf(90_000) } });
    if ('unable' in answer) continue;
    for (const fact of answer) {
      expect(validateFact(fact), probe.name).toMatchObject({ ok: true });
      expect(probe.yields, probe.name).toContain(fact.fact);
    }
    await place.clock.runFor(seconds(20));
  }
});

it('the address of the host itself is nobody\u2019s board', async () => {
  const place = await house();
  const answer = await asked(place, presence, { target: { ...place.target, address: hostAddress } });
  expect(valuesOf(answer)).not.toHaveProperty('net.arp');
});
