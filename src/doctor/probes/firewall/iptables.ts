/** `iptables -S`: one rule a line, as the options that made it (iptables-extensions(8)). */
import {
  both,
  type Call,
  type Chain,
  type Hit,
  type Inbound,
  inboundThrough,
  inNetwork,
  portsHit,
  portsOf,
  type Rule,
  type Verdict,
} from './filter.ts';

export function iptablesInbound(out: string, call: Call): Inbound | undefined {
  const chains = new Map<string, { policy?: 'accept' | 'drop'; rules: Rule[] }>();
  const chain = (name: string) => {
    const known = chains.get(name) ?? { rules: [] };
    chains.set(name, known);
    return known;
  };
  for (const line of out.split(/\r?\n/).slice(0, 20_000)) {
    const words = line.match(/"[^"]*"|\S+/g) ?? [];
    const [verb, name, ...rest] = words;
    if (name === undefined) continue;
    if (verb === '-P') chain(name).policy = rest[0] === 'ACCEPT' ? 'accept' : 'drop';
    else if (verb === '-N') chain(name);
    else if (verb === '-A') chain(name).rules.push(ruleOf(rest, call));
  }
  return inboundThrough('INPUT', chains as ReadonlyMap<string, Chain>);
}

const targets: Readonly<Record<string, Verdict>> = { ACCEPT: 'accept', DROP: 'drop', REJECT: 'drop', RETURN: 'return' };
/** Targets that let the packet go on. */
const passing = /^(LOG|NFLOG|ULOG|MARK|CONNMARK|TRACE|SET|AUDIT|CT|NFQUEUE)$/;

/** Options whose argument does not change whether a rule is for us. */
const silent = new Set(['-m', '--comment', '--reject-with', '--log-prefix', '--log-level', '--nflog-prefix']);

function ruleOf(words: readonly string[], call: Call): Rule {
  let hits: Hit = 'yes';
  let verdict: Verdict = 'nothing';
  let own = false;
  const and = (hit: Hit): void => {
    hits = both(hits, hit);
  };
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const value = words[i + 1] ?? '';
    if (word === '!') {
      and('maybe');
      i += 2;
      continue;
    }
    if (word === '--syn' || word.startsWith('"')) continue;
    i++;
    switch (word) {
      case '-p':
        and(value === 'tcp' || value === 'all' ? 'yes' : 'no');
        break;
      case '-i':
        and(linkHit(value, call));
        break;
      case '-s':
        and(inNetwork(call.from, value));
        break;
      case '--dport':
      case '--dports': {
        const ports = value.split(',').map(portsOf);
        and(ports.includes(undefined) ? 'maybe' : portsHit(call.ports, ports as NonNullable<(typeof ports)[number]>[]));
        own = true;
        break;
      }
      case '--ctstate':
      case '--state':
        and(value.split(',').includes('NEW') ? 'yes' : 'no');
        break;
      case '--dst-type':
        and(value === 'LOCAL' ? 'yes' : 'no');
        break;
      case '-j':
      case '-g':
        verdict = word === '-g' ? 'nothing' : (targets[value] ?? (passing.test(value) ? 'nothing' : { jump: value }));
        if (word === '-g') and('maybe');
        break;
      default:
        if (!silent.has(word)) {
          // Not every option takes an argument: the next word may be an option of its own.
          if (value.startsWith('-')) i--;
          and('maybe');
        }
    }
  }
  return { hits, verdict, own };
}

function linkHit(pattern: string, { link }: Call): Hit {
  if (pattern === 'lo') return 'no';
  if (link === undefined) return 'maybe';
  const matches = pattern.endsWith('+') ? link.startsWith(pattern.slice(0, -1)) : link === pattern;
  return matches ? 'yes' : 'no';
}
