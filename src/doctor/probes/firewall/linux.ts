/** Linux: firewalld says it to everybody, ufw in files, iptables and nft to root only. Nothing is changed. */
import type { Commands } from '#machine/index.ts';
import { millis } from '#values/index.ts';
import { type Call, type Inbound, strictestOf } from './filter.ts';
import { firewalldInbound } from './firewalld.ts';
import { iptablesInbound } from './iptables.ts';
import { nftInbound } from './nft.ts';
import { ufwDefault, ufwEnabled, ufwRule } from './ufw.ts';

export interface LinuxAnswer {
  readonly inbound: Inbound;
  /** Concluded from what runs, not read from rules. */
  readonly inferred: boolean;
}

const takes = millis(2000);

type Run = (program: string, ...words: string[]) => Promise<string | undefined>;

export async function linuxInbound(commands: Commands, call: Call): Promise<LinuxAnswer | undefined> {
  const run: Run = async (program, ...words) => {
    const told = await commands.run(program, words, { timeout: takes });
    return told?.exit === 0 ? told.out : undefined;
  };
  const ruled = await rules(run, call);
  if (ruled === 'undecided') return undefined;
  const seen = (inbound: Inbound | undefined): LinuxAnswer | undefined => inbound && { inbound, inferred: false };
  return seen(ruled) ?? seen(await firewalld(run, call)) ?? (await ufw(run, call)) ?? idle(commands);
}

/** The kernel's own rules, whoever wrote them; undefined where we may not read them. */
async function rules(run: Run, call: Call): Promise<Inbound | 'undecided' | undefined> {
  const [iptables, nft] = await Promise.all([run('iptables', '-S'), run('nft', 'list', 'ruleset')]);
  if (iptables === undefined && nft === undefined) return undefined;
  const answers = [
    iptables === undefined ? undefined : (iptablesInbound(iptables, call) ?? 'undecided'),
    nft === undefined ? undefined : (nftInbound(nft, call) ?? 'undecided'),
  ].filter((one) => one !== undefined);
  const sure = answers.filter((one): one is Inbound => one !== 'undecided');
  const strictest = strictestOf(sure);
  const drops = strictest === 'blocked' || strictest === 'default-deny';
  return sure.length === answers.length || drops ? strictest : 'undecided';
}

async function firewalld(run: Run, call: Call): Promise<Inbound | undefined> {
  const state = await run('firewall-cmd', '--state');
  if (state?.trim() !== 'running') return undefined;
  const named = call.link === undefined ? undefined : await run('firewall-cmd', `--get-zone-of-interface=${call.link}`);
  const zone = (named ?? (await run('firewall-cmd', '--get-default-zone')))?.trim();
  if (!zone || !/^[\w-]+$/.test(zone)) return undefined;
  return firewalldInbound((await run('firewall-cmd', `--zone=${zone}`, '--list-all')) ?? '', call);
}

async function ufw(run: Run, call: Call): Promise<LinuxAnswer | undefined> {
  const conf = await run('cat', '/etc/ufw/ufw.conf');
  if (conf === undefined || ufwEnabled(conf) !== true) return undefined;
  const usual = ufwDefault((await run('cat', '/etc/default/ufw')) ?? '');
  const written = await run('cat', '/etc/ufw/user.rules');
  const rule = written === undefined ? 'maybe' : ufwRule(written, call);
  if (rule === 'allowed' || rule === 'blocked') return { inbound: rule, inferred: false };
  return usual && { inbound: usual, inferred: rule === 'maybe' };
}

const services = ['ufw', 'firewalld', 'nftables', 'iptables', 'netfilter-persistent'];

/** None of the usual services is up: then most likely nothing filters. */
async function idle(commands: Commands): Promise<LinuxAnswer | undefined> {
  const told = await commands.run('systemctl', ['is-active', ...services], { timeout: takes });
  const states = told?.out.trim().split(/\s+/) ?? [];
  if (states.length !== services.length) return undefined;
  return states.every((state) => state === 'inactive' || state === 'unknown')
    ? { inbound: 'off', inferred: true }
    : undefined;
}
