/** What the person says between the pasted lines, in plain English: a few sentences that can mean one thing only. Questions,
 *  advice to others and sentences with a "not" in the wrong place say nothing. */
import type { FactName, FactValue } from '#values/facts.ts';
import type { Notes } from './notes.ts';
import type { Line } from './paste.ts';

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
  const said = new Map<FactName, { value: FactValue; line: number; what: string } | 'both'>();
  for (const [at, sentence] of sentences.entries()) {
    if (notAnObservation.test(sentence.text)) continue;
    const after = sentences.slice(at + 1, at + 3).map(({ text }) => (toOthers.test(text) ? '' : text));
    for (const { fact, value, what } of observations(sentence.text, after)) {
      const known = said.get(fact);
      if (known === undefined) said.set(fact, { value, line: sentence.line, what });
      else if (known !== 'both' && known.value !== value)
        said.set(fact, fact === 'history.worked-before' ? known : 'both');
    }
  }
  for (const [fact, each] of said) {
    if (each === 'both') continue;
    notes.say(fact, each.value as never, 'person');
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

interface Observation {
  readonly fact: FactName;
  readonly value: FactValue;
  readonly what: string;
}

const observe = <N extends FactName>(fact: N, value: FactValue<N>, what: string): Observation => ({
  fact,
  value,
  what,
});

function observations(text: string, after: readonly string[]): Observation[] {
  return [
    ...plain.filter(({ words, unless }) => words.test(text) && !unless?.test(text)).map(({ says }) => says),
    ...trials.flatMap(({ words, fact, value }) => {
      const outcome = words.test(text) ? (value ?? outcomeOf)(text, after) : undefined;
      return outcome ? [observe(fact, outcome, `the person: ${fact.slice(6).replaceAll('-', ' ')} ${outcome}`)] : [];
    }),
  ];
}

const fails =
  /\b(?:did(?:n't| not)|does(?:n't| not)|do(?:n't| not)|not|never)\s(?:\w+\s){0,2}(?:help|solve|fix|change|work|succeed|matter|cure)|\bstill (?:the same|no\b|not\b|fails?|get|getting|have|doesn't)|\bsame (?:error|problem|result|issue|message|thing|response)|\bno (?:change|difference|luck|effect|success|joy|avail)\b|\bwithout (?:success|luck|effect)|\bfail(?:s|ed)?\b/i;
const works = /\b(?:works?|worked|working|solved|fixed|cured|helped|success\w*|did the trick)\b/i;

/** How something that was tried went, in the clause itself or the next ones. */
function outcomeOf(text: string, after: readonly string[]): 'works' | 'fails' | undefined {
  for (const each of [text, ...after]) {
    if (fails.test(each)) return 'fails';
    if (works.test(each)) return 'works';
  }
  return undefined;
}

interface Trial {
  readonly words: RegExp;
  readonly fact: FactName & `trial.${string}`;
  /** Where the words alone tell. */
  readonly value?: (text: string, after: readonly string[]) => 'works' | 'fails' | undefined;
}

const off = '(?:disabl\\w*|turn\\w* off|switch\\w* off|shut\\w* (?:down|off)|kill\\w*|deactivat\\w*|stopp\\w*)';

const trials: readonly Trial[] = [
  {
    words: new RegExp(
      `\\b${off}\\b.{0,50}\\bfirewall|\\bfirewall\\b.{0,30}\\b(?:is |was |were )?(?:${off}|off)\\b`,
      'i',
    ),
    fact: 'trial.firewall-off',
    // "Firewall disabled" in a report of a failure: it fails without one.
    value: (text, after) => (/\bre-?enabl/i.test(text) ? undefined : (outcomeOf(text, after) ?? 'fails')),
  },
  {
    words:
      /\b(?:another|other|different|second)\s(?:windows |linux |mac )?(?:computer|pc|laptop|machine|mac|macbook|host)\b|\b(?:on|from|with|using) (?:my|a|the) (?:macbook|mac|laptop|linux (?:box|pc|machine|laptop)|raspberry pi)\b/i,
    fact: 'trial.other-host',
    value: (text, after) => (/\bserial|\busb|\bcable/i.test(text) ? undefined : outcomeOf(text, after)),
  },
  {
    words:
      /\b(?:phone|mobile) hotspot\b|\b(?:another|different|other|second) (?:router|access point|AP|wi-?fi network)\b/i,
    fact: 'trial.other-network',
  },
  {
    words: /\b(?:another|other|second|different|twin) (?:board|esp-?\w{0,8}|device|module|nodemcu|wemos|sonoff)\b/i,
    fact: 'trial.other-board',
  },
  {
    words: /\b(?:without|omit\w*|remov\w*|delet\w*|disabl\w*) (?:the |a |any |my )?(?:ota )?password\b/i,
    fact: 'trial.without-password',
  },
  {
    words: /\b(?:smaller|shorter|tiny) (?:sketch|program|image|firmware|binary)\b/i,
    fact: 'trial.smaller-image',
  },
  {
    words: /\b(?:basic ?ota|bare|minimal|stock|plain) (?:ota )?(?:example|sketch)\b/i,
    fact: 'trial.minimal-sketch',
  },
  {
    words:
      /\bafter (?:a |an? \w+ |each |every )?power[- ]?cycl\w*|\bpower[- ]?cycl\w* (?:the \w+ |it )?(?:fixes|fixed|helps|helped|cures|solves|solved)/i,
    fact: 'trial.after-power-cycle',
    value: (text) => (works.test(text) && !fails.test(text) ? 'works' : undefined),
  },
  {
    words:
      /\b(?:works?|worked|succeeds) (?:only |just |fine |again |once )?(?:right |immediately |directly |just )?after (?:a |pressing |hitting )?(?:reset|reboot|restart)/i,
    fact: 'trial.right-after-reset',
    value: (text) => (fails.test(text) ? undefined : 'works'),
  },
  {
    words: /\brestart(?:ing|ed) (?:the )?(?:arduino )?IDE\b/i,
    fact: 'trial.tool-restarted',
  },
];

interface Plain {
  readonly words: RegExp;
  readonly unless?: RegExp;
  readonly says: Observation;
}

const negated = /\b(?:not|can't|cannot|cant|couldn't|unable|never|no longer|won't|doesn't|didn't|isn't|fails?)\b/i;

const plain: readonly Plain[] = [
  {
    words:
      /\b(?:can|able to|could) (?:\w+ )?ping\b|\bping(?:s|ing)? (?:it )?(?:works?|is (?:fine|ok|good)|fine|ok)\b|\b(?:responds?|answers?|repl(?:y|ies)) to (?:a )?pings?\b|\bping (?:the \w+ )?successfully\b/i,
    unless: /\b(?:not|can't|cannot|cant|couldn't|unable|never|no longer|won't|doesn't|didn't|isn't)\b/i,
    says: observe('net.ping', 'answered', 'the person: ping is answered'),
  },
  {
    words:
      /\b(?:can't|cannot|can not|unable to|not able to|couldn't) (?:even )?ping\b|\bping (?:fails|times out|doesn't work|is not answered)\b|\b(?:does not|doesn't) (?:respond|answer|reply) to (?:a )?pings?\b/i,
    says: observe('net.ping', 'silent', 'the person: ping is not answered'),
  },
  {
    words:
      /\b(?:IDE|arduino)\b.{0,20}\b(?:sees?|finds?|found|shows?|lists?|detects?|recogni[sz]es)\b.{0,50}\b(?:network|ports?|device|board|esp\w*)\b|\b(?:see|find|choose|select|pick)\b.{0,50}\b(?:network port|in (?:the )?(?:list of )?ports?\b|under (?:tools.{0,6})?ports?\b|in (?:the )?(?:arduino )?IDE\b)|\bnetwork port (?:is |does )?(?:there|listed|shown|shows? up|visible|appears?)\b/i,
    unless: negated,
    says: observe('discovery.listed', 'yes', 'the person: the port is listed'),
  },
  {
    words:
      /\bno network ports?\b|\bnetwork ports? (?:does not|doesn't|do not|don't|never|is not|isn't|not) (?:show|appear|list|visible|there)|\b(?:don't|do not|doesn't|does not|can't|cannot|not) (?:see|show|list|find|detect)\b.{0,40}\bnetwork port|\b(?:don't|do not|can't|cannot) see (?:the |my )?(?:esp\w*|board|device|port)\b.{0,30}\b(?:in|under) (?:the )?(?:arduino )?(?:IDE|ports?|tools)\b/i,
    says: observe('discovery.listed', 'no', 'the person: no network port is listed'),
  },
  {
    words:
      /\b(?:works?|worked|upload\w*|flash\w*|success\w*)\b.{0,50}\b(?:over|via|by|through|using|with) (?:the |a )?(?:usb|serial|cable|wire|uart|ftdi|com port)\b/i,
    unless:
      /\b(?:not|can't|cannot|couldn't|unable|never|won't|doesn't|didn't|fails?|weeks?|initial\w*|first|before|after|need|have to|want)\b/i,
    says: observe('trial.by-wire', 'works', 'the person: it works by cable'),
  },
  {
    words:
      /\b(?:work\w*|flash\w*|upload\w*|updat\w*|success\w*)\b.{0,30}\b(?:2|3|4|two|three|four|five|few|several|couple of) times\b/i,
    unless: /\b(?:not|can't|cannot|couldn't|never|didn't|fail\w*|tried)\b/i,
    says: observe('history.worked-before', 'a-few-times', 'the person: it worked a few times'),
  },
  {
    words: /\b(?:worked|works|uploaded) (?:only |just |fine |for )?(?:once|the first time|one time)\b/i,
    unless: negated,
    says: observe('history.worked-before', 'once', 'the person: it worked once'),
  },
  {
    words:
      /\b(?:used to work|has always worked|worked (?:fine|well|great|perfectly)|was working (?:fine|well)?)\b.{0,30}\b(?:until|till|before) (?:I|the|an?|my|last|this)\b/i,
    says: observe('history.worked-before', 'until-a-change', 'the person: it worked until something changed'),
  },
  {
    words:
      /\b(?:OTA|over the air|wireless upload\w*)\b.{0,30}\bnever (?:once )?work(?:s|ed)\b|\bnever (?:got|managed to get) (?:the )?OTA\b.{0,20}\bwork/i,
    says: observe('history.worked-before', 'never', 'the person: it never worked'),
  },
  {
    words:
      /\b(?:power[- ]?cycled?|reset|unplugged|pressed reset|rebooted)\b.{0,30}\bafter (?:each|every|the) (?:\w+ )?(?:flash|upload|serial|usb)\w*/i,
    unless: /\b(?:not|haven't|didn't|never|without)\b/i,
    says: observe('history.wire-since-power-on', false, 'the person: it was restarted after each flash by cable'),
  },
  {
    words:
      /\b(?:haven't|have not|did not|didn't|without|never)\b.{0,20}\b(?:reset|power[- ]?cycl|reboot|unplug)\w*.{0,40}\b(?:after|since)\b.{0,30}\b(?:usb|serial|cable|wire)\b/i,
    says: observe('history.wire-since-power-on', true, 'the person: flashed by cable and not restarted since'),
  },
  {
    words:
      /\b(?:blynk|mqtt|cloud|server)\b.{0,20}\b(?:app|server|broker)?\b.{0,30}\b(?:no longer sees?|doesn't see|does not see|shows? (?:it |the device )?(?:as )?offline|is offline|is down|not connected)/i,
    says: observe('running.server-link', 'down', 'the person: the cloud no longer sees the board'),
  },
  {
    words:
      /\bweb ?(?:page|interface|server|site|ui)\b.{0,30}\b(?:works?|reachable|accessible|loads|opens|responds|is fine|is up)\b|\b(?:can|could) (?:still )?(?:open|access|reach|load|use) (?:the |its |my )?web ?(?:page|interface|server|site|ui)\b/i,
    unless: negated,
    says: observe('net.http', 'answers', 'the person: its web page answers'),
  },
  {
    words:
      /\b(?:fails?|error|happens|same|get)\b.{0,60}\bevery (?:single )?time\b|\balways (?:fails?|get (?:the|this)|the same error)\b/i,
    unless: /\bevery (?:second|other)\b/i,
    says: observe('attempt.reproducible', 'every-time', 'the person: it fails every time'),
  },
  {
    words:
      /\b(?:works?|fails?|uploads?)\b.{0,20}\b(?:sometimes|intermittent\w*|randomly|at random|now and then|occasionally)\b|\b(?:sometimes|occasionally) (?:it )?(?:works?|fails?)\b/i,
    says: observe('attempt.reproducible', 'sometimes', 'the person: it fails now and then'),
  },
  {
    words: /\bevery (?:second|other) (?:time|try|attempt|upload)\b/i,
    says: observe('attempt.reproducible', 'alternates', 'the person: every second try fails'),
  },
  {
    words: /\b(?:asks?|asked|asking|prompts?|prompted) (?:me )?for (?:a |the |some )?(?:board |ota )?password\b/i,
    unless: /\bserial monitor\b/i,
    says: observe('tool.asks-password', true, 'the person: the tool asks for a password'),
  },
  {
    words: /\b(?:open\w*|start\w*) (?:the |a )?serial monitor\b.{0,60}\b(?:password|network port)\b/i,
    says: observe(
      'history.monitor-on-network-port',
      true,
      'the person: the serial monitor was opened on the network port',
    ),
  },
  {
    words:
      /\bstill (?:running|runs|executing) (?:the )?(?:old|previous) (?:sketch|code|firmware|version|program)\b|\b(?:old|previous) (?:sketch|code|firmware|version|program) (?:is )?(?:still )?(?:runs|running)\b/i,
    unless: /\bnot\b/i,
    says: observe('after.running-build', 'old', 'the person: the old program still runs'),
  },
  {
    words: /\b(?:different|another|separate) (?:subnet|vlan)\b/i,
    unless: negated,
    says: observe('net.device-segment', 'routed-subnet', 'the person: the board is in another subnet'),
  },
  {
    words: /\bsame (?:wi-?fi|network|subnet|lan|access point|router)\b/i,
    unless: /\bnot\b|\bsame \w+ (?:error|problem)/i,
    says: observe('net.device-segment', 'same', 'the person: computer and board share a network'),
  },
];

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
