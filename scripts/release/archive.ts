/** Folders into archives and back. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { unzipSync, type Zippable, zipSync } from 'fflate';

/** Packs a folder, under its own name. `quick` is for tests: larger and sooner. */
export function pack(folder: string, archive: string, quick = false): void {
  if (archive.endsWith('.zip')) {
    const files: Zippable = {};
    for (const path of filesBelow(folder))
      files[relative(dirname(folder), path).replaceAll('\\', '/')] = readFileSync(path);
    writeFileSync(archive, zipSync(files, { level: quick ? 1 : 9 }));
    return;
  }
  const words = ['--owner=0', '--group=0', '--sort=name', '-cJf', resolve(archive), basename(folder)];
  execFileSync('tar', words, {
    cwd: dirname(folder),
    env: { ...process.env, XZ_OPT: quick ? '-0 -T0' : '-6 -T0' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

export function unpack(archive: string, into: string): void {
  mkdirSync(into, { recursive: true });
  if (!archive.endsWith('.zip')) {
    execFileSync('tar', ['-xf', resolve(archive)], { cwd: into, stdio: ['ignore', 'ignore', 'inherit'] });
    return;
  }
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(archive)))) {
    mkdirSync(dirname(join(into, name)), { recursive: true });
    writeFileSync(join(into, name), bytes);
  }
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
