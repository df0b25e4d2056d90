/** A certificate of the hub's own, made once and kept beside its data. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';

/** Browsers refuse certificates that last longer than 825 days. */
const lasts = 820 * 24 * 3_600_000;

/** Kept as long as it is for all these addresses and not about to end. */
export async function selfSigned(
  folder: string,
  addresses: readonly string[],
): Promise<{ readonly cert: string; readonly key: string }> {
  const path = join(folder, 'tls.json');
  const kept = await readFile(path, 'utf8').then(
    (text) => JSON.parse(text) as { cert: string; key: string; names: string[]; until: number },
    () => undefined,
  );
  const names = [...new Set([...addresses, '127.0.0.1', 'localhost', hostname(), `${hostname()}.local`])];
  if (kept && names.every((name) => kept.names.includes(name)) && kept.until > Date.now() + 30 * 24 * 3_600_000)
    return kept;
  const until = Date.now() + lasts;
  const altNames = names.map((name) =>
    isIP(name) ? { type: 7 as const, ip: name } : { type: 2 as const, value: name },
  );
  const made = await generate([{ name: 'commonName', value: `whyota hub on ${hostname()}` }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notAfterDate: new Date(until),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'subjectAltName', altNames },
    ],
  });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const whole = { cert: made.cert, key: made.private, names, until };
  await writeFile(path, JSON.stringify(whole), { mode: 0o600 });
  return whole;
}
