/** What an unpacked archive must have, and whether its programs are for the platform it names. */
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { launcherFile, nodeFile, type Platform } from './platforms.ts';

/** What is wrong with it, in plain words; nothing when all is well. */
export function faultsOf(folder: string, platform: Platform): string[] {
  const binding = join('app/node_modules/@serialport/bindings-cpp/prebuilds', platform.binding);
  const node = join('app', nodeFile(platform));
  const wanted = [
    launcherFile(platform),
    'README.md',
    'LICENSE',
    node,
    'app/NODE-LICENSE',
    'app/dist/whyota.mjs',
    'app/dist/console/index.html',
    'app/dist/why-did-my-upload-fail.html',
    'app/docs/reference/commands.md',
    'app/node_modules/serialport/package.json',
    binding,
  ];
  const missing = wanted.filter((name) => !existsSync(join(folder, name)));
  const faults = missing.map((name) => `${name} is missing`);
  for (const name of [node, binding].filter((one) => !missing.includes(one))) {
    const kinds = kindsOf(join(folder, name));
    if (!kinds.includes(platform.id)) faults.push(`${name} is for ${kinds.join(' and ') || 'no platform known here'}`);
  }
  if (platform.archive !== 'zip')
    for (const name of [node, launcherFile(platform)])
      if (!missing.includes(name) && !(statSync(join(folder, name)).mode & 0o111)) faults.push(`${name} can't be run`);
  return faults;
}

const machines: Readonly<Record<number, string>> = { 62: 'x64', 183: 'arm64' };
const processors: Readonly<Record<number, string>> = { 16777223: 'x64', 16777228: 'arm64' };

/** The platforms that a program or library says it is for: ELF, PE, Mach-O, or a universal file of several Mach-O. */
export function kindsOf(path: string): string[] {
  const head = Buffer.alloc(4096);
  const file = openSync(path, 'r');
  readSync(file, head);
  closeSync(file);
  if (head.readUInt32BE(0) === 0x7f454c46) return [`linux-${machines[head.readUInt16LE(18)]}`];
  if (head.readUInt32LE(0) === 0xfeedfacf) return [`macos-${processors[head.readUInt32LE(4)]}`];
  if (head.readUInt32BE(0) === 0xcafebabe) {
    const count = Math.min(head.readUInt32BE(4), 8);
    return Array.from({ length: count }, (_, i) => `macos-${processors[head.readUInt32BE(8 + 20 * i)]}`);
  }
  const pe = head.readUInt32LE(0x3c);
  if (head.toString('latin1', 0, 2) === 'MZ' && pe < 4000 && head.readUInt16LE(pe + 4) === 0x8664)
    return ['windows-x64'];
  return [];
}
