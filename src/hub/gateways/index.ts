/** gateways: the ways by which devices reach the hub, joined.
 *  blynk.ts: Blynk's protocol.  announced.ts: boards that announce themselves.  web.ts: updates that are fetched, and the paths of
 *  Blynk's servers.  websocket.ts: Blynk in browsers.  names.ts: a name server for the names of the old cloud. */
import type { Server as HttpServer } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { World } from '#machine/index.ts';
import type { Problem } from '#values/index.ts';
import type { Devices } from '../devices.ts';
import { type Front, openFront, type Tls } from '../front.ts';
import type { Pins } from '../pins.ts';
import type { Updates } from '../updates/index.ts';
import { openAnnounced } from './announced.ts';
import { openBlynk } from './blynk.ts';
import { type Names, openNames } from './names.ts';
import type { Gateways } from './types.ts';
import { serveDevices } from './web.ts';
import { serveWebSockets } from './websocket.ts';

export type { Gateways } from './types.ts';
export { isBlynkUpgrade } from './websocket.ts';

export interface GatewaysSetting {
  readonly world: World;
  readonly devices: Devices;
  readonly pins: Pins;
  readonly updates: Updates;
  readonly wall: () => number;
  readonly address: string;
  readonly tls?: Tls | undefined;
  /** Whether boards that announce themselves are looked for. */
  readonly discovery: boolean;
  readonly rescue: boolean;
  /** Whether a device comes and goes all the time. */
  flapping(device: string): boolean;
  /** Where boards find this hub, for the name server of a rescue. */
  readonly outside?: string | undefined;
  /** Other than the libraries' own, where those can't be had. */
  readonly ports?: { readonly old?: number; readonly rescue?: number; readonly names?: number };
  webPort(): number;
  trouble(error: unknown): void;
}

/** What old libraries call: 8442 up to 0.5.0, 80 from then on. */
const oldPort = 8442;
const rescuePort = 80;

/** `serve` puts the devices' paths into the web server; `open` listens, and resolves to what could not be had. */
export function openGateways(setting: GatewaysSetting): Gateways & {
  serve(app: FastifyInstance): void;
  open(http: HttpServer): Promise<readonly Problem[]>;
} {
  const { devices, world, ports = {} } = setting;
  const notice = (device: string, kind: 'notify' | 'event' | 'trouble', text: string): void => {
    void devices.log(device, kind, text).catch(setting.trouble);
  };
  const blynk = openBlynk({
    ...setting,
    notice,
    rescued: (device, address) => void taken(device, address).catch(setting.trouble),
  });
  const listening: { what: string; address: string; port: number }[] = [];
  const fronts: Front[] = [];
  let names: Names | undefined;
  let announced: Awaited<ReturnType<typeof openAnnounced>> | undefined;

  /** Its loop runs now, so its OTA port can be asked: answering or not, it is shown as a board that may be flashed. */
  async function taken(device: string, address: string): Promise<void> {
    const row = await devices.row(device);
    const family = row?.family ?? 'esp8266';
    await devices.sighted({ way: 'espota', address, family, port: row?.port ?? usualPorts[family] }, device);
    notice(device, 'event', 'can be flashed now that its loop runs');
  }

  return {
    write: blynk.write,
    ask: blynk.ask,
    restart: async (device) => blynk.restart(device),
    sendOta: async (device, path) => blynk.sendOta(device, path),
    accept: blynk.accept,
    drop: blynk.drop,
    listening,
    serve: (app) => serveDevices(app, { ...setting, write: blynk.write, connected: blynk.connected, notice }),
    async open(http) {
      serveWebSockets(http, blynk.accept);
      const problems: Problem[] = [];
      const listen = async (what: string, port: number): Promise<void> => {
        try {
          const { address, tls } = setting;
          const front = await openFront({ address, port, tls, http, device: blynk.accept });
          fronts.push(front);
          listening.push({ what, address, port: front.port });
        } catch (error) {
          problems.push(notHad(what, setting.address, port, (error as Error).message));
        }
      };
      await listen('Blynk devices with old libraries', ports.old ?? oldPort);
      if (setting.rescue) {
        await listen('boards that look for the old cloud', ports.rescue ?? rescuePort);
        const found = await openNames(world.udp, {
          bind: setting.address,
          address: setting.outside ?? setting.address,
          ...(ports.names === undefined ? {} : { port: ports.names }),
        });
        if ('close' in found) {
          names = found;
          listening.push({ what: 'name server for the old cloud', address: setting.address, port: found.port });
        } else problems.push(notHad('the name server', setting.address, ports.names ?? 53, found.detail));
      }
      if (setting.discovery)
        announced = await openAnnounced({ ...setting, connected: blynk.connected }).catch((error: unknown) => {
          setting.trouble(error);
          return undefined;
        });
      return problems;
    },
    async close() {
      await announced?.close();
      names?.close();
      blynk.close();
      await Promise.all(fronts.map((front) => front.close()));
    },
  };
}

const usualPorts: Readonly<Record<string, number>> = { esp8266: 8266, esp32: 3232, rp2040: 2040 };

const notHad = (what: string, address: string, port: number, detail: string): Problem => ({
  code: 'hub-port-taken',
  what: `${what}: port ${port} can't be had`,
  why: `another program has it, or only the administrator may use it: the system said ${detail}`,
  fix:
    port < 1024
      ? `free it (\`sudo ss -lntup | grep :${port}\` names the program), run the hub as a system service (\`whyota hub --install\`), or give it another address of this computer: --listen ${address === '0.0.0.0' ? '<address>' : address}`
      : 'end that program; without it only boards that use that port are missed',
});
