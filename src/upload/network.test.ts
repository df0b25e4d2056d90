import { describe, expect, it } from 'vitest';
import { millis, seconds } from '#values/index.ts';
import { boardAddress, imageFor, limits, scene, strangerAddress, takesTheNextUpload, upload } from './scene.fixture.ts';

describe('an address', () => {
  it('of nobody is reported within the stated time', async () => {
    const house = await scene();
    const to = { address: '192.168.1.77', port: 8266 };
    expect((await upload(house, { to, within: limits.nobodyAnswers })).code).toBe('no-answer');
  });

  it('to which there is no way is reported at once', async () => {
    const house = await scene();
    const { code, took } = await upload(house, { to: { address: '10.9.9.9', port: 8266 } });
    expect(code).toBe('net-device-unreachable');
    expect(took).toBe(0);
  });

  it('that the system says it cannot reach (no answer to ARP) is reported as such', async () => {
    const house = await scene();
    const world = {
      ...house.host,
      udp: {
        open: async (...[options, on]: Parameters<typeof house.host.udp.open>) => {
          const socket = await house.host.udp.open(options, on);
          const send = () => void house.clock.after(seconds(3), 'arp', () => on.trouble(trouble));
          return 'kind' in socket ? socket : { ...socket, send };
        },
      },
    };
    const trouble = { kind: 'unreachable', detail: 'EHOSTUNREACH' } as const;
    const { code, ending } = await upload(house, { world, within: limits.nobodyAnswers });
    expect(code).toBe('net-device-unreachable');
    expect(JSON.stringify(ending)).toContain('EHOSTUNREACH');
  });

  it('of a machine without ArduinoOTA has a closed port', async () => {
    const house = await scene();
    house.network.host({ name: 'printer', interfaces: [{ address: '192.168.1.80' }] });
    const to = { address: '192.168.1.80', port: 8266 };
    expect((await upload(house, { to, within: limits.portClosed })).code).toBe('sk-no-ota-in-running-sketch');
  });

  it('of a board that is off is silent, and the same board is updated once it is on', async () => {
    const house = await scene();
    house.board.powerOff();
    expect((await upload(house, { within: limits.nobodyAnswers })).code).toBe('no-answer');
    house.board.powerCycle();
    await house.clock.runFor(seconds(10));
    await takesTheNextUpload(house);
  });
});

describe('this computer', () => {
  it('that uses the wished port for something else says so, before the board is asked', async () => {
    const house = await scene();
    const other = await house.host.tcp.listen({ port: 48_266 }, { connection() {}, trouble() {} });
    const { code, ending, said } = await upload(house, { hostPort: 48_266 });
    expect(code).toBe('host-listen-failed');
    expect(JSON.stringify(ending)).toContain('port 48266 is used by another program');
    expect(said('invited')).toEqual([]);
    if ('close' in other) other.close();
    await takesTheNextUpload(house, { hostPort: 48_266 });
  });

  it('does not have the wished address', async () => {
    const { code, ending, said } = await upload(await scene(), { hostAddress: '192.168.1.3' });
    expect(code).toBe('host-listen-failed');
    expect(JSON.stringify(ending)).toContain('192.168.1.3 is not an address of this computer');
    expect(said('invited')).toEqual([]);
  });

  it.each(['esp8266@3.1.2', 'esp32@3.2.0', 'rp2040@6.0.0'])(
    'that drops the call of %s is told from a refusal: asked again, the board answers only after its connect timeout',
    async (core) => {
      const house = await scene({ core, host: { firewall: { tcp: 'drop' } } });
      const { delivery, code } = await upload(house, { within: limits.noCall });
      expect(delivery).toEqual({ kind: 'no-call', again: 'after-connect-timeout' });
      expect(code).toBe('no-call-back');
      house.host.firewall = {};
      await house.clock.runFor(seconds(10));
      await takesTheNextUpload(house);
    },
  );

  it('that drops the call of a 2.3.0, which calls for ever, hears nothing when it asks again', async () => {
    const house = await scene({ core: 'esp8266@2.3.0', host: { firewall: { tcp: 'drop' } } });
    const { delivery } = await upload(house, { within: limits.noCall });
    expect(delivery).toEqual({ kind: 'no-call', again: 'never' });
  });

  it('that rejects the call frees the board at once, and does not blame its space where the core would have said so', async () => {
    const house = await scene({ host: { firewall: { tcp: 'reject' } } });
    const { ending, code } = await upload(house, {
      knowledge: { family: 'esp8266', core: '3.1.2' },
      within: limits.noCall,
    });
    expect(code).toBe('no-call-back');
    expect(ending).toMatchObject({ problem: { why: expect.stringContaining('refused its call'), blame: 'network' } });
    house.host.firewall = {};
    await takesTheNextUpload(house);
  });

  it('with the firewall open for one port is called there', async () => {
    const allow = [{ protocol: 'tcp', port: 48_266 }] as const;
    const house = await scene({ host: { firewall: { tcp: 'drop', udp: 'drop', allow } } });
    expect((await upload(house, { hostPort: 48_266 })).ending.kind).toBe('stored');
  });
});

describe('a computer with two networks', () => {
  const interfaces = [{ address: '10.8.0.2', segment: 'vpn' }, { address: '192.168.1.2' }];

  it('invites from the one that the board is on', async () => {
    expect((await upload(await scene({ host: { interfaces } }))).ending.kind).toBe('stored');
  });

  it('gets no answer to an invitation that was sent from the wrong one', async () => {
    const house = await scene({ host: { interfaces } });
    const { code } = await upload(house, { hostAddress: '10.8.0.2', within: limits.nobodyAnswers });
    expect(code).toBe('no-answer');
    await house.clock.runFor(seconds(60));
    expect((await upload(house, { hostAddress: '192.168.1.2' })).ending.kind).toBe('stored');
  });
});

describe('between host and board', () => {
  it('NAT lets the invitation out and the call not in', async () => {
    const house = await scene({
      host: { interfaces: [{ address: '172.17.0.2', segment: 'bridge' }], gateway: '172.17.0.1' },
    });
    house.network.router({
      name: 'docker',
      nat: 'lan',
      interfaces: [{ address: '172.17.0.1', segment: 'bridge' }, { address: '192.168.1.9' }],
    });
    const { delivery, code } = await upload(house, { within: limits.noCall });
    expect(delivery).toEqual({ kind: 'no-call', again: 'after-connect-timeout' });
    expect(code).toBe('no-call-back');
  });

  it('Wi-Fi that sleeps between beacons only slows the upload', async () => {
    const place = { interfaces: [{ address: boardAddress, link: { beacon: millis(307.2) } }] };
    const house = await scene({ place, board: { sketch: { wifiSleep: millis(300) } } });
    expect((await upload(house)).ending.kind).toBe('stored');
  });

  it.each(['esp8266@2.3.0', 'esp8266@3.1.2', 'esp32@3.2.0', 'rp2040@6.0.0'])(
    'loss, duplicates and disorder are survived by %s',
    async (core) => {
      const weather = { latency: millis(3), jitter: millis(10), loss: 0.01, duplicate: 0.1, reorder: 0.1 };
      for (let seed = 1; seed <= 5; seed++) {
        const house = await scene({ core, weather, seed });
        expect((await upload(house, { attempts: 5 })).ending.kind, `seed ${seed}`).toBe('stored');
        await house.clock.runFor(seconds(60));
        expect(house.board.program?.build).toBe('new');
      }
    },
  );

  it('a goodbye of the board that is lost after its OK leaves no connection open', async () => {
    const house = await scene();
    const { ending } = await upload(house, {
      watch(event) {
        if (event.kind === 'verdict') house.network.segment().weather = { loss: 1 };
      },
    });
    expect(ending.kind).toBe('stored');
  });

  it('a one-way link is silence', async () => {
    const house = await scene();
    house.place.link().out = { loss: 1 };
    expect((await upload(house, { within: limits.nobodyAnswers })).code).toBe('no-answer');
  });

  it('a link that breaks in the middle is a stall; a second try succeeds when it is back', async () => {
    const house = await scene({ core: 'esp32@3.2.0' });
    const file = imageFor('esp32@3.2.0', { bytes: 600_000 });
    let broken = false;
    const { ending, said } = await upload(house, {
      file,
      attempts: 3,
      watch: (event) => {
        if (event.kind !== 'acknowledged' || event.bytes < 100_000 || broken) return;
        broken = true;
        house.network.segment().weather = { loss: 1 };
        house.clock.after(seconds(32), 'link back', () => {
          house.network.segment().weather = { latency: millis(2) };
        });
      },
    });
    expect(ending.kind).toBe('stored');
    expect(said('connected')).toHaveLength(2);
  });
});

describe('a stranger that connects first', () => {
  it('is turned away and told of, and the upload works all the same', async () => {
    const house = await scene();
    const stranger = house.network.host({ name: 'stranger', interfaces: [{ address: strangerAddress }] });
    let ended: string | undefined;
    const { ending, said } = await upload(house, {
      hostPort: 48_266,
      watch(event) {
        if (event.kind !== 'listening') return;
        const call = stranger.tcp.connect(
          { address: '192.168.1.2', port: 48_266 },
          {},
          {
            connected: () => call.write(new TextEncoder().encode('OK')),
            readable() {},
            ended: () => {
              ended ??= 'end';
              call.destroy();
            },
            closed: () => {
              ended ??= 'closed';
            },
          },
        );
      },
    });
    expect(ending.kind).toBe('stored');
    expect(said('stranger')).toMatchObject([{ address: strangerAddress }]);
    expect(ended).toBeDefined();
  });

  it('is told of a few times only, however often it calls', async () => {
    const house = await scene();
    const stranger = house.network.host({ name: 'stranger', interfaces: [{ address: strangerAddress }] });
    const { ending, said } = await upload(house, {
      hostPort: 48_266,
      watch(event) {
        if (event.kind !== 'listening') return;
        const to = { address: '192.168.1.2', port: 48_266 };
        for (let i = 0; i < 200; i++) {
          const call = stranger.tcp.connect(to, {}, { readable() {}, ended: () => call.destroy(), closed() {} });
        }
      },
    });
    expect(ending.kind).toBe('stored');
    expect(said('stranger').length).toBeLessThanOrEqual(5);
  });
});
