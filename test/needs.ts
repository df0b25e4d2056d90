// Some tests need more of the system than Node. Where it is missing they are skipped by name; in CI that is a failure.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Needed like a program, and not one: the right to make network namespaces (root, on Linux). */
export const namespaces = 'network namespaces';

/** What is missing of these programs. Throws when CI is set and anything is. */
export function needs(...programs: readonly string[]): readonly string[] {
  const missing = programs.filter((program) => !(program === namespaces ? canMakeNamespaces() : isInstalled(program)));
  if (missing.length > 0 && process.env['CI'])
    throw new Error(`missing: ${missing.join(', ')}; npm run test:setup installs what tests need`);
  return missing;
}

const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];

const isInstalled = (program: string): boolean =>
  folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

const canMakeNamespaces = (): boolean =>
  process.platform === 'linux' && spawnSync('unshare', ['--net', '--mount', 'true']).status === 0;
