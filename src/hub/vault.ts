/** Secrets at rest: AES-256-GCM with a key that stands in a file of its own, so that a copied database tells nothing. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { Secret } from '#values/index.ts';

export interface Vault {
  seal(secret: string): string;
  /** undefined when it was sealed with another key, or damaged. */
  open(sealed: string): Secret | undefined;
}

const ivBytes = 12;
const tagBytes = 16;

/** Reads the key file (0600), or makes it. */
export function openVault(path: string): Vault {
  try {
    writeFileSync(path, randomBytes(32), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const key = readFileSync(path);
  if (key.length !== 32) throw new Error(`${path} is not a key: it has ${key.length} bytes instead of 32`);
  return {
    seal(secret) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64');
    },
    open(sealed) {
      try {
        const bytes = Buffer.from(sealed, 'base64');
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes));
        decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
        return new Secret(
          decipher.update(bytes.subarray(ivBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8'),
        );
      } catch {
        return undefined;
      }
    },
  };
}
