/** What the person gave, turned into an answer. Pure: the same as the terminal's, from the same rooms. */
import { choose, type Diagnosis, diagnose, factsOfImage, type Probe } from '#doctor/index.ts';
import { type Identified, identify } from '#firmware/index.ts';
import { type Anything, readAnything, readBuildOptions, readPlatformioIni } from '#readers/index.ts';
import {
  applyFixes,
  check,
  type Finding,
  type Fixed,
  type Grammar,
  readSketch,
  type SketchFile,
  facts as sketchFacts,
} from '#sketch/index.ts';
import { type Fact, type FactName, mergeFacts } from '#values/facts.ts';

export interface Given {
  /** Output of the upload, a boot log, or both, as pasted. */
  readonly output: string;
  readonly sketch: readonly SketchFile[];
  readonly image?: { readonly name: string; readonly bytes: Uint8Array };
  /** `platformio.ini`, `build.options.json`. */
  readonly projects: readonly SketchFile[];
  /** What a link carried. */
  readonly shared: readonly Fact[];
  /** What the person answered when asked. */
  readonly said: readonly Fact[];
  /** Questions that the person can't answer. */
  readonly unanswered: ReadonlySet<string>;
}

export interface Answer {
  /** What was given and read, before anything is concluded: this is what a link carries. */
  readonly facts: readonly Fact[];
  readonly diagnosis: Diagnosis;
  readonly findings: readonly Finding[];
  /** The sketch with what can be mended safely; absent when nothing was. */
  readonly mended?: Fixed;
  readonly image?: Identified;
  /** What the person could tell to make it surer. */
  readonly question?: Probe;
}

/** The sketch files to read: those given, else the last one found in the pasted output. */
export function sketchOf(given: Given): readonly SketchFile[] {
  if (given.sketch.length > 0) return given.sketch;
  const pasted = read(given.output).sketches.at(-1);
  return pasted === undefined ? [] : [{ name: 'pasted.ino', text: pasted }];
}

/** The answer; without a grammar the sketch is left aside. */
export function answer(given: Given, grammar?: Grammar): Answer {
  const image = given.image && identify(given.image.bytes, given.image.name);
  const known = mergeFacts(
    given.shared,
    read(given.output).facts,
    given.projects.flatMap(
      ({ name, text }) => (/\.json$/i.test(name) ? readBuildOptions(text) : readPlatformioIni(text)).facts,
    ),
    image ? factsOfImage(image, given.image?.bytes) : [],
    given.said,
  );
  const { facts, findings, mended } = withSketch(known, sketchOf(given), grammar);
  const diagnosis = diagnose(facts);
  const question = nextQuestion(facts, given.unanswered, diagnosis);
  return {
    facts,
    diagnosis,
    findings,
    ...(mended && { mended }),
    ...(image && { image }),
    ...(question && { question }),
  };
}

interface Checked {
  readonly facts: readonly Fact[];
  readonly findings: readonly Finding[];
  readonly mended?: Fixed;
}

function withSketch(known: readonly Fact[], files: readonly SketchFile[], grammar: Grammar | undefined): Checked {
  if (!grammar || files.length === 0) return { facts: known, findings: [] };
  const family = known.find((each): each is Fact<'board.family'> => each.fact === 'board.family')?.value;
  const sketch = readSketch(grammar, files, family ? { family } : {});
  const findings = check(sketch);
  const mended = applyFixes(files, findings);
  return {
    facts: mergeFacts(sketchFacts(sketch, findings), known),
    findings,
    ...(mended.applied.length > 0 && { mended }),
  };
}

/** Nothing is asked when one cause is certain, or when nothing failed. */
function nextQuestion(
  facts: readonly Fact[],
  unanswered: ReadonlySet<string>,
  { causes }: Diagnosis,
): Probe | undefined {
  if (causes.length === 0 || causes[0]!.verdict === 'certain') return undefined;
  const told = new Set<FactName>(facts.map(({ fact }) => fact));
  const can = ({ risk, yields }: Probe): boolean => risk === 'asks' && !yields.some((name) => told.has(name));
  return choose(facts, can, unanswered)?.probe;
}

/** The pasted text is read once, however often the answer is worked out. */
let last: { readonly text: string; readonly found: Anything } | undefined;

function read(text: string): Anything {
  if (last?.text !== text) last = { text, found: readAnything(bounded(text)) };
  return last.found;
}

const mostOutput = 600_000;

/** Of an endless log the beginning, where the build stands, and the end, where the error stands. */
const bounded = (text: string): string =>
  text.length <= mostOutput ? text : `${text.slice(0, mostOutput / 3)}\n${text.slice(-mostOutput * (2 / 3))}`;
