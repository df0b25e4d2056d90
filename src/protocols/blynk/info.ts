/** The info message: what a device says of itself after each login. The order of its keys says nothing. */

export interface Info {
  /** Version of the library: "0.6.1". */
  readonly library?: string;
  /** Heartbeat, seconds. */
  readonly heartbeat?: number;
  /** Longest body that it takes, bytes. */
  readonly longest?: number;
  readonly board?: string;
  readonly cpu?: string;
  readonly connection?: string;
  readonly firmware?: string;
  readonly firmwareType?: string;
  /** Compile time: to be compared for equality alone. */
  readonly build?: string;
  readonly template?: string;
  /** Every key as it came. */
  readonly all: Readonly<Record<string, string>>;
}

const keys = new Set('ver mcu ncp blynk h-beat buff-in dev cpu con conn fw fw-type build tmpl tmpl-id'.split(' '));
const longestHeartbeat = 86_400;

/** undefined: the internal message is no info. */
export function readInfo(fields: readonly string[]): Info | undefined {
  if (!keys.has(fields[0] ?? '')) return undefined;
  const all: Record<string, string> = Object.create(null);
  for (let i = 0; i + 1 < fields.length && i < 100; i += 2) if (fields[i] !== '') all[fields[i]!] = fields[i + 1]!;
  // 0.5.3-0.5.4 with a firmware version say that as `ver`, and the library's as `blynk`.
  const library = all['blynk'] ?? all['ver'];
  const firmware = all['mcu'] ?? all['ncp'] ?? all['fw'] ?? (all['blynk'] === undefined ? undefined : all['ver']);
  const whole = (key: string, most: number): number | undefined => {
    const number = /^\d{1,6}$/.test(all[key] ?? '') ? Number(all[key]) : 0;
    return number >= 1 && number <= most ? number : undefined;
  };
  return {
    ...there({
      library,
      heartbeat: whole('h-beat', longestHeartbeat),
      longest: whole('buff-in', 65_535),
      board: all['dev'],
      cpu: all['cpu'],
      connection: all['con'] ?? all['conn'],
      firmware,
      firmwareType: all['fw-type'],
      build: all['build'],
      template: all['tmpl'],
    }),
    all,
  };
}

const there = <T extends Record<string, unknown>>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;

/** Whether a library is of this version or later. An unknown one is not. */
export function libraryAtLeast(library: string | undefined, wanted: string): boolean {
  const [have, want] = [library ?? '', wanted].map((version) =>
    version.split('.').map((part) => Number.parseInt(part, 10) || 0),
  );
  for (let i = 0; i < 3; i++) {
    const difference = (have![i] ?? 0) - (want![i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return library !== undefined;
}
