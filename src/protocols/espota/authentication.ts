/** The two password schemes. MD5: every ESP8266 and RP2040 core, ESP32 before 3.3.1. SHA-256 with PBKDF2: ESP32 from 3.3.1. */
import { ascii, md5Hex, pbkdf2Sha256, sha256Hex, toHex } from '#values/index.ts';

const iterations = 10_000;

/** The answer to a challenge; the nonce's length (32 or 64) tells the scheme. `hash` is what the sketch stores. */
export function responseTo(nonce: string, cnonce: string, hash: string): string {
  if (nonce.length === 32) return md5Hex(`${hash}:${nonce}:${cnonce}`);
  const key = toHex(pbkdf2Sha256(hash, `${nonce}:${cnonce}`, iterations));
  return sha256Hex(`${key}:${nonce}:${cnonce}`);
}

export type Scheme = 'md5' | 'sha256' | 'sha256-of-md5';

/** What the sketch stores of a password, by scheme. ESP32 sketches older than 3.3.1 may still hold an MD5. */
export const storedHash = (scheme: Scheme, password: string): string =>
  scheme === 'sha256' ? sha256Hex(ascii(password)) : md5Hex(ascii(password));
