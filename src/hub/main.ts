/** One hub: its parts, put together. Opens no ports of its own choice and knows no command line. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Commands, Environment, Http, World } from '#machine/index.ts';
import type { Problem } from '#values/index.ts';
import { serveBytes } from './api/bytes.ts';
import { serveConsole } from './api/console.ts';
import { serveEvents } from './api/events.ts';
import { handlersOf } from './api/handlers.ts';
import { openApi } from './api/server.ts';
import { finishRestore } from './backup.ts';
import { type DeviceDiagnosis, ownerLink } from './contract/index.ts';
import { openDevices } from './devices.ts';
import { openFirmwares } from './firmwares.ts';
import { type Front, openFront, type Tls } from './front.ts';
import { type GatewaysSetting, isBlynkUpgrade, openGateways } from './gateways/index.ts';
import { openLive } from './live.ts';
import { openNews } from './news.ts';
import { openPeople } from './people.ts';
import { openPins } from './pins.ts';
import { openStore } from './store/open.ts';
import { openUpdates } from './updates/index.ts';
import { openVault } from './vault.ts';
import { openWebhook } from './webhook.ts';

export interface HubSetting {
  readonly version: string;
  /** Folder of the database, the firmware files and the key; made where it is missing. */
  readonly data: string;
  readonly address: string;
  readonly port: number;
  readonly tls?: Tls | undefined;
  readonly world: World;
  /** For diagnoses: what may be asked of this computer. */
  readonly host?: { readonly commands: Commands; readonly environment: Environment };
  /** For the webhook; absent: there is none. */
  readonly http?: Http;
  /** Whether boards that announce themselves are looked for; default true. */
  readonly discovery?: boolean;
  /** Takes in boards that look for the old cloud; see gateways/. */
  readonly rescue?: boolean;
  /** Told of each that was taken in. */
  rescued?(address: string): void;
  /** This computer's address as boards see it. */
  readonly outside?: string | undefined;
  /** Ports that old libraries have built in, for tests. */
  readonly ports?: GatewaysSetting['ports'];
  /** See gateways/. */
  readonly missingAfter?: number;
  readonly resetOwner?: boolean;
  readonly wall?: () => number;
  /** Folder of the console's files; absent: where the build puts them. */
  readonly console?: string;
  /** Requests and logins a minute and address; milliseconds within which a request must be there whole. */
  readonly limits?: { readonly requests?: number; readonly logins?: number; readonly patience?: number };
  trouble(error: unknown): void;
}

export interface Hub {
  readonly port: number;
  /** Made on the first start, and with `resetOwner`: the path that makes the owner, to be put behind the hub's address. */
  readonly ownerPath: string | undefined;
  readonly console: boolean;
  readonly listening: readonly { readonly what: string; readonly address: string; readonly port: number }[];
  /** Ports that could not be had. */
  readonly problems: readonly Problem[];
  close(): Promise<void>;
}

const flushEvery = 15_000;
const tidyEvery = 3_600_000;

export async function openHub(setting: HubSetting): Promise<Hub> {
  const { data, world, wall = Date.now } = setting;
  mkdirSync(data, { recursive: true, mode: 0o700 });
  finishRestore(data);
  const vault = openVault(join(data, 'key'));
  const store = await openStore(join(data, 'hub.db'));
  const { db } = store;
  const live = openLive(wall);
  const closing = new AbortController();
  const people = openPeople({ db, wall });
  const webhook =
    setting.http &&
    openWebhook({
      http: setting.http,
      clock: world.clock,
      url: async () => (await people.settings()).webhook ?? undefined,
      trouble: setting.trouble,
    });
  const news = openNews({
    devices: () => devices,
    live,
    wall,
    tell: (message) => webhook?.tell(message),
    trouble: setting.trouble,
  });
  const devices = openDevices({ db, live, vault, wall, logged: news.logged });
  const pins = openPins({ db, live, wall });
  const firmwares = openFirmwares({ db, live, wall, folder: join(data, 'firmware') });
  const updates = openUpdates({
    db,
    devices,
    firmwares,
    live,
    world,
    ...(setting.host ? { host: setting.host } : {}),
    sendOta: (device, path) => gateways.sendOta(device, path),
    ended: news.ended,
    trouble: setting.trouble,
    audit: (who, what, whom, detail) => void people.audit(who, what, whom, detail).catch(setting.trouble),
  });
  const gateways = openGateways({
    world,
    devices,
    pins,
    updates,
    wall,
    address: setting.address,
    tls: setting.tls,
    discovery: setting.discovery ?? true,
    rescue: setting.rescue ?? false,
    flapping: live.flapping,
    heard: live.heard,
    missingAfter: setting.missingAfter,
    rescued: (address) => setting.rescued?.(address),
    outside: setting.outside,
    ...(setting.ports ? { ports: setting.ports } : {}),
    webPort: () => front?.port ?? setting.port,
    trouble: setting.trouble,
  });
  // The doctor is loaded when somebody asks for it: until then it takes no memory.
  let opening: Promise<(device: string) => Promise<DeviceDiagnosis | undefined>> | undefined;
  const doctor = () =>
    (opening ??= import('./diagnose.ts').then(({ openDiagnose }) =>
      openDiagnose({ devices, firmwares, updates, world, host: setting.host, closing: closing.signal }),
    ));
  const handlers = handlersOf({
    version: setting.version,
    people,
    devices,
    pins,
    firmwares,
    updates,
    gateways,
    diagnose: async (device) => (await doctor())(device),
  });
  const { requests, logins, patience } = setting.limits ?? {};
  const { app, http } = await openApi({
    version: setting.version,
    people,
    handlers,
    secureOnly: setting.tls !== undefined,
    ...(requests === undefined ? {} : { limit: requests }),
    ...(logins === undefined ? {} : { logins }),
    ...(patience === undefined ? {} : { patience }),
    upgrades: isBlynkUpgrade,
    trouble: setting.trouble,
  });
  serveEvents(app, { live, people });
  serveBytes(app, firmwares);
  gateways.serve(app);
  const hasConsole = await serveConsole(app, setting.console);
  await app.ready();

  let front: Front | undefined;
  const close = async (): Promise<void> => {
    closing.abort();
    await front?.close();
    await gateways.close();
    await updates.close();
    webhook?.close();
    await app.close();
    http.close();
    await pins.flush();
    await devices.flush();
    await store.close();
  };
  try {
    front = await openFront({
      address: setting.address,
      port: setting.port,
      tls: setting.tls,
      http,
      device: (socket, first) => gateways.accept(socket, first),
    });
  } catch (error) {
    await close();
    throw error;
  }
  const problems = await gateways.open(http);
  const every = (time: number, work: () => Promise<void>): NodeJS.Timeout =>
    setInterval(() => void work().catch(setting.trouble), time).unref();
  const flushing = every(flushEvery, () => pins.flush());
  const tidying = every(tidyEvery, async () => {
    await devices.flush();
    await updates.tidy();
    await pins.tidy((await people.settings()).keepPins ?? 30);
  });

  const fresh = setting.resetOwner || !(await people.hasOwner());
  return {
    port: front.port,
    ownerPath: fresh ? ownerLink('', await people.newLink()) : undefined,
    console: hasConsole,
    listening: gateways.listening,
    problems,
    async close() {
      clearInterval(flushing);
      clearInterval(tidying);
      await close();
    },
  };
}
