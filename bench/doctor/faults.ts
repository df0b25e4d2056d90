// What can go wrong in the virtual world, each as a change to a healthy house. How often each is drawn is how often the doctor's
// own data say that it is met.

import { gzipFor } from '#firmware/index.ts';
import { makeEsp32Image, makeLittleFs, makeMerged, makePartitionTable } from '#firmware/make.ts';
import type { FactName } from '#values/facts.ts';
import { ascii, millis } from '#values/index.ts';
import { between, type Case, chance, imageOf, lanBoard, lanHost, MB, pick } from './case.ts';
import { toolFaults } from './tool-faults.ts';

export interface Fault {
  /** The cause that it stands for. */
  readonly id: string;
  readonly suits?: (c: Case) => boolean;
  readonly bend: (c: Case) => void;
  /** Other names that are as true of it: the sum says the same, whatever the chip's real size. */
  readonly alsoTrue?: readonly string[];
  /** Experiments that make the upload work. */
  readonly cures?: readonly FactName[];
  /** It ends the story before anything is sent; no second fault shows beside it. */
  readonly alone?: true;
}

const on =
  (...families: readonly Case['family'][]) =>
  (c: Case) =>
    families.includes(c.family);

const host: readonly Fault[] = [
  ...(['linux', 'windows', 'macos'] as const).map(
    (os): Fault => ({
      id: `host-firewall-${os}`,
      suits: (c) => c.os === os,
      cures: ['trial.firewall-off', 'trial.other-host'],
      bend(c) {
        c.filter = chance(c.random, 0.65) ? 'drops' : 'not told';
        c.host.firewall = { tcp: 'drop' };
        c.answers['history.changed'] = pick(c.random, ['firewall-or-antivirus', 'os', 'nothing', 'router']);
      },
    }),
  ),
  {
    id: 'host-listen-failed',
    cures: ['trial.other-host', 'trial.other-tool'],
    bend(c) {
      if (chance(c.random, 0.5)) c.hostAddress = '192.168.1.3';
      else {
        c.hostPort = 48_266;
        c.arrange.push(({ host }) => void host.tcp.listen({ port: 48_266 }, { connection() {}, trouble() {} }));
      }
    },
  },
  {
    id: 'host-multihomed-source',
    cures: ['trial.other-host', 'trial.other-network'],
    bend(c) {
      c.host.interfaces = [
        { name: pick(c.random, ['tun0', 'wg0', 'utun4']), address: '10.8.0.2', segment: 'vpn' },
        { name: 'wlan0', address: lanHost, prefix: 32 },
      ];
      c.host.gateway = '10.8.0.1';
      c.arrange.push(({ network }) =>
        network.router({
          name: 'vpn',
          nat: 'lan',
          interfaces: [{ address: '10.8.0.1', segment: 'vpn' }, { address: '192.168.1.8' }],
        }),
      );
    },
  },
  {
    id: 'host-nat-vm-or-container',
    suits: (c) => c.os === 'linux',
    cures: ['trial.other-host'],
    bend(c) {
      c.enclosed = pick(c.random, ['docker', 'wsl', 'vm'] as const);
      const [inside, gateway] = {
        docker: ['172.17.0.2', '172.17.0.1'],
        wsl: ['172.28.80.2', '172.28.80.1'],
        vm: ['10.0.2.15', '10.0.2.2'],
      }[c.enclosed];
      c.host.interfaces = [{ name: 'eth0', address: inside!, segment: 'inside' }];
      c.host.gateway = gateway!;
      c.arrange.push(({ network }) =>
        network.router({
          name: 'hypervisor',
          nat: 'lan',
          interfaces: [{ address: gateway!, segment: 'inside' }, { address: '192.168.1.9' }],
        }),
      );
    },
  },
];

/** The computer in a network of its own behind a router. */
function elsewhere(c: Case, nat: boolean): void {
  c.host.interfaces = [{ name: 'eth0', address: '192.168.2.2', segment: 'office' }];
  c.host.gateway = '192.168.2.1';
  c.place.gateway = '192.168.1.1';
  c.arrange.push(({ network }) =>
    network.router({
      name: 'router',
      ...(nat ? { nat: 'lan' } : {}),
      interfaces: [{ address: '192.168.2.1', segment: 'office' }, { address: '192.168.1.1' }],
    }),
  );
}

const net: readonly Fault[] = [
  {
    id: 'net-device-unreachable',
    bend(c) {
      if (chance(c.random, 0.4)) {
        c.invitedAddress = '192.168.1.66';
        c.answers['history.changed'] = pick(c.random, ['address', 'router', 'nothing']);
      } else c.arrange.push(({ board }) => board.powerOff());
      c.answers['net.from-elsewhere'] = 'unreachable';
      c.answers['history.worked-before'] = 'regularly';
    },
  },
  {
    id: 'net-client-isolation',
    cures: ['trial.other-network'],
    bend(c) {
      c.rules.isolation = true;
      c.answers['net.from-elsewhere'] = 'unreachable';
      c.answers['running.server-link'] = 'up';
    },
  },
  {
    id: 'net-routed-subnet',
    cures: ['trial.other-host', 'trial.other-network'],
    bend(c) {
      elsewhere(c, false);
      // The router's rule: nothing comes from the boards' network to the computers'.
      c.host.firewall = { tcp: 'drop' };
    },
  },
  { id: 'net-nat-between', cures: ['trial.other-network'], bend: (c) => elsewhere(c, true) },
  {
    id: 'net-weak-signal',
    cures: ['trial.closer'],
    bend(c) {
      const loss = 0.3 + c.random() * 0.25;
      c.place.interfaces = [
        { address: lanBoard, link: { in: { loss, jitter: millis(80) }, out: { loss, jitter: millis(80) } } },
      ];
      c.newBytes = between(c.random, 180_000, 260_000);
      if (c.family === 'esp8266') c.layout = '4M2M';
    },
  },
  {
    id: 'net-ip-conflict-or-reservation',
    bend(c) {
      c.arrange.push(({ network, node }) => {
        network.host({ name: 'printer', interfaces: [{ address: lanBoard, mac: '3c:2a:f4:10:20:30' }] });
        // The table of neighbours has the printer; the board answers later.
        node.link().out = { loss: 0.5 };
      });
    },
  },
  {
    id: 'net-softap-only',
    bend(c) {
      c.place.interfaces = [{ address: '192.168.4.1', segment: 'board' }];
      // Tried at the address that the board prints, or at the one that it once had.
      if (chance(c.random, 0.5)) c.invitedAddress = lanBoard;
      c.traits.accessPoint = true;
      c.traits.joins = false;
      c.answers['discovery.listed'] = 'no';
      c.answers['running.wifi-mode'] = 'ap';
    },
  },
];

const tool: readonly Fault[] = [
  {
    id: 'tool-wrong-ota-port',
    bend(c) {
      if (chance(c.random, 0.5)) {
        c.port = pick(c.random, [8288, 3300, 8267]);
        c.traits.port = c.port;
        c.invitedPort = { esp8266: 8266, esp32: 3232, rp2040: 2040 }[c.family];
      } else c.invitedPort = c.family === 'esp8266' ? 3232 : 8266;
    },
  },
  {
    id: 'tool-wrong-artifact',
    cures: ['trial.other-file'],
    bend(c) {
      const kind = pick(c.random, ['elf', 'hex', 'table'] as const);
      c.file = () => {
        if (kind === 'hex') return ascii(':020000040000FA\n:10000000FFFFFFFF\n'.repeat(400));
        if (kind === 'table') return makePartitionTable('default');
        const bytes = new Uint8Array(60_000).fill(0x11);
        bytes.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1, 0]);
        return bytes;
      };
    },
  },
];

const auth: readonly Fault[] = [
  {
    id: 'auth-wrong-password',
    bend(c) {
      c.password = { board: 'stone', given: pick(c.random, ['stones', 'moon', 'Stone']) };
      c.traits.password = 'plain';
      if (chance(c.random, 0.4)) c.answers['history.changed'] = 'password';
    },
    cures: ['trial.without-password'],
  },
  {
    id: 'auth-hash-format',
    suits: (c) => c.family === 'esp8266' && c.core < '2.5',
    cures: ['trial.without-password'],
    bend(c) {
      c.password = { board: 'not what you think', given: 'admin' };
      c.traits.password = 'upper-case-hash';
      c.given.sketch = true;
    },
  },
];

/** The time that loop() stands still, over and over. */
const stands = (c: Case, lasts: number, free: number): void => {
  c.sketch.blocks = Array.from({ length: 60 }, (_, i) => ({
    at: millis(500 + i * (lasts + free)),
    lasts: millis(lasts),
  }));
};
const beforeTheLoop = 8000;

const sketch: readonly Fault[] = [
  {
    id: 'sk-begin-not-reached',
    bend(c) {
      c.sketch.startDelay = 'for-ever';
      c.traits.begin = 'after-server';
      c.traits.server = 'timed';
      c.answers['running.server-link'] = 'down';
      c.answers['serial.last-sign'] = 'server-connect';
    },
    cures: ['trial.server-up', 'trial.minimal-sketch'],
  },
  {
    id: 'sk-no-ota-in-running-sketch',
    bend(c) {
      c.sketch.startDelay = 'for-ever';
      // The sketch at hand is often the new one, with OTA in it.
      if (chance(c.random, 0.6)) c.traits.ota = false;
      c.answers['history.worked-before'] = pick(c.random, ['once', 'once', 'never']);
    },
  },
  {
    id: 'sk-handle-missing-or-once',
    cures: ['trial.minimal-sketch'],
    bend(c) {
      c.sketch.handles = false;
      c.traits.handle = pick(c.random, ['missing', 'setup'] as const);
      c.answers['history.worked-before'] = 'never';
    },
  },
  {
    id: 'sk-handle-gated',
    cures: ['trial.minimal-sketch'],
    bend(c) {
      c.sketch.handles = false;
      c.traits.handle = 'gated';
    },
  },
  {
    id: 'sk-loop-blocked',
    cures: ['trial.right-after-reset', 'trial.minimal-sketch'],
    bend(c) {
      const lasts = pick(c.random, [20_000, 30_000, 60_000]);
      stands(c, lasts, 30);
      c.traits.delay = lasts;
      c.answers['history.worked-before'] = 'a-few-times';
    },
  },
  {
    id: 'sk-cloud-reconnect-starves',
    cures: ['trial.right-after-reset', 'trial.server-up', 'trial.minimal-sketch'],
    bend(c) {
      c.sketch.blocks = [{ at: millis(between(c.random, 1500, beforeTheLoop - 1000)), lasts: 'for-ever' }];
      c.traits.server = 'waited-for';
      c.answers['running.server-link'] = 'down';
      c.answers['history.worked-before'] = 'a-few-times';
    },
  },
  {
    id: 'sk-callback-too-heavy',
    cures: ['trial.minimal-sketch'],
    bend(c) {
      c.sketch.onStart = 'for-ever';
      c.traits.heavyProgress = true;
    },
  },
];

const device: readonly Fault[] = [
  {
    id: 'dev-not-reset-after-serial',
    suits: on('esp8266'),
    cures: ['trial.after-power-cycle'],
    bend(c) {
      c.serialFlashed = true;
      c.answers['history.wire-since-power-on'] = true;
      c.answers['history.worked-before'] = pick(c.random, ['never', 'once']);
    },
  },
  {
    id: 'dev-isr-in-flash',
    cures: ['trial.minimal-sketch'],
    bend(c) {
      (c.faults as { resetAfter?: number }).resetAfter = between(c.random, 1000, 9000);
      c.traits.interrupt = 'in-flash';
      c.answers['serial.crash'] = c.family === 'esp32' ? 'cache-disabled' : 'illegal-instruction';
    },
  },
  {
    id: 'dev-heap-exhausted',
    suits: (c) => c.family === 'esp8266' && c.core >= '3.1',
    cures: ['trial.right-after-reset', 'trial.minimal-sketch'],
    bend: (c) => void Object.assign(c.faults, { heapExhausted: true }),
  },
  {
    id: 'dev-boot-copy-failed',
    suits: on('esp8266'),
    bend(c) {
      // The power goes while the boot loader copies.
      Object.assign(c.faults, { powerLossAfter: c.newBytes + between(c.random, 20_000, 60_000) });
    },
  },
];

/** Sizes with which two copies do not fit, and the flash they were built for. */
function twoCopies(c: Case, layout: string, from: number, to: number): void {
  c.layout = layout;
  c.newBytes = between(c.random, from, to);
  c.runningBytes = c.newBytes - between(c.random, 0, 3000);
  c.answers['history.changed'] = pick(c.random, ['sketch-size', 'sketch-code', 'nothing']);
}

const image: readonly Fault[] = [
  {
    id: 'img-8266-two-copies-dont-fit',
    suits: on('esp8266'),
    cures: ['trial.smaller-image'],
    bend: (c) => twoCopies(c, '1M512', 253_952, 300_000),
  },
  {
    id: 'img-1m-outgrown',
    alsoTrue: ['img-8266-two-copies-dont-fit'],
    suits: on('esp8266'),
    cures: ['trial.smaller-image'],
    bend(c) {
      twoCopies(c, '1M64', 486_000, 520_000);
      c.answers['history.worked-before'] = 'until-a-change';
    },
  },
  {
    id: 'img-flash-size-declared-too-small',
    alsoTrue: ['img-8266-two-copies-dont-fit'],
    suits: on('esp8266'),
    cures: ['trial.smaller-image'],
    bend(c) {
      twoCopies(c, '1M512', 253_952, 300_000);
      c.flashBytes = 4 * MB;
    },
  },
  {
    id: 'img-flash-size-declared-too-big',
    suits: (c) => c.family === 'esp8266' && c.core < '3',
    bend(c) {
      c.layout = pick(c.random, ['4M1M', '4M2M', '4M3M']);
      c.flashBytes = MB;
    },
  },
  {
    id: 'img-new-image-flash-size-too-big',
    suits: (c) => c.family === 'esp8266' && c.core < '3',
    bend(c) {
      c.layout = '1M64';
      c.file = () => imageOf(c, c.newBytes, 'new', 4 * MB);
    },
  },
  {
    id: 'img-esp32-no-ota-slot',
    suits: on('esp32'),
    bend(c) {
      c.layout = pick(c.random, ['huge_app', 'no_ota']);
    },
  },
  {
    id: 'img-esp32-larger-than-slot',
    suits: on('esp32'),
    cures: ['trial.smaller-image'],
    bend(c) {
      c.newBytes = between(c.random, 1_315_000, 1_420_000);
      c.answers['history.changed'] = pick(c.random, ['sketch-size', 'library', 'sketch-code']);
    },
  },
  {
    id: 'img-bad-magic',
    cures: ['trial.other-file'],
    bend(c) {
      const page = chance(c.random, 0.5);
      c.file = () =>
        page ? ascii(`<!DOCTYPE html><html>${'<p>404</p>'.repeat(900)}</html>`) : new Uint8Array(30_000).fill(0x5a);
    },
  },
  {
    id: 'img-merged-image',
    suits: on('esp32'),
    cures: ['trial.other-file'],
    bend(c) {
      c.file = () => makeMerged({ chip: c.chip, bytes: c.newBytes, build: 'new', flashBytes: 2 * MB });
    },
  },
  {
    id: 'img-wrong-chip',
    cures: ['trial.other-file'],
    bend(c) {
      c.file = () =>
        c.family === 'esp32'
          ? makeEsp32Image({ chip: c.chip === 'esp32-c3' ? 'esp32' : 'esp32-c3', bytes: c.newBytes, build: 'new' })
          : c.family === 'esp8266'
            ? makeEsp32Image({ chip: 'esp32', bytes: c.newBytes, build: 'new' })
            : imageOf({ ...c, family: 'esp8266', core: '3.1.2' }, c.newBytes, 'new');
    },
  },
  {
    id: 'img-gzip-unsupported',
    suits: (c) => c.family === 'esp8266' && c.core < '2.7',
    cures: ['trial.other-file'],
    bend(c) {
      c.file = () => gzipFor(imageOf(c, c.newBytes, 'new')).bytes;
    },
  },
  {
    id: 'img-signature',
    suits: (c) => c.family === 'esp8266' && c.core >= '2.5',
    bend(c) {
      c.sketch.verifiesSignature = true;
    },
  },
  {
    id: 'img-fs-image-too-big',
    suits: on('esp8266'),
    cures: ['trial.other-command'],
    bend(c) {
      c.layout = '1M64';
      c.command = 'filesystem';
      c.file = () => makeLittleFs(192 * 1024);
    },
  },
  {
    id: 'hw-flash-chip-fault',
    cures: ['trial.other-board'],
    bend(c) {
      const first = c.family === 'esp32' ? 0x150000 : 0;
      const sectors = Array.from({ length: 1024 }, (_, i) => i).filter(
        (i) => i * 4096 >= Math.max(first, c.runningBytes + 4096),
      );
      Object.assign(c.faults, { wornSectors: sectors });
    },
  },
];

export const faults: readonly Fault[] = [
  ...host,
  ...net,
  ...tool,
  ...auth,
  ...sketch,
  ...device,
  ...image,
  ...toolFaults,
];
