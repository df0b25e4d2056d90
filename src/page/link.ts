/** Facts in the fragment of a link: JSON, deflated, in base64url. A fragment never reaches a server. */
import { deflateSync, inflateSync } from 'fflate';
import { type Fact, type FactsFile, parseFacts } from '#values/facts.ts';
import type { Result } from '#values/index.ts';

const key = 'facts=';

/** Longer than any honest link; what it could inflate to stays within some megabytes. */
const longestFragment = 12_000;

/** `facts=…`, without the `#`. */
export function packFacts(facts: readonly Fact[]): string {
  const bare = facts.map(({ fact, value, source, inferred }) => ({
    fact,
    value,
    source,
    ...(inferred && { inferred }),
  }));
  const packed = deflateSync(new TextEncoder().encode(JSON.stringify({ version: 1, facts: bare })), { level: 9 });
  return (
    key +
    btoa(String.fromCharCode(...packed))
      .replace(/\+/g, '-')
      .replace(/\//g, '_')
      .replace(/=+$/, '')
  );
}

/** The facts of a fragment; undefined when it is not one of ours, a problem when it is damaged. */
export function unpackFacts(fragment: string): Result<FactsFile> | undefined {
  const text = fragment.replace(/^#/, '');
  if (!text.startsWith(key)) return undefined;
  return text.length > longestFragment ? parseFacts('') : parseFacts(inflated(text.slice(key.length)) ?? '');
}

function inflated(text: string): string | undefined {
  try {
    const packed = Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (each) => each.charCodeAt(0));
    return new TextDecoder().decode(inflateSync(packed));
  } catch {
    return undefined;
  }
}
