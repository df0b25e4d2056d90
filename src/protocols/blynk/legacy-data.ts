/** What an account of the legacy server was kept in: one JSON file, `{email}.{app}.user`. Pins of projects and their widgets become
 *  pins of devices; what has no counterpart here is counted by name. Sources: blynkkk/blynk-server core/model/auth/User.java,
 *  core/model/Profile.java, DashBoard.java, device/Device.java, widgets/OnePinWidget.java and MultiPinWidget.java. */
import type { PinValues } from './pins.ts';

export interface LegacyPin extends PinValues {
  readonly name?: string;
  readonly control?: 'switch' | 'slider' | 'value' | 'text';
  readonly min?: number;
  readonly max?: number;
  readonly unit?: string;
}

export interface LegacyDevice {
  readonly token: string;
  readonly name: string;
  /** Name of its project. */
  readonly project: string;
  readonly board?: string;
  readonly pins: readonly LegacyPin[];
}

export interface LegacyAccount {
  readonly devices: readonly LegacyDevice[];
  /** What can't be carried over: how many of each. */
  readonly left: ReadonlyMap<string, number>;
}

const mostDevices = 1000;
const longestName = 64;
const longestValue = 1024;
const mostValues = 32;
/** The name that the app gave to devices by itself. */
const nameless = /^(?:my device|new device)?$/i;

const controls: readonly (readonly [RegExp, LegacyPin['control']])[] = [
  [/^(?:BUTTON|STYLED_BUTTON|SEGMENTED_CONTROL|LED)$/, 'switch'],
  [/SLIDER|^STEP$|NUMERICAL_INPUT/, 'slider'],
  [/GAUGE|DIGIT4|LABELED_VALUE|LEVEL_DISPLAY/, 'value'],
  [/TERMINAL|TEXT_INPUT|^LCD$/, 'text'],
];
/** Widgets that are no pin, by what a person would miss. */
const others: readonly (readonly [RegExp, string])[] = [
  [/GRAPH|CHART|HISTORY/, 'charts (every pin with numbers has one here)'],
  [/EVENTOR/, 'eventors'],
  [/WEBHOOK/, 'webhooks'],
  [/TIMER/, 'timers'],
  [/REPORT/, 'reports'],
  [/BRIDGE/, 'bridges (the sketch makes them itself)'],
  [/NOTIFICATION|TWITTER|EMAIL|SMS/, 'notification settings (what boards report is in their log)'],
  [/TILES|SELECTOR/, 'device tiles and selectors'],
];

type Fields = Readonly<Record<string, unknown>>;
const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.map(fieldsOf) : []);
const wordOf = (value: unknown): string =>
  typeof value === 'string'
    ? value
        .replace(/[\u0000-\u001f\u007f]+/g, ' ')
        .trim()
        .slice(0, longestName)
    : '';
const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

/** undefined: no account of a legacy server, or one that was cut off while it was written. */
export function readLegacyAccount(text: string): LegacyAccount | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  const account = fieldsOf(parsed);
  if (typeof account['profile'] !== 'object') return undefined;
  const profile = fieldsOf(account['profile']);
  const left = new Map<string, number>();
  const leave = (what: string): void => void left.set(what, (left.get(what) ?? 0) + 1);
  const projects = listOf(profile['dashBoards']);
  const devices = projects.flatMap((project) => devicesOf(project, account, profile, leave)).slice(0, mostDevices);
  return { devices, left };
}

function devicesOf(project: Fields, account: Fields, profile: Fields, leave: (what: string) => void): LegacyDevice[] {
  const name = wordOf(project['name']) || 'Project';
  // Until 0.24 a project was one device, and its token stood beside the profile.
  const old = fieldsOf(account['dashTokens'])[String(project['id'])];
  const listed = listOf(project['devices']);
  const rows = listed.length ? listed : [{ id: 0, name, boardType: project['boardType'] }];
  const pins = pinsOf(project, profile, leave);
  return rows.flatMap((row): LegacyDevice[] => {
    const token = typeof row['token'] === 'string' ? row['token'] : typeof old === 'string' ? old : '';
    if (!/^[\w-]{1,64}$/.test(token)) {
      leave('devices without a token');
      return [];
    }
    const own = wordOf(row['name']);
    const board = wordOf(row['boardType']);
    return [
      {
        token,
        name: nameless.test(own) ? name : own,
        project: name,
        ...(board ? { board } : {}),
        pins: [...(pins.get(numberOf(row['id']) ?? 0)?.values() ?? [])],
      },
    ];
  });
}

/** Of each device of a project, by its number there. */
function pinsOf(project: Fields, profile: Fields, leave: (what: string) => void): Map<number, Map<string, LegacyPin>> {
  const devices = new Map<number, Map<string, LegacyPin>>();
  const put = (device: number, pin: LegacyPin): void => {
    const pins = devices.get(device) ?? new Map<string, LegacyPin>();
    devices.set(device, pins);
    const known = pins.get(pin.pin);
    pins.set(pin.pin, { ...pin, ...known, values: pin.values.length ? pin.values : (known?.values ?? []) });
  };
  for (const widget of listOf(project['widgets'])) {
    const type = typeof widget['type'] === 'string' ? widget['type'] : '';
    const other = others.find(([kind]) => kind.test(type));
    if (other) {
      leave(other[1]);
      continue;
    }
    const device = numberOf(widget['deviceId']) ?? 0;
    const several = listOf(widget['pins'] ?? widget['dataStreams']);
    for (const stream of several.length ? several : [widget]) {
      const pin = pinOf(stream);
      if (pin) put(device, { ...pin, ...looksOf(widget, stream, type) });
    }
  }
  // Values of pins that no widget shows. Earlier kept with the project, `0-v5`; later with the profile, `<project>-0-v5`.
  for (const [key, value] of Object.entries(fieldsOf(project['pinsStorage']))) stored(key, value);
  for (const [key, value] of Object.entries(fieldsOf(profile['pinsStorage'])))
    if (key.startsWith(`${project['id']}-`)) stored(key.slice(`${project['id']}-`.length), value);
  function stored(key: string, value: unknown): void {
    const [, device, kind, number] = /^(\d{1,9})-([vda])(\d{1,3})$/.exec(key) ?? [];
    if (device === undefined || Number(number) > 255) return;
    if (typeof value !== 'string') leave('contents of terminals, tables and maps');
    else put(Number(device), { pin: `${kind!.toUpperCase()}${Number(number)}`, values: valuesOf(value) });
  }
  return devices;
}

function pinOf({ pin, pinType, value }: Fields): LegacyPin | undefined {
  const kind = { VIRTUAL: 'V', DIGITAL: 'D', ANALOG: 'A' }[String(pinType)];
  // A widget without a pin says -1.
  if (!kind || typeof pin !== 'number' || !Number.isInteger(pin) || pin < 0 || pin > 255) return undefined;
  return { pin: `${kind}${pin}`, values: typeof value === 'string' && value !== '' ? valuesOf(value) : [] };
}

function looksOf(widget: Fields, stream: Fields, type: string): Partial<LegacyPin> {
  const name = wordOf(stream['label']) || wordOf(widget['label']);
  const control = controls.find(([kind]) => kind.test(type))?.[1];
  const min = numberOf(stream['min'] ?? widget['min']);
  const max = numberOf(stream['max'] ?? widget['max']);
  const unit = wordOf(widget['suffix'] ?? stream['suffix']).slice(0, 16);
  return {
    ...(name ? { name } : {}),
    ...(control ? { control } : {}),
    ...(min !== undefined && max !== undefined && min < max ? { min, max } : {}),
    ...(unit ? { unit } : {}),
  };
}

const valuesOf = (value: string): string[] =>
  value
    .split('\0')
    .slice(0, mostValues)
    .map((one) => one.slice(0, longestValue));
