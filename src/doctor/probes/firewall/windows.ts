/** Windows: what PowerShell's NetSecurity and NetConnection modules say. Their names for things are the same in every
 *  language of Windows. One run of PowerShell, as starting it takes longest. */
import type { FactValue } from '#values/facts.ts';
import type { Inbound } from './filter.ts';

/** The rules are those of the program that started PowerShell: ours. Rules go by program, whatever the port. */
export const windowsQuestion = [
  "$ErrorActionPreference = 'SilentlyContinue'",
  '$parent = (Get-CimInstance Win32_Process -Filter "ProcessId=$PID").ParentProcessId',
  '$program = (Get-Process -Id $parent).Path',
  '$profiles = @(Get-NetFirewallProfile -PolicyStore ActiveStore | ForEach-Object { @{ name = [string]$_.Name; enabled = [string]$_.Enabled; inbound = [string]$_.DefaultInboundAction } })',
  '$connections = @(Get-NetConnectionProfile | ForEach-Object { @{ category = [string]$_.NetworkCategory; addresses = @(Get-NetIPAddress -InterfaceIndex $_.InterfaceIndex | ForEach-Object { [string]$_.IPAddress }) } })',
  '$rules = @(Get-NetFirewallApplicationFilter -Program $program | Get-NetFirewallRule | Where-Object { [string]$_.Direction -eq "Inbound" -and [string]$_.Enabled -eq "True" } | ForEach-Object { @{ action = [string]$_.Action; profile = [string]$_.Profile } })',
  '$products = @(Get-CimInstance -Namespace root/SecurityCenter2 -ClassName FirewallProduct | ForEach-Object { [string]$_.displayName })',
  'ConvertTo-Json -Compress -Depth 5 @{ profiles = $profiles; connections = $connections; rules = $rules; products = $products }',
].join('; ');

export interface WindowsAnswer {
  readonly category?: FactValue<'host.network-category'>;
  readonly inbound?: Inbound;
}

const categories: Readonly<Record<string, FactValue<'host.network-category'>>> = {
  Public: 'public',
  Private: 'private',
  DomainAuthenticated: 'domain',
};
const profileNames = { public: 'Public', private: 'Private', domain: 'Domain' } as const;

/** `source`: the address that packets to the board leave with. Undefined where PowerShell said nothing of use. */
export function windowsInbound(out: string, source: string | undefined): WindowsAnswer | undefined {
  let told: unknown;
  try {
    told = JSON.parse(out.replace(/^\ufeff/, '').trim());
  } catch {
    return undefined;
  }
  const said = listOf(told);
  const connections = said('connections');
  const connection =
    connections.find(({ addresses }) => source !== undefined && [addresses].flat().includes(source)) ??
    (connections.length === 1 ? connections[0] : undefined);
  const word = connection?.['category'];
  const category = typeof word === 'string' && Object.hasOwn(categories, word) ? categories[word] : undefined;
  if (!category) return undefined;
  const profile = said('profiles').find(({ name }) => name === profileNames[category]);
  const inbound = profile && inboundOf(profile, said('rules'), profileNames[category], hasOther(told));
  return { category, ...(inbound && { inbound }) };
}

type Entry = Readonly<Record<string, unknown>>;

const listOf =
  (told: unknown) =>
  (name: string): readonly Entry[] =>
    [(told as Entry | null)?.[name] ?? []]
      .flat()
      .filter((entry): entry is Entry => typeof entry === 'object' && entry !== null);

/** Another maker's firewall takes the place of Windows' own, and says nothing here. */
const hasOther = (told: unknown): boolean => [(told as Entry | null)?.['products'] ?? []].flat().length > 0;

function inboundOf(profile: Entry, rules: readonly Entry[], name: string, other: boolean): Inbound | undefined {
  if (other) return undefined;
  if (profile['enabled'] === 'False') return 'off';
  if (profile['enabled'] !== 'True') return undefined;
  const here = rules.filter((rule) => {
    const profiles = String(rule['profile']).split(/,\s*/);
    return profiles.includes('Any') || profiles.includes(name);
  });
  // A rule that blocks wins over every one that allows.
  if (here.some(({ action }) => action === 'Block')) return 'blocked';
  if (here.some(({ action }) => action === 'Allow')) return 'allowed';
  return profile['inbound'] === 'Allow' ? 'default-allow' : 'default-deny';
}
