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
  /** A word of it was heard now. */
  heard(device: string): void;
  /** Where boards find this hub, for the name server of a rescue. */
  readonly outside?: string | undefined;
  /** Other than the libraries' own, where those can't be had. */
  readonly ports?: { readonly old?: number; readonly rescue?: number; readonly names?: number };
  /** From the start until a device that has not come back is called offline, milliseconds; before, nothing is known of it. */
  readonly missingAfter?: number | undefined;
  /** A board that waited for the old cloud was taken in. */
  rescued?(address: string): void;
  webPort(): number;
  trouble(error: unknown): void;
}

/** What old libraries call: 8442 up to 0.5.0, 80 from then on. */
const oldPort = 8442;
const rescuePort = 80;
const namesPort = 53;
/** After a restart of its server a silent client of the Linux library comes back within 70 s, boards within 15. */
const usuallyMissingAfter = 90_000;

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
    rescued: (device, address, news) => void taken(device, address, news).catch(setting.trouble),
  });
  const listening: { what: string; address: string; port: number }[] = [];
  const fronts: Front[] = [];
  let names: Names | undefined;
  let announced: Awaited<ReturnType<typeof openAnnounced>> | undefined;
  let missing: NodeJS.Timeout | undefined;

  /** Its loop runs now, so its OTA port can be asked: answering or not, it is shown as a board that may be flashed. */
  async function taken(device: string, address: string, news: boolean): Promise<void> {
    const row = await devices.row(device);
    const family = row?.family ?? 'esp8266';
    const guessed = row?.port == null || Object.values(usualPorts).includes(row.port);
    await devices.sighted({ way: 'espota', address, family, port: guessed ? usualPorts[family] : row.port! }, device);
    if (!news) return;
    notice(device, 'event', 'can be flashed now that its loop runs');
    setting.rescued?.(address);
  }

  /** What should tell that it is there, and did not since the start, is not there. */
  async function findMissing(): Promise<void> {
    for (const { id, presence, ways } of await devices.list()) {
      const tells = ways.includes('blynk') || (setting.discovery && ways.some((way) => way !== 'pull'));
      if (tells && presence === 'unknown' && !setting.updates.underWay(id)) devices.presence(id, 'offline');
    }
  }

  /** On every address, or where another program has the port on some, on the one that boards know. */
  async function answerNames(): Promise<Names | Problem> {
    const { address, outside = address } = setting;
    const port = ports.names ?? namesPort;
    const open = (bind: string) => openNames(world.udp, { bind, address: outside, port });
    const found = await open(address);
    const again = 'close' in found || outside === address ? found : await open(outside);
    return 'close' in again ? again : notHad('the name server', address, port, again.detail);
  }

  return {
    write: blynk.write,
    ask: blynk.ask,
    restart: async (device) => blynk.restart(device),
    redirect: blynk.redirect,
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
        const found = await answerNames();
        if ('close' in found) {
          names = found;
          listening.push({ what: 'name server for the old cloud', address: setting.address, port: found.port });
        } else problems.push(found);
      }
      if (setting.discovery)
        announced = await openAnnounced({ ...setting, connected: blynk.connected }).catch((error: unknown) => {
          setting.trouble(error);
          return undefined;
        });
      const patience = setting.missingAfter ?? usuallyMissingAfter;
      missing = setTimeout(() => void findMissing().catch(setting.trouble), patience).unref();
      return problems;
    },
    async close() {
      clearTimeout(missing);
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
  what: `${what}: port ${port} of ${address} can't be had`,
  why: `another program has it, or only the administrator may use it: the system said ${detail}`,
  fix:
    port < 1024
      ? `end that program (\`sudo ss -lntup | grep :${port}\` names it), or give the hub an address of its own on this computer (\`sudo ip address add <a free address>/24 dev <interface>\`, then --listen <that address>); ports below 1024 need sudo`
      : 'end that program; without it only boards that use that port are missed',
});
