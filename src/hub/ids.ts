/** Names that nobody can guess, and what is kept of secrets that others hold. */
import { createHash, randomBytes } from 'node:crypto';

/** 96 bits: an id in addresses and tables. */
export const newId = (): string => randomBytes(12).toString('hex');

/** 32 letters and digits, as Blynk's sketches expect of a token. */
export function newDeviceToken(): string {
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
  let token = '';
  while (token.length < 32)
    // 248 is the largest multiple of 62 in a byte: above it some letters would come more often.
    for (const byte of randomBytes(40)) if (byte < 248 && token.length < 32) token += letters[byte % 62];
  return token;
}

/** For links, sessions and API tokens: 192 bits, safe in an address. */
export const newKey = (): string => randomBytes(24).toString('base64url');

export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');
