/** What the person says between the pasted lines, in plain English: a few sentences that can mean one thing only. Questions,
 *  advice to others and sentences with a "not" in the wrong place say nothing. */
import { type FactValue, repeats } from '#values/facts.ts';
import type { Notes } from './notes.ts';
import type { Line } from './paste.ts';
import { type Observation, observe, outcomeOf, plain, trials } from './sayings.ts';

/** A clause rather than a sentence: what is said after a comma seldom changes what was said before it. */
interface Sentence {
  readonly line: number;
  readonly text: string;
}

const mostSentences = 2000;
const longestSentence = 400;

/** Advice and questions to somebody else are not observations. */
const toOthers = /\?|\b(?:you|your|you'?re)\b|@\w/i;
const notAnObservation =
  /\?|\b(?:you|your|you'?re|should|would|might|maybe|perhaps|try to|make sure|please)\b|\b(?:if|when) (?!I\b)|@\w|^(?:try|ensure|check|use|disable|turn|restart|reset)\b/i;

/** Reads the prose of a paste. */
export function readPerson(lines: readonly Line[], notes: Notes): void {
  const sentences = sentencesOf(lines);
  const said = new Map<string, (Observation & { readonly line: number }) | 'both'>();
  for (const [at, { text, line }] of sentences.entries()) {
    if (notAnObservation.test(text)) continue;
    const after = sentences.slice(at + 1, at + 3).map((next) => (toOthers.test(next.text) ? '' : next.text));
    for (const each of observations(text, after)) {
      const key = repeats.has(each.fact) ? `${each.fact} ${each.value}` : each.fact;
      const known = said.get(key);
      if (known === undefined) said.set(key, { ...each, line });
      // Told both ways it says nothing; but what worked before may be told again in other words.
      else if (known !== 'both' && known.value !== each.value && each.fact !== 'history.worked-before')
        said.set(key, 'both');
    }
  }
  for (const each of said.values()) {
    if (each === 'both') continue;
    notes.say(each.fact, each.value as never, 'person');
    notes.notice(each.line, each.what);
  }
  sayQuotedError(sentences, notes);
}

function sentencesOf(lines: readonly Line[]): Sentence[] {
  const found: Sentence[] = [];
  let open: { line: number; text: string; next: number } | undefined;
  const close = (): void => {
    if (open)
      for (const text of open.text.split(/(?<=[.!?;])\s+|\u2026\s?|,\s+|\s+(?=but\s)/))
        found.push({ line: open.line, text: text.slice(0, longestSentence) });
    open = undefined;
  };
  for (const { number, text } of lines) {
    if (found.length > mostSentences) break;
    // A sentence may go on in the next line, not after an empty one.
    if (open && number === open.next && /[a-z,]$/.test(open.text) && open.text.length < longestSentence)
      open = { ...open, text: `${open.text} ${text}`, next: number + 1 };
    else {
      close();
      open = { line: number, text: text.slice(0, 4000), next: number + 1 };
    }
  }
  close();
  return found;
}

function observations(text: string, after: readonly string[]): Observation[] {
  return [
    ...plain.filter(({ words, unless }) => words.test(text) && !unless?.test(text)).map(({ says }) => says),
    ...trials.flatMap(({ words, fact, value }) => {
      const outcome = words.test(text) ? (value ?? outcomeOf)(text, after) : undefined;
      return outcome ? [observe(fact, outcome, `the person: ${fact.slice(6).replaceAll('-', ' ')} ${outcome}`)] : [];
    }),
    ...numbers(text),
  ];
}

/** Observations that hold a number. */
function numbers(text: string): Observation[] {
  const found: Observation[] = [];
  const percent =
    /\b(?:stops?|stopped|stuck|fails?|failed|hangs?|dies|freezes|beyond)\b.{0,20}? (?:at |go beyond )?(?:about |around |only )?(\d{1,2}) ?%/i.exec(
      text,
    )?.[1];
  if (percent && !/\b(?:uses?|full|memory|cpu)\b/i.test(text))
    found.push(observe('transfer.stopped-at', Number(percent), `the person: it stops at ${percent} %`));
  const reached =
    /\b(?:gets?|got|goes|went|up|runs?|makes it|reach\w*)(?: up)?(?: to)? (?:about |around )?(\d{1,2}) ?%.{0,30}\b(?:then|and|before)\b.{0,20}\b(?:stop|fail|hang|stuck|reboot|reset|crash|restart|freez|time)/i.exec(
      text,
    )?.[1];
  if (reached && !percent)
    found.push(observe('transfer.stopped-at', Number(reached), `the person: it ends at ${reached} %`));
  if (reached && /\b(?:reboot|reset|crash|restart)/i.test(text))
    found.push(observe('transfer.end', 'reboot', 'the person: it restarts in the middle'));
  const strength = /\bRSSI\b\W{0,6}(?:is |of )?(-\d{2,3})\b/i.exec(text)?.[1];
  if (strength)
    found.push(observe('net.signal', Number(strength) < weak ? 'weak' : 'good', `the person: signal ${strength} dBm`));
  return found;
}

/** dBm; under it the signal counts as weak. */
const weak = -75;

const quoted: readonly (readonly [RegExp, FactValue<'attempt.tool-text'>])[] = [
  [/\bno response from (?:the )?device\b/i, 'no-response-from-device'],
  [/\bno response from the ESP\b/i, 'no-response-from-the-esp'],
  [/\bno answer to our authentication\b/i, 'no-answer-to-authentication'],
  [/["'[(:]\s?no answer\b/i, 'no-answer'],
  [/\bauthentication failed\b/i, 'authentication-failed'],
  [/\berror uploading\b(?=["'.])/i, 'error-uploading'],
];

/** The message, quoted in a sentence; only where no log shows one. */
function sayQuotedError(sentences: readonly Sentence[], notes: Notes): void {
  if (notes.has('attempt.tool-text')) return;
  for (const { text, line } of sentences) {
    const kind = quoted.find(([words]) => words.test(text))?.[1];
    if (!kind) continue;
    notes.say('attempt.tool-text', kind, 'person');
    notes.notice(line, `the person quotes: ${kind.replaceAll('-', ' ')}`);
    return;
  }
}
