/** What can be asked, as data: of this computer, the network and the board, of files, of a person; each with its price. probes/
 *  run those of the host. */
import type { FactName } from '#values/facts.ts';

/** What a question does to the board: nothing; it makes it act, and its sketch notices; or it goes to the person. */
export type Risk = 'harmless' | 'acts' | 'asks';

type Need = 'address' | 'name' | 'file' | 'sketch' | 'wire' | 'second-host' | 'privilege' | 'person' | 'password';

/** One question with its price. */
export interface Probe {
  readonly name: string;
  readonly asks: string;
  /** Seconds that it takes at most; for a person, what their trouble is worth. */
  readonly cost: number;
  readonly risk: Risk;
  readonly needs: readonly Need[];
  /** It sends to the OTA port. */
  readonly touchesOta?: true;
  readonly yields: readonly FactName[];
}

/** Those that probes/ can run. */
export const hostQuestions = {
  'bind-test': {
    asks: 'can the port for the call back be opened?',
    cost: 0.1,
    risk: 'harmless',
    needs: [],
    yields: ['listener.bind'],
  },
  environment: {
    asks: 'what is this computer, and what encloses this program?',
    cost: 2,
    risk: 'harmless',
    needs: [],
    yields: ['host.os', 'host.confinement'],
  },
  'route-lookup': {
    asks: 'through which network card does the invitation leave?',
    cost: 1,
    risk: 'harmless',
    needs: ['address'],
    yields: ['net.source-address', 'net.device-segment', 'host.ipv6-on-lan'],
  },
  'name-resolve': {
    asks: 'does the name lead to an address?',
    cost: 5,
    risk: 'harmless',
    needs: ['name'],
    yields: ['discovery.name-resolves'],
  },
  'arp-ping': {
    asks: 'is the board there, and how well does it answer?',
    cost: 9,
    risk: 'harmless',
    needs: ['address'],
    yields: ['net.arp', 'net.ping', 'net.ping-pattern'],
  },
  'mdns-browse': {
    asks: 'does the board announce itself, on which port, with a password?',
    cost: 5,
    risk: 'harmless',
    needs: ['address'],
    yields: [
      'discovery.raw-mdns',
      'discovery.auth-upload',
      'discovery.name-legal',
      'discovery.name-as-configured',
      'discovery.answers-over',
      'net.other-address',
      'board.ota-port',
      'board.family',
      'board.chip',
    ],
  },
  'inert-datagram': {
    asks: 'does anything listen on the update port?',
    cost: 1.5,
    risk: 'harmless',
    needs: ['address'],
    touchesOta: true,
    yields: ['invite.reply'],
  },
  'tcp-web': {
    asks: 'does a web page of the sketch answer?',
    cost: 3.5,
    risk: 'harmless',
    needs: ['address'],
    yields: ['net.http'],
  },
  firewall: {
    asks: "does a filter of this computer turn the board's call away?",
    cost: 8,
    risk: 'harmless',
    needs: ['address'],
    yields: ['host.firewall.inbound', 'host.network-category'],
  },
  'local-network': {
    asks: 'may this program reach the local network?',
    cost: 4,
    risk: 'harmless',
    needs: ['address'],
    touchesOta: true,
    yields: ['host.local-network-permission'],
  },
  'dry-run': {
    asks: 'does the board call back for a small update?',
    cost: 12,
    risk: 'acts',
    needs: ['address'],
    touchesOta: true,
    yields: ['connectback.largest-called'],
  },
  'invite-pattern': {
    asks: 'which of a dozen invitations does the board answer?',
    cost: 13,
    risk: 'acts',
    needs: ['address'],
    touchesOta: true,
    yields: ['invite.pattern'],
  },
  invite: {
    asks: 'how does the board answer an invitation?',
    cost: 22,
    risk: 'acts',
    needs: ['address', 'file'],
    touchesOta: true,
    yields: [
      'invite.sent',
      'invite.reply',
      'invite.latency',
      'invite.again-after-ok',
      'auth.nonce-length',
      'auth.result',
      'auth.accepted-form',
      'connectback.tcp',
      'device.error',
    ],
  },
} as const satisfies Readonly<Record<string, Omit<Probe, 'name'>>>;

const question = (name: FactName, asks: string, cost = 30): Probe => ({
  name,
  asks,
  cost,
  risk: 'asks',
  needs: ['person'],
  yields: [name],
});

/** Files to look at, and what takes a wire, a second computer or rights. */
const others: readonly Probe[] = [
  {
    name: 'image-inspect',
    asks: 'what is in the file?',
    cost: 0.1,
    risk: 'harmless',
    needs: ['file'],
    yields: ['image.kind', 'image.intact', 'image.chip', 'image.flash-mode', 'image.signature'],
  },
  {
    name: 'sketch-lint',
    asks: 'what does the sketch do?',
    cost: 0.3,
    risk: 'harmless',
    needs: ['sketch'],
    yields: [
      'sketch.lint.blocking-cloud-loop',
      'sketch.lint.handle-missing',
      'sketch.lint.long-delay',
      'sketch.lint.isr-not-iram',
      'sketch.lint.begin-before-wifi',
      'sketch.lint.ota-begin-after-blocker',
    ],
  },
  {
    name: 'post-check',
    asks: 'did the board restart, and what runs now?',
    cost: 60,
    risk: 'harmless',
    needs: ['address'],
    yields: ['after.restart', 'after.running-build'],
  },
  {
    name: 'listener-selftest',
    asks: 'can another machine call this computer back?',
    cost: 20,
    risk: 'harmless',
    needs: ['second-host'],
    yields: ['listener.from-peer'],
  },
  {
    name: 'packet-capture',
    asks: "does the board's call reach this computer?",
    cost: 15,
    risk: 'harmless',
    needs: ['privilege'],
    yields: ['connectback.syn'],
  },
  {
    name: 'serial-log',
    asks: 'what does the board say on its serial line?',
    cost: 90,
    risk: 'harmless',
    needs: ['wire'],
    yields: [
      'serial.first-error',
      'serial.start-reached',
      'serial.last-sign',
      'serial.boot-mode',
      'serial.reset-reason',
      'serial.eboot',
      'serial.crash',
    ],
  },
];

/** Questions and experiments for a person. */
const persons: readonly Probe[] = [
  question('history.wire-since-power-on', 'Was the board flashed by cable and not reset since?', 10),
  question('history.worked-before', 'Has it ever worked over the air?', 10),
  question('discovery.listed', 'Does the IDE list the board as a port?', 10),
  question('running.server-link', 'Does the app or server show the board as online?', 10),
  question('person.parts-on-boot-pins', 'Is anything wired to GPIO0, GPIO2 or GPIO15 (ESP32: 0, 2, 5, 12, 15)?', 15),
  question('person.parts-near-antenna', 'Is metal, a battery or a display next to the antenna?', 15),
  question('net.from-elsewhere', 'Does a phone on the same Wi-Fi reach the board?', 60),
  question('trial.right-after-reset', 'Press reset and upload at once: does it work?', 40),
  question('trial.after-power-cycle', 'Switch the power off and on once: does it work then?', 40),
  question('trial.by-address', 'Upload to the numeric address: does it work?', 40),
  question('trial.at-once-again', 'Upload twice within seconds: does the second one work?', 30),
  question('trial.firewall-off', 'Switch the firewall off for one upload: does it work?', 60),
  question('trial.smaller-image', 'Send the BasicOTA example: does it arrive?', 90),
  question('trial.other-network', 'Put both on a phone hotspot: does it work?', 180),
  question('trial.closer', 'Bring the board next to the access point: does it work?', 120),
  question('trial.other-host', 'Upload from another computer: does it work?', 300),
  question('trial.other-supply', 'Feed it from a strong supply: does it work?', 180),
  question('trial.other-file', 'Send the .bin next to the .elf: does it work?', 60),
  question('trial.other-tool', 'Upload with another tool: does it work?', 120),
  question('trial.tool-restarted', 'Restart the IDE: does it work then?', 40),
  question('trial.peripheral-off', 'Unplug the sensor or driver: does it work?', 90),
  question('trial.without-password', 'Take the password out of the sketch: does it work?', 300),
];

export const probes: readonly Probe[] = [
  ...Object.entries(hostQuestions).map(([name, rest]): Probe => ({ name, ...rest })),
  ...others,
  ...persons,
];
