/** ufw's own files: they can be read without its command, which wants root. */
import { type Call, type Inbound, inNetwork, type Ports, portsHit, portsOf } from './filter.ts';

/** Whether /etc/ufw/ufw.conf switches it on; undefined when it does not say. */
export const ufwEnabled = (conf: string): boolean | undefined => {
  const [, said] = /^\s*ENABLED\s*=\s*"?(yes|no)"?/im.exec(conf) ?? [];
  return said === undefined ? undefined : said.toLowerCase() === 'yes';
};

/** What /etc/default/ufw does with what no rule speaks of. */
export const ufwDefault = (defaults: string): Inbound | undefined => {
  const [, said] = /^\s*DEFAULT_INPUT_POLICY\s*=\s*"?(\w+)"?/im.exec(defaults) ?? [];
  if (said === undefined) return undefined;
  return said.toUpperCase() === 'ACCEPT' ? 'default-allow' : 'default-deny';
};

/** The first rule of /etc/ufw/user.rules that is for this call: `### tuple ### allow tcp 10000:60000 0.0.0.0/0 any
 *  192.168.1.0/24 in`. Undefined: none; `maybe`: one that is for some of our ports only, or is not understood. */
export function ufwRule(rules: string, { from, ports }: Call): 'allowed' | 'blocked' | 'maybe' | undefined {
  const tuples = rules.matchAll(/^### tuple ### (\S+) (\S+) (\S+) (\S+) (\S+) (\S+) (\S+)/gm);
  for (const [, action, protocol, dport, , sport, source, direction] of tuples) {
    if (!/^in(_|$)/.test(direction!) || (protocol !== 'tcp' && protocol !== 'any')) continue;
    if (source!.includes(':')) continue;
    const ruled = dport === 'any' ? [{ from: 0, to: 65535 }] : dport!.split(',').map(portsOf);
    const hit = ruled.includes(undefined) ? 'maybe' : portsHit(ports, ruled as Ports[]);
    const near = source === 'any' ? 'yes' : inNetwork(from, source!);
    if (hit === 'no' || near === 'no') continue;
    if (hit === 'maybe' || near === 'maybe' || sport !== 'any' || direction !== 'in') return 'maybe';
    return /^(allow|limit)/.test(action!) ? 'allowed' : 'blocked';
  }
  return undefined;
}
