/** Pins and their frames: `V5` is `vw\05\0value…`. */

/** V virtual, D digital, A analog; the number is 0 to 255. */
export interface PinValues {
  readonly pin: string;
  readonly values: readonly string[];
}

const kinds: Readonly<Record<string, string>> = { d: 'D', a: 'A', v: 'V' };

/** The fields of a hardware body that writes a pin; 'malformed' where it writes none that there is; undefined: no write. */
export function readPinWrite(fields: readonly string[]): PinValues | 'malformed' | undefined {
  const [what = '', number = '', ...values] = fields;
  const kind = kinds[what[0]?.toLowerCase() ?? ''];
  if (kind === undefined || what.length !== 2) return 'malformed';
  if (what[1] !== 'w') return undefined;
  if (!isPinNumber(number)) return 'malformed';
  return { pin: `${kind}${Number(number)}`, values: values.length ? values : [''] };
}

export const isPinNumber = (text: string): boolean => /^\d{1,3}$/.test(text) && Number(text) <= 255;

/** The fields that write a pin at a device. */
export const pinWriteFields = ({ pin, values }: PinValues): readonly string[] => [
  `${pin[0]!.toLowerCase()}w`,
  pin.slice(1),
  ...values,
];

/** Virtual pins that a sync asks for; 'all' for an empty body; 'malformed'. */
export function readSync(fields: readonly string[]): readonly string[] | 'all' | 'malformed' {
  const [what = '', ...numbers] = fields;
  if (what === '' && numbers.length === 0) return 'all';
  const kind = kinds[what[0]?.toLowerCase() ?? ''];
  if (kind === undefined || what[1] !== 'r' || numbers.length === 0) return 'malformed';
  return numbers.filter(isPinNumber).map((number) => `${kind}${Number(number)}`);
}
