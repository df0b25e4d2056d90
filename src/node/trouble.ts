import type { Trouble, TroubleKind } from '#machine/index.ts';

const kinds: Readonly<Record<string, TroubleKind>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
  ENONET: 'unreachable',
  EADDRINUSE: 'in-use',
  EADDRNOTAVAIL: 'not-our-address',
  EACCES: 'denied',
  EPERM: 'denied',
  ETIMEDOUT: 'timed-out',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  EMFILE: 'too-many',
  ENFILE: 'too-many',
  ENOBUFS: 'too-many',
};

/** What the operating system said, in our words. */
export function troubleOf(error: unknown): Trouble {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  const detail = typeof code === 'string' ? code : String(message ?? error);
  return { kind: (typeof code === 'string' && kinds[code]) || 'other', detail };
}
