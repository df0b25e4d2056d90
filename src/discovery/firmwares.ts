/** What each service says of the board behind it. One row a service type; a row that can't tell says nothing. */
import type { Service } from '#protocols/mdns/index.ts';

export type FirmwareKind = 'ArduinoOTA' | 'ESPHome' | 'WLED' | 'Tasmota' | 'Shelly';
export type Family = 'esp8266' | 'esp32' | 'rp2040';

export interface Reading {
  readonly firmware: FirmwareKind;
  /** A name for people, where one beside the instance's is announced. */
  readonly title?: string | undefined;
  readonly version?: string | undefined;
  readonly board?: string | undefined;
  readonly chip?: string | undefined;
  readonly family?: Family | undefined;
  /** Twelve hex digits as announced. */
  readonly mac?: string | undefined;
  /** Whether an update needs a password. */
  readonly password?: boolean | undefined;
}

/** Ports on which ArduinoOTA listens unless told otherwise (E8, E32, arduino-pico: ArduinoOTA.h). */
export const otaPorts: Readonly<Record<Family, number>> = { esp8266: 8266, esp32: 3232, rp2040: 2040 };

/** JAndrassy/ArduinoOTA: an HTTP upload, announced under the same service type. */
export const httpPushPort = 65280;

export const readers: Readonly<Record<string, (service: Service) => Reading | undefined>> = {
  '_arduino._tcp': ({ port, txt }) => {
    // esp8266/Arduino 2.5.0 to 3.0.2 turn the macro into a string once more: the value carries its quotes.
    const board = txt['board']?.replace(/^"(.*)"$/s, '$1');
    const family = port === httpPushPort ? undefined : familyOf(board, port);
    return {
      firmware: 'ArduinoOTA',
      board,
      family,
      chip: chipOf(board) ?? (family === 'esp8266' ? 'ESP8266' : undefined),
      password: txt['auth_upload'] === undefined ? undefined : txt['auth_upload'] === 'yes',
    };
  },
  // esphome @ 2024.10.2 components/mdns/mdns_component.cpp
  '_esphomelib._tcp': ({ txt }) => ({
    firmware: 'ESPHome',
    title: txt['friendly_name'],
    version: txt['version'],
    board: txt['board'],
    family: familyOf(txt['platform'], undefined) ?? familyOf(txt['board'], undefined),
    chip: chipOf(txt['board']) ?? chipOf(txt['platform']),
    mac: txt['mac'],
  }),
  // WLED wled00/wled.cpp, since 0.10
  '_wled._tcp': ({ txt }) => ({ firmware: 'WLED', mac: txt['mac'] }),
  '_tasmota._tcp': ({ txt }) => ({ firmware: 'Tasmota', version: txt['version'] }),
  // Shelly, second generation on: gen, app and ver beside the name.
  '_shelly._tcp': ({ txt }) => ({ firmware: 'Shelly', version: txt['ver'], board: txt['app'] }),
  '_prometheus-http._tcp': () => undefined,
  '_http._tcp': ({ name, txt }) => {
    if (/^tasmota([-_ ]|$)/i.test(name)) return { firmware: 'Tasmota', version: txt['version'] };
    if (/^wled([-_ ]|$)/i.test(name)) return { firmware: 'WLED' };
    if (/^shelly/i.test(name))
      return {
        firmware: 'Shelly',
        version: txt['fw_id'] ?? txt['ver'],
        board: txt['app'],
        family: familyOf(txt['arch'], undefined),
      };
    return undefined;
  },
};

export const serviceTypes: readonly string[] = Object.keys(readers);

/** The board's name where it is clear, else the port: sketches may choose any. */
function familyOf(board: string | undefined, port: number | undefined): Family | undefined {
  if (board && /esp32/i.test(board)) return 'esp32';
  if (board && /esp8266|^d1(_|$)|^nodemcu/i.test(board)) return 'esp8266';
  if (board && /^rpipico|rp2040|rp2350/i.test(board)) return 'rp2040';
  return (Object.keys(otaPorts) as Family[]).find((family) => otaPorts[family] === port);
}

function chipOf(board: string | undefined): string | undefined {
  const [, kind] = /^esp32-?((?:s[23]|c[2356]|h2|p4)?)(?:$|[-_])/i.exec(board ?? '') ?? [];
  if (kind !== undefined) return kind ? `ESP32-${kind.toUpperCase()}` : 'ESP32';
  if (/esp8266/i.test(board ?? '')) return 'ESP8266';
  const [, pico] = /^rpipico(2?)/i.exec(board ?? '') ?? [];
  return pico === undefined ? undefined : pico ? 'RP2350' : 'RP2040';
}
