/** What boards say of themselves, in this hub's words. */
import type { Info } from '#protocols/blynk/index.ts';
import type { PinChange } from '../contract/index.ts';
import { plainText } from '../device-log.ts';

/** `::ffff:192.168.1.7` is an IPv4 address. */
export const plainAddress = (address: string | undefined): string | undefined => address?.replace(/^::ffff:(?=\d)/, '');

export const firmwareOf = (firmware: string | undefined, { firmwareType }: Info): string | undefined =>
  firmware === undefined || firmware === '0.0.0' ? firmwareType : [firmwareType, firmware].filter(Boolean).join(' ');

/** Blynk's names of boards: NodeMCU, ESP8266, WeMos D1 mini, ESP32, … */
export function chipOf(board: string | undefined): { family?: string; chip?: string } {
  if (board === undefined) return {};
  if (/esp-?32/i.test(board)) return { family: 'esp32' };
  if (/esp-?8266|esp-?12|esp-?01|nodemcu|wemos|d1 ?mini|esp thing/i.test(board))
    return { family: 'esp8266', chip: 'esp8266' };
  if (/rp2040|pico/i.test(board)) return { family: 'rp2040' };
  return {};
}

/** What a property says of how the pin is shown; undefined: nothing that is kept. */
export function looksOf(name: string, value: string): PinChange | undefined {
  switch (name) {
    case 'label':
      return { name: plainText(value).trim().slice(0, 64) || null };
    case 'suffix':
      return { unit: plainText(value).trim().slice(0, 16) || null };
    case 'min':
    case 'max':
      return value !== '' && Number.isFinite(Number(value)) ? { [name]: Number(value) } : undefined;
    default:
      return undefined;
  }
}
