/** The places where this user's things are kept. What needs the network is in world.ts, loaded only when it is needed. */
import { join } from 'node:path';
import type { Secrets } from '#machine/index.ts';
import { environment, files, secretsIn } from '#node/index.ts';
import { type Memory, memoryIn } from '#upload/index.ts';

export const hostMemory = (): Memory => memoryIn(files, join(environment.dataFolder, 'boards'));
export const hostSecrets = (): Secrets => secretsIn(files, join(environment.configFolder, 'passwords.json'));
