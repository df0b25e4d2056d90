import { randomBytes } from 'node:crypto';
import type { Random } from '#machine/index.ts';

export const random: Random = { bytes: (count) => new Uint8Array(randomBytes(count)) };
