/** `firewall-cmd --zone=… --list-all` (firewalld.zone(5)): what the zone of an interface lets in. */
import { type Call, type Inbound, type Ports, portsHit, portsOf } from './filter.ts';

export function firewalldInbound(out: string, { ports }: Call): Inbound | undefined {
  const target = field(out, 'target');
  if (target === undefined) return undefined;
  if (target === 'ACCEPT') return 'default-allow';
  const opened = (field(out, 'ports') ?? '').split(/\s+/).flatMap((word) => {
    const [range = '', protocol] = word.split('/');
    const read = portsOf(range);
    return protocol === 'tcp' && read ? [read as Ports] : [];
  });
  const hit = portsHit(ports, opened);
  if (hit === 'yes') return 'allowed';
  // Rich rules are a language of their own.
  const more = /^\s*rich rules:[^\S\n]*\S/m.test(out) || /^\s*rich rules:[^\S\n]*\n\s*rule\b/m.test(out);
  return hit === 'maybe' || more ? undefined : 'default-deny';
}

const field = (out: string, name: string): string | undefined =>
  new RegExp(`^[^\\S\\n]*${name}:[^\\S\\n]*(.*)$`, 'm').exec(out)?.[1]?.trim();
