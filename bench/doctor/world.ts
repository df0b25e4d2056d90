// Plays a case: the real uploader in the virtual house, then the real doctor with its real probes or readers.

import { type Diagnosis, diagnose } from '#doctor/index.ts';
import { budgetFor, harmlessProbes, runProbes } from '#doctor/probes/index.ts';
import { factsOfAttempt } from '#doctor/transcript.ts';
import { settle } from '#node/index.ts';
import { readAnything } from '#readers/index.ts';
import { check, readSketch, facts as sketchFacts } from '#sketch/index.ts';
import { type Flashed, flash, type Knowledge } from '#upload/index.ts';
import { type Fact, fact, mergeFacts } from '#values/facts.ts';
import { millis, minutes, Secret, seconds, seeded } from '#values/index.ts';
import { createBoard, virtualClock, virtualNetwork } from '#virtual/index.ts';
import { openGrammar } from '../../src/cli/sketches.ts';
import { answersOf } from './answers.ts';
import { boardOf, type Case, fileOf, type House, lanBoard, lanHost } from './case.ts';
import type { Fault } from './faults.ts';
import { espotaSays, logOf } from './log-text.ts';
import { sketchText } from './sketch-text.ts';
import { commandsOf, environmentOf } from './tools.ts';

export interface Outcome {
  readonly facts: readonly Fact[];
  readonly diagnosis: Diagnosis;
  /** The sentence in which espota.py would have ended. */
  readonly espota: string;
  /** The update went through all the same. */
  readonly arrived: boolean;
  /** What the diagnosis added to the upload, in simulated milliseconds. */
  readonly added: number;
  readonly probes: number;
  /** Arithmetic settled it, so that only two seconds were allowed. */
  readonly settled: boolean;
}

export async function play(c: Case, faults: readonly Fault[]): Promise<Outcome> {
  if (c.log !== undefined) {
    const facts = mergeFacts(readAnything(c.log).facts, await ofSketch(c));
    const espota =
      c.log.split('\n').findLast((line) => /error|exception|not found|traceback|no such/i.test(line)) ?? c.log;
    return await asked(c, faults, { ...pasted, facts, espota: espota.slice(0, 60) });
  }
  const place = await build(c);
  const knowledge = remembered(c);
  const flashed = await upload(c, place, knowledge);
  const espota = espotaSays(c, flashed.delivery);
  const arrived = ['confirmed', 'back'].includes(flashed.ending.kind);
  if (c.road === 'paste') {
    const serial = c.given.serial ? place.board.serialLog : '';
    const facts = mergeFacts(readAnything(logOf(c, flashed) + serial).facts, missed(flashed), await ofSketch(c));
    return await asked(c, faults, { ...pasted, facts, espota, arrived });
  }
  const first = factsOfAttempt(flashed.attempt, {
    command: c.command,
    delivery: flashed.delivery,
    plan: flashed.plan,
    knowledge,
  });
  const began = place.clock.now();
  const probed = await probe(c, place, first, knowledge);
  const added = place.clock.now() - began;
  const facts = mergeFacts(first, probed.facts, await ofSketch(c));
  const settled = budgetFor(first) < seconds(3);
  return await asked(c, faults, { facts, espota, arrived, added, probes: probed.ran, settled });
}

/** From a paste alone, nothing is asked around. */
const pasted = { arrived: false, added: 0, probes: 0, settled: false };

/** Who pastes a log that ends well has missed the board since. */
const missed = ({ ending }: Flashed): readonly Fact[] =>
  ending.kind === 'not-back' ? [fact('after.restart', 'gone', 'person') as Fact] : [];

type Unanswered = Omit<Outcome, 'diagnosis'>;

async function asked(c: Case, faults: readonly Fault[], outcome: Unanswered): Promise<Outcome> {
  const facts = c.given.ask ? answersOf(c, faults, outcome.facts) : outcome.facts;
  return { ...outcome, facts, diagnosis: diagnose(facts) };
}

/** What leads out of the home network; nothing beyond it answers. */
const homeRouter = '192.168.1.254';

type Place = House & { readonly clock: ReturnType<typeof virtualClock> };

async function build(c: Case): Promise<Place> {
  const clock = virtualClock({ settle });
  const network = virtualNetwork({ clock, random: seeded(c.seed), weather: { latency: millis(2) } });
  Object.assign(network.segment(), c.rules);
  const host = network.host({
    name: 'host',
    interfaces: [{ name: 'eth0', address: lanHost }],
    gateway: homeRouter,
    ...c.host,
  });
  network.router({
    name: 'home',
    interfaces: [{ address: homeRouter }, { address: '203.0.113.7', segment: 'provider' }],
  });
  const interfaces = (c.place.interfaces ?? [{ address: lanBoard }]).map((each) => ({
    mac: '5c:cf:7f:00:00:01',
    ...each,
  }));
  const node = network.board({ name: 'board', ...c.place, interfaces });
  const made = createBoard({ ...boardOf(c), address: interfaces[0]!.address }, node);
  if (!made.ok) throw new Error(`seed ${c.seed}: ${made.problem.what}`);
  const board = made.value;
  await clock.run(board.start());
  await clock.runFor(seconds(8));
  const house = { network, host, node, board };
  for (const change of c.arrange) change(house);
  await clock.runFor(seconds(1));
  return { ...house, clock };
}

function remembered(c: Case): Knowledge {
  if (c.given.memory === 'nothing') return {};
  if (c.given.memory === 'family') return { family: c.family };
  return {
    family: c.family,
    core: c.core,
    ...(c.family === 'rp2040' ? {} : { layout: c.layout }),
    runningBytes: c.runningBytes,
    ...(c.flashBytes === undefined ? {} : { flashBytes: c.flashBytes }),
    ...(c.family === 'esp32' ? { chip: c.chip } : {}),
  };
}

const nobodyStops = new AbortController().signal;
const endpointOf = (c: Case, { board }: House) => ({
  address: c.invitedAddress ?? board.address,
  port: c.invitedPort ?? board.port,
});

function upload(c: Case, place: Place, knowledge: Knowledge): Promise<Flashed> {
  return place.clock.run(
    flash(
      {
        file: fileOf(c),
        command: c.command,
        board: {
          name: 'kitchen',
          endpoint: endpointOf(c, place),
          via: 'address',
          knowledge: c.road === 'paste' ? {} : knowledge,
        },
        password: c.password.given === undefined ? undefined : new Secret(c.password.given),
        hostPort: c.hostPort,
        hostAddress: c.hostAddress,
        // The other uploaders send whatever they are given.
        force: c.road === 'paste' || c.seed % 3 === 0,
        compress: false,
        wait: true,
      },
      place.host,
      () => {},
      nobodyStops,
    ),
    minutes(60),
  );
}

async function probe(
  c: Case,
  place: Place,
  known: readonly Fact[],
  knowledge: Knowledge,
): Promise<{ facts: readonly Fact[]; ran: number }> {
  const failed = known.some(({ fact }) => fact === 'attempt.stopped-in');
  if (failed && diagnose(known).causes[0]?.verdict === 'certain') return { facts: [], ran: 0 };
  const world = {
    ...place.host,
    ...(c.pings ? {} : { ping: { ping: async () => undefined } }),
    ...(c.neighbours ? {} : { neighbours: { table: async () => undefined } }),
  };
  const probes = harmlessProbes.filter(({ name }) => !c.without.has(name));
  const context = {
    world,
    commands: commandsOf(c),
    environment: environmentOf(c),
    target: { name: 'kitchen', ...endpointOf(c, place) },
    signal: nobodyStops,
    known,
    knowledge,
  };
  const { facts, notes } = await place.clock.run(runProbes(context, probes, budgetFor(known)), minutes(2));
  return { facts, ran: probes.length - notes.length };
}

const read = new Map<string, readonly Fact[]>();

/** What the check of the sketch tells; the same text is read once. */
async function ofSketch(c: Case): Promise<readonly Fact[]> {
  if (!c.given.sketch) return [];
  const text = sketchText(c.traits);
  const known = read.get(text);
  if (known) return known;
  const sketch = readSketch(await openGrammar(), [{ name: 'kitchen.ino', text }]);
  const facts = sketchFacts(sketch, check(sketch));
  read.set(text, facts);
  return facts;
}
