/** A packet filter as a list of rules, and what it does to the board's call. Conditions that are not understood may hold or
 *  not: where that changes the outcome there is none. */
import type { FactValue } from '#values/facts.ts';

export type Inbound = FactValue<'host.firewall.inbound'>;

/** The board's call: a new TCP connection to one of our ports (a range where it is not fixed). */
export interface Call {
  readonly from: string;
  readonly ports: Ports;
  /** The interface it comes in by. */
  readonly link?: string | undefined;
}

export interface Ports {
  readonly from: number;
  readonly to: number;
}

export type Hit = 'yes' | 'no' | 'maybe';
export type Verdict = 'accept' | 'drop' | 'return' | 'nothing' | { readonly jump: string };

export interface Rule {
  readonly hits: Hit;
  readonly verdict: Verdict;
  /** It names our port: somebody wrote it for us, or against us. */
  readonly own: boolean;
}

export interface Chain {
  readonly policy?: 'accept' | 'drop' | undefined;
  readonly rules: readonly Rule[];
}

export const both = (...hits: readonly Hit[]): Hit =>
  hits.includes('no') ? 'no' : hits.includes('maybe') ? 'maybe' : 'yes';

/** Whether a rule's ports are ours: all of ours, none, or some. */
export function portsHit({ from, to }: Ports, ruled: readonly Ports[]): Hit {
  if (ruled.some((one) => one.from <= from && to <= one.to)) return 'yes';
  return ruled.some((one) => one.from <= to && from <= one.to) ? 'maybe' : 'no';
}

interface Outcome {
  readonly does: 'accept' | 'drop' | 'through' | 'unsure';
  readonly own: boolean;
}

const deepest = 16;
const mostSteps = 20_000;

/** What the chain does in the end; undefined when that hangs on a condition that is not understood. */
export function inboundThrough(start: string, chains: ReadonlyMap<string, Chain>): Inbound | undefined {
  let steps = 0;

  const walk = (name: string, depth: number): Outcome => {
    const chain = chains.get(name);
    if (!chain || depth > deepest) return { does: 'unsure', own: false };
    const possible: Outcome[] = [];
    const settle = (last: Outcome): Outcome =>
      possible.every(({ does }) => does === last.does) ? last : { does: 'unsure', own: false };
    for (const { hits, verdict, own } of chain.rules) {
      if (++steps > mostSteps) return { does: 'unsure', own: false };
      if (hits === 'no' || verdict === 'nothing') continue;
      const outcome: Outcome =
        typeof verdict === 'object'
          ? walk(verdict.jump, depth + 1)
          : verdict === 'return'
            ? { does: 'through', own: false }
            : { does: verdict, own };
      if (typeof verdict === 'object' && outcome.does === 'through') continue;
      if (hits === 'yes') return settle(outcome);
      possible.push(outcome);
    }
    return settle({ does: chain.policy ?? 'through', own: false });
  };

  const chain = chains.get(start);
  if (!chain) return undefined;
  if (chain.rules.length === 0 && chain.policy !== 'drop') return 'off';
  const { does, own } = walk(start, 0);
  if (does === 'unsure') return undefined;
  if (does === 'drop') return own ? 'blocked' : 'default-deny';
  // Where the default is to drop, any rule that lets the call in is an exception made for it.
  return own || chain.policy === 'drop' ? 'allowed' : 'default-allow';
}

const strictest: readonly Inbound[] = ['blocked', 'default-deny', 'allowed', 'default-allow', 'off'];

/** A packet has to pass every filter there is. */
export const strictestOf = (answers: readonly Inbound[]): Inbound | undefined =>
  strictest.find((one) => answers.includes(one));

/** Whether an address is in a network written `192.168.1.0/24`, or is that address. */
export function inNetwork(address: string, network: string): Hit {
  const [base = '', prefix = '32'] = network.split('/');
  const [a, b] = [number(address), number(base)];
  const bits = /^\d{1,2}$/.test(prefix) ? Number(prefix) : undefined;
  if (a === undefined || b === undefined || bits === undefined || bits > 32) return 'maybe';
  const size = 2 ** (32 - bits);
  return Math.floor(a / size) === Math.floor(b / size) ? 'yes' : 'no';
}

function number(address: string): number | undefined {
  const parts = address.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** `22`, `1000:2000` or `1000-2000`. */
export function portsOf(words: string): Ports | undefined {
  const [, from, to] = /^(\d{1,5})(?:[:-](\d{1,5}))?$/.exec(words.trim()) ?? [];
  return from === undefined ? undefined : { from: Number(from), to: Number(to ?? from) };
}
