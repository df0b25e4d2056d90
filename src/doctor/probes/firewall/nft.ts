/** `nft list ruleset`: tables, chains and rules in nftables' own words (nft(8)). */
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
  strictestOf,
  type Verdict,
} from './filter.ts';

const mostLines = 20_000;

export function nftInbound(out: string, call: Call): Inbound | undefined {
  const answers: (Inbound | undefined)[] = [];
  for (const { chains, entrances } of tablesIn(out, call))
    for (const name of entrances) answers.push(inboundThrough(name, chains));
  // What is not decided could be the one that drops.
  const sure = answers.filter((one) => one !== undefined);
  const drops = sure.some((one) => one === 'blocked' || one === 'default-deny');
  if (answers.length > sure.length && !drops) return undefined;
  return strictestOf(sure) ?? 'off';
}

interface Table {
  readonly chains: Map<string, Chain & { policy?: 'accept' | 'drop' | undefined; rules: Rule[] }>;
  /** Chains that packets for this computer enter by. */
  readonly entrances: string[];
}

function tablesIn(out: string, call: Call): Table[] {
  const tables: Table[] = [];
  let table: Table | undefined;
  let chain: { policy?: 'accept' | 'drop' | undefined; rules: Rule[] } | undefined;
  let name = '';
  let depth = 0;
  for (const line of out.split(/\r?\n/).slice(0, mostLines)) {
    const words = line.trim();
    if (words === '' || words.startsWith('#')) continue;
    const [, family] = /^table (\S+) \S+ \{/.exec(words) ?? [];
    const [, opened] = /^chain (\S+) \{/.exec(words) ?? [];
    if (depth === 0 && family !== undefined) {
      table = family === 'ip' || family === 'inet' ? { chains: new Map(), entrances: [] } : undefined;
      if (table) tables.push(table);
    } else if (depth === 1 && opened !== undefined) {
      name = opened;
      chain = table && { rules: [] };
      if (chain) table?.chains.set(name, chain);
    } else if (depth === 2 && chain) {
      const [, hook] = /^type filter hook (\S+)/.exec(words) ?? [];
      if (hook !== undefined) {
        if (hook === 'input') table?.entrances.push(name);
        chain.policy = /policy drop;/.test(words) ? 'drop' : 'accept';
      } else if (words !== '}') chain.rules.push(ruleOf(words, call));
    }
    depth += balance(words);
    if (depth < 2) chain = undefined;
  }
  return tables;
}

/** Opening less closing braces outside of quotes. */
function balance(words: string): number {
  const bare = words.replace(/"[^"]*"/g, '');
  return (bare.match(/\{/g)?.length ?? 0) - (bare.match(/\}/g)?.length ?? 0);
}

type Read = (match: RegExpExecArray, call: Call) => Partial<Rule>;
const hit = (hits: Hit): Partial<Rule> => ({ hits });

/** Statements of a rule, each tried where the one before ended. */
const statements: readonly [RegExp, Read][] = [
  [/^(counter( packets \d+ bytes \d+)?|comment "[^"]*"|log( prefix "[^"]*")?( (level|flags|group) \S+)*)/, () => ({})],
  [/^(accept|drop|return)/, ([, word]) => ({ verdict: word as Verdict })],
  [/^reject( with .*)?/, () => ({ verdict: 'drop' })],
  [/^jump (\S+)/, ([, to]) => ({ verdict: { jump: to! } })],
  [/^ct state vmap \{([^}]*)\}/, ([, map]) => hit(/\bnew\b/.test(map!) ? 'maybe' : 'no')],
  [/^ct state (\{[^}]*\}|\S+)/, ([, states]) => hit(/\bnew\b/.test(states!) ? 'yes' : 'no')],
  [/^(?:meta )?iif(?:name)? "([^"]*)"/, ([, name], { link }) => hit(linkHit(name!, link))],
  [
    /^(?:meta l4proto|ip protocol) (\{[^}]*\}|\S+)/,
    ([, list]) => hit(/\btcp\b/.test(list!) || /\b6\b/.test(list!) ? 'yes' : 'no'),
  ],
  [/^meta nfproto (ipv4|ipv6)/, ([, family]) => hit(family === 'ipv4' ? 'yes' : 'no')],
  [/^fib daddr type (\S+)/, ([, type]) => hit(type === 'local' ? 'yes' : 'no')],
  [/^(?:tcp|th) dport (\{[^}]*\}|[\d-]+)/, ([, list], { ports }) => ({ ...hit(portListHit(list!, ports)), own: true })],
  [/^ip saddr (\{[^}]*\}|[\d./]+)/, ([, list], { from }) => hit(networksHit(list!, from))],
  [/^(?:udp|icmp|icmpv6|ip6|sctp|dccp)\b.*/, () => hit('no')],
];

function ruleOf(words: string, call: Call): Rule {
  let rule: Rule = { hits: 'yes', verdict: 'nothing', own: false };
  let rest = words.slice(0, 4000);
  while (rest !== '') {
    const before = rest;
    for (const [pattern, read] of statements) {
      const match = pattern.exec(rest);
      if (!match) continue;
      const part = read(match, call);
      rule = { ...rule, ...part, hits: both(rule.hits, part.hits ?? 'yes') };
      rest = rest.slice(match[0].length).trimStart();
      break;
    }
    if (rest !== before) continue;
    // Not understood: it may hold or not.
    rest = rest.replace(/^("[^"]*"|\{[^}]*\}|\S+)\s*/, '');
    rule = { ...rule, hits: both(rule.hits, 'maybe') };
    if (rest === before) break;
  }
  return rule;
}

const items = (list: string): string[] =>
  list
    .replace(/[{}]/g, '')
    .split(',')
    .map((one) => one.trim());

function portListHit(list: string, ports: Call['ports']): Hit {
  const ruled = items(list).map(portsOf);
  if (ruled.includes(undefined)) return 'maybe';
  return portsHit(ports, ruled as NonNullable<(typeof ruled)[number]>[]);
}

function networksHit(list: string, address: string): Hit {
  const hits = items(list).map((network) => inNetwork(address, network));
  return hits.includes('yes') ? 'yes' : hits.includes('maybe') ? 'maybe' : 'no';
}

function linkHit(pattern: string, link: string | undefined): Hit {
  if (pattern === 'lo') return 'no';
  if (link === undefined) return 'maybe';
  return (pattern.endsWith('*') ? link.startsWith(pattern.slice(0, -1)) : link === pattern) ? 'yes' : 'no';
}
