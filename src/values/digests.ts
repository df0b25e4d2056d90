/** Digests, synchronous and the same in Node and the browser (@noble/hashes). */
import { md5 as md5Of } from '@noble/hashes/legacy.js';
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { sha256 as sha256Of } from '@noble/hashes/sha2.js';
import { ascii, toHex } from './bytes.ts';

const bytesOf = (input: Uint8Array | string): Uint8Array => (typeof input === 'string' ? ascii(input) : input);

export const md5 = (input: Uint8Array | string): Uint8Array => md5Of(bytesOf(input));
export const md5Hex = (input: Uint8Array | string): string => toHex(md5(input));
export const sha256 = (input: Uint8Array | string): Uint8Array => sha256Of(bytesOf(input));
export const sha256Hex = (input: Uint8Array | string): string => toHex(sha256(input));

/** PBKDF2-HMAC-SHA256, 32 bytes. */
export const pbkdf2Sha256 = (password: string, salt: string, iterations: number): Uint8Array =>
  pbkdf2(sha256Of, ascii(password), ascii(salt), { c: iterations, dkLen: 32 });
