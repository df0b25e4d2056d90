/** Questions and records by short words, so that a message reads like what it says. */
import { type Entry, printMessage, type Question, type QuestionType } from './wire.ts';

/** How long records hold, in seconds (RFC 6762 §10): names of hosts change, names of services rarely. */
export const hostTtl = 120;
export const serviceTtl = 4500;
/** What a legacy asker may keep (RFC 6762 §6.7). */
export const legacyTtl = 10;

export const ask = (type: QuestionType, name: string, unicast = false): Question => ({ type, name, unicast });

export const ptr = (name: string, target: string, ttl = serviceTtl): Entry => ({
  type: 'PTR',
  name,
  target,
  ttl,
  flush: false,
});
export const srv = (name: string, target: string, port: number, ttl = hostTtl): Entry => ({
  type: 'SRV',
  name,
  target,
  port,
  ttl,
  flush: true,
});
export const txt = (name: string, strings: readonly string[], ttl = serviceTtl): Entry => ({
  type: 'TXT',
  name,
  strings,
  ttl,
  flush: true,
});
export const addressRecord = (name: string, address: string, ttl = hostTtl): Entry => ({
  type: address.includes(':') ? 'AAAA' : 'A',
  name,
  address,
  ttl,
  flush: true,
});

/** The only query that JAndrassy/ArduinoOTA answers (NetApiHelpers ArduinoOTAMdnsClass.cpp): 37 bytes, one question, no QU bit, no
 *  known answers. Every other responder answers it too. */
export const arduinoQuery: Uint8Array = printMessage({
  kind: 'query',
  questions: [ask('PTR', '_arduino._tcp.local')],
})!;

/** DNS names know no upper and lower case, in ASCII. */
export const sameName = (a: string, b: string): boolean => fold(a) === fold(b);
export const fold = (name: string): string =>
  name.replace(/\.$/, '').replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** `board=d1_mini` and the like, by key; the first of each key counts, keys without `=` are true (RFC 6763 §6.4). */
export function txtValues(strings: readonly string[]): Readonly<Record<string, string>> {
  const values: Record<string, string> = Object.create(null);
  for (const one of strings) {
    const at = one.indexOf('=');
    const key = (at < 0 ? one : one.slice(0, at)).toLowerCase();
    if (key && !(key in values)) values[key] = at < 0 ? '' : one.slice(at + 1);
  }
  return values;
}
