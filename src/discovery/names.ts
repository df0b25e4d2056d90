/** Names as people type them, and the nearest ones that exist. */
import { sameName } from '#protocols/mdns/index.ts';
import type { Device } from './devices.ts';

/** `Kitchen.local.` and `kitchen` are the same name. */
export const baseName = (typed: string): string => typed.replace(/\.$/, '').replace(/\.local$/i, '');

export const isNamed = (device: Pick<Device, 'name' | 'host'>, base: string): boolean =>
  sameName(device.name, base) || (device.host !== undefined && sameName(device.host, `${base}.local`));

/** The names that are a slip of the finger away, nearest first. */
export function nearest(base: string, names: readonly string[]): string[] {
  const wanted = squeeze(base);
  const most = Math.max(1, Math.floor(wanted.length / 4));
  return [...new Set(names)]
    .map((name) => ({ name, slips: slips(wanted, squeeze(name)) }))
    .filter((one) => one.slips <= most)
    .sort((a, b) => a.slips - b.slips)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** `esp_01`, `ESP-01` and `esp 01` are one name to a person. */
const squeeze = (name: string): string => name.toLowerCase().replace(/[-_\s."']/g, '');

/** Levenshtein's distance. */
function slips(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + Number(a[i - 1] !== b[j - 1])));
    row = next;
  }
  return row.at(-1)!;
}
