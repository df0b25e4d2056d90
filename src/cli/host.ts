/** This computer, as the commands see it: the real ports, and the places where this user's things are kept. */
import { join } from 'node:path';
import type { Secrets, World } from '#machine/index.ts';
import { environment, files, realWorld, secretsIn } from '#node/index.ts';
import { type Memory, memoryIn } from '#upload/index.ts';

let world: World | undefined;

export function hostWorld(): World {
  world ??= realWorld();
  return world;
}

export const hostMemory = (): Memory => memoryIn(files, join(environment.dataFolder, 'boards'));
export const hostSecrets = (): Secrets => secretsIn(files, join(environment.configFolder, 'passwords.json'));
