/** What the OTA libraries of the cores announce under `_arduino._tcp` (the port is UDP all the same). */
import type { AnnouncedService } from './responder.ts';

export interface ArduinoService {
  /** The name given to ArduinoOTA.setHostname(). */
  readonly name: string;
  readonly port: number;
  /** Value of the TXT key; which one a core gives is `announcedBoard`'s business. */
  readonly board: string;
  readonly password: boolean;
}

/** esp8266/Arduino ESP8266mDNS, espressif/arduino-esp32 ESPmDNS.cpp, arduino-pico: the same four keys in no fixed order. */
export const arduinoService = ({ name, port, board, password }: ArduinoService): AnnouncedService => ({
  type: '_arduino._tcp',
  name,
  port,
  txt: ['tcp_check=no', 'ssh_upload=no', `board=${board}`, `auth_upload=${password ? 'yes' : 'no'}`],
});

/** What an ESP8266 core says of its board, from the board's id and its build.board: 2.0.0 to 2.2.0 always `generic`, up to
 *  3.0.2 build.board (2.5.0 on in literal quotes), then the id. */
export function announcedBoard(core: string, board: { readonly id: string; readonly build: string }): string {
  const [major = 0, minor = 0] = core.split('.').map(Number);
  const version = major * 100 + minor;
  if (version < 203) return 'generic';
  if (version < 205) return board.build;
  return version < 301 ? `"${board.build}"` : board.id;
}
