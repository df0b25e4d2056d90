/** The next question: the probe that is expected to separate what is left for the least cost. */
import { type Fact, type FactName, fact, vocabulary } from '#values/facts.ts';
import { causes as allCauses } from './causes/index.ts';
import { derive } from './derive.ts';
import { Seen } from './seen.ts';
import { probabilities, type Weighed, weigh } from './weigh.ts';

/** What a probe does to the board: nothing; it makes it act; or it asks the person. */
export type Risk = 'none' | 'acts' | 'asks';

/** One question with its price. What runs it is built elsewhere and goes by the same name. */
export interface Probe {
  readonly name: string;
  readonly asks: string;
  /** Seconds that it takes; for a person, what their trouble is worth. */
  readonly cost: number;
  readonly risk: Risk;
  readonly needs: readonly (
    | 'address'
    | 'name'
    | 'file'
    | 'sketch'
    | 'wire'
    | 'second-host'
    | 'privilege'
    | 'person'
    | 'password'
  )[];
  readonly yields: readonly FactName[];
}

const question = (name: FactName, asks: string, cost = 30): Probe => ({
  name,
  asks,
  cost,
  risk: 'asks',
  needs: ['person'],
  yields: [name],
});

/** The probes of failures.md with their costs, cheapest first; then questions and experiments for a person. */
export const probes: readonly Probe[] = [
  {
    name: 'image-inspect',
    asks: 'what is in the file?',
    cost: 0.1,
    risk: 'none',
    needs: ['file'],
    yields: ['image.kind', 'image.intact', 'image.chip', 'image.flash-mode', 'image.signature'],
  },
  {
    name: 'sketch-lint',
    asks: 'what does the sketch do?',
    cost: 0.3,
    risk: 'none',
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
    name: 'environment',
    asks: 'what is this computer, and does it filter?',
    cost: 1,
    risk: 'none',
    needs: [],
    yields: ['host.firewall.inbound', 'host.confinement', 'host.network-category', 'tool.interpreter'],
  },
  {
    name: 'bind-test',
    asks: 'can the port for the call back be opened?',
    cost: 0.1,
    risk: 'none',
    needs: [],
    yields: ['listener.bind'],
  },
  {
    name: 'route-lookup',
    asks: 'through which network card does the invitation leave?',
    cost: 0.2,
    risk: 'none',
    needs: ['address'],
    yields: ['net.source-address', 'net.device-segment'],
  },
  {
    name: 'name-resolve',
    asks: 'does the name lead to an address?',
    cost: 2,
    risk: 'none',
    needs: ['name'],
    yields: ['discovery.name-resolves'],
  },
  {
    name: 'arp-ping',
    asks: 'is the board there, and how well does it answer?',
    cost: 4,
    risk: 'none',
    needs: ['address'],
    yields: ['net.arp', 'net.ping', 'net.ping-pattern'],
  },
  {
    name: 'mdns-browse',
    asks: 'does the board announce itself, on which port, with a password?',
    cost: 3,
    risk: 'none',
    needs: [],
    yields: [
      'discovery.raw-mdns',
      'discovery.auth-upload',
      'discovery.name-legal',
      'discovery.answers-over',
      'board.ota-port',
    ],
  },
  {
    name: 'inert-datagram',
    asks: 'does anything listen on the update port?',
    cost: 1,
    risk: 'none',
    needs: ['address'],
    yields: ['invite.reply'],
  },
  {
    name: 'invite',
    asks: 'how does the board answer an invitation?',
    cost: 3,
    risk: 'acts',
    needs: ['address', 'file'],
    yields: ['invite.reply', 'invite.latency', 'device.error'],
  },
  {
    name: 're-invite',
    asks: 'when is the board ready again after its OK?',
    cost: 15,
    risk: 'acts',
    needs: ['address', 'file'],
    yields: ['invite.again-after-ok', 'invite.pattern'],
  },
  {
    name: 'dry-run',
    asks: 'up to which size does the board call back?',
    cost: 12,
    risk: 'acts',
    needs: ['address'],
    yields: ['connectback.largest-called'],
  },
  {
    name: 'auth-handshake',
    asks: 'which form of the password does the board take?',
    cost: 3,
    risk: 'acts',
    needs: ['address', 'password'],
    yields: ['auth.nonce-length', 'auth.result', 'auth.accepted-form'],
  },
  {
    name: 'post-check',
    asks: 'did the board restart, and what runs now?',
    cost: 60,
    risk: 'none',
    needs: ['address'],
    yields: ['after.restart', 'after.running-build'],
  },
  {
    name: 'listener-selftest',
    asks: 'can another machine call this computer back?',
    cost: 20,
    risk: 'none',
    needs: ['second-host'],
    yields: ['listener.from-peer'],
  },
  {
    name: 'packet-capture',
    asks: "does the board's call reach this computer?",
    cost: 15,
    risk: 'none',
    needs: ['privilege'],
    yields: ['connectback.syn'],
  },
  {
    name: 'serial-log',
    asks: 'what does the board say on its serial line?',
    cost: 90,
    risk: 'none',
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

export interface Choice {
  readonly probe: Probe;
  /** Bits that its answer is expected to be worth. */
  readonly information: number;
}

/** A probe has to be worth this many bits. */
const leastInformation = 0.02;

/** The probe to run next among those that can run, or none when nothing would teach anything. `done` names those that ran. */
export function choose(
  given: readonly Fact[],
  can: (probe: Probe) => boolean,
  done: ReadonlySet<string> = new Set(),
  causes = allCauses,
): Choice | undefined {
  const seen = derive(given);
  const field = causes.map((cause) => weigh(cause, seen));
  const chances = probabilities(field);
  const open = field.map((weighed, at) => ({ weighed, chance: chances[at]! })).filter(({ chance }) => chance > 0.005);
  const worth = probes
    .filter((probe) => !done.has(probe.name) && can(probe) && probe.yields.some((name) => !known(seen, name)))
    .map((probe) => ({
      probe,
      information: Math.max(...probe.yields.map((name) => (known(seen, name) ? 0 : information(name, open, seen)))),
    }))
    .filter(({ information: bits }) => bits >= leastInformation);
  return worth.sort((a, b) => b.information / b.probe.cost - a.information / a.probe.cost)[0];
}

const known = (seen: Seen, name: FactName): boolean => seen.has(name) && !seen.fact(name)!.inferred;

type Open = readonly { readonly weighed: Weighed; readonly chance: number }[];

/** Mutual information of a fact's value and the cause, in bits; the grades give how likely each value is under each cause. */
function information(name: FactName, open: Open, seen: Seen): number {
  const values = valuesOf(name);
  const total = open.reduce((sum, { chance }) => sum + chance, 0);
  const likelihoods = open.map(({ weighed }) => {
    const raw = values.map((value) => Math.exp(Math.max(-6, weightOf(weighed, name, value, seen))));
    const sum = raw.reduce((a, b) => a + b, 0);
    return raw.map((each) => each / sum);
  });
  let bits = 0;
  values.forEach((_, v) => {
    const of = open.reduce((sum, { chance }, c) => sum + (chance / total) * likelihoods[c]![v]!, 0);
    open.forEach(({ chance }, c) => {
      const p = likelihoods[c]![v]!;
      if (p > 0 && of > 0) bits += (chance / total) * p * Math.log2(p / of);
    });
  });
  return bits;
}

function weightOf({ cause }: Weighed, name: FactName, value: string | number | boolean, seen: Seen): number {
  const without = seen.facts.filter((each) => each.fact !== name);
  const supposed = new Seen([...without, fact(name, value as never, 'probe') as Fact]);
  return weigh(cause, supposed)
    .reasons.filter(({ of }) => of.includes(name))
    .reduce((sum, { weight }) => sum + weight, 0);
}

/** Numbers stand for themselves by a few that matter. */
const samples: Partial<Record<FactName, readonly number[]>> = {
  'connectback.largest-called': [0, 4096],
  'auth.nonce-length': [32, 64],
  'serial.boot-mode': [1, 3],
  'invite.latency': [20, 3000],
  'board.ota-port': [8266, 3232],
};

function valuesOf(name: FactName): readonly (string | number | boolean)[] {
  const shape = vocabulary[name];
  return shape.is === 'word' ? shape.words : shape.is === 'flag' ? [true, false] : (samples[name] ?? []);
}
