/** The proof that a board takes updates over the air: it is found on the network, invited, and calls. */
import { find, forTerminal, identifyAddress, otaPorts, resolve } from '#discovery/index.ts';
import { dryRun, leastOffer } from '#doctor/probes/dry-run.ts';
import type { ProbeContext } from '#doctor/probes/index.ts';
import { familyOfChip } from '#firmware/index.ts';
import { commands, environment } from '#node/index.ts';
import { type Knowledge, knowledgeFrom } from '#upload/index.ts';
import { md5Hex, millis, type Problem, seconds } from '#values/index.ts';
import type { Setting } from './command.ts';
import { hostMemory, hostSecrets } from './host.ts';
import type { Afterwards } from './serial-after.ts';
import { hostWorld } from './world.ts';

/** One look over mDNS. */
const lookTime = seconds(3);
const pause = millis(500);

interface Place {
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

/** Where the board is, once it was shown to take updates; else what is in the way. */
export async function proveOta(
  flashed: Afterwards,
  lines: readonly string[],
  { desk, signal }: Setting,
): Promise<Place | { readonly problem: Problem }> {
  const { clock } = hostWorld();
  const time = seconds(Number(flashed.options['wait']));
  const until = clock.now() + time;
  let place: Place | undefined;
  let unable = '';
  const others = new Map<string, string>();
  desk.note('waiting for it on the network');
  while (clock.now() < until && !signal.aborted) {
    const seen = await locate(flashed, lines, others, signal);
    if (seen && seen.address !== place?.address) {
      desk.note(`it is at ${seen.address}:${seen.port}, known as ${seen.name}`);
      desk.event({ type: 'on-network', ...seen });
    }
    place = seen ?? place;
    if (seen) {
      const proof = await invite(seen, flashed, signal);
      if (proof === 'proven') {
        await remember(seen, flashed);
        desk.event({ type: 'ota-proven', ...seen });
        desk.say(
          desk.paint('green', `${seen.name} takes updates over the air`) +
            `: whyota flash ${flashed.input.name} --to ${seen.name}`,
        );
        return seen;
      }
      unable = proof;
      if (/password|authentic|auth/.test(unable)) break;
    }
    await clock.sleep(pause, 'another look at the network', signal);
  }
  return { problem: place ? notProven(place, unable) : notOnNetwork(flashed, time, others) };
}

/** By the name that was given, the address it printed, or its MAC address. Whoever else is there is put into `others`. */
async function locate(
  { found, options }: Afterwards,
  lines: readonly string[],
  others: Map<string, string>,
  signal: AbortSignal,
): Promise<Place | undefined> {
  const world = hostWorld();
  const family = familyOfChip(found.chip);
  const usualPort = otaPorts[family ?? 'esp8266'];
  const to = options['to'];
  if (typeof to === 'string') {
    const resolved = await resolve(world, to, { signal, family, time: lookTime });
    const [endpoint] = resolved.ok ? resolved.value.endpoints : [];
    return endpoint && { name: resolved.ok ? resolved.value.name : to, address: endpoint.address, port: endpoint.port };
  }
  const devices = await find(world, { time: lookTime, signal });
  const mac = found.mac.replaceAll(':', '');
  const table = (await world.neighbours.table()) ?? [];
  const own = new Set(table.filter((row) => row.mac === found.mac).map((row) => row.address));
  const printed = addressIn(lines);
  if (printed !== undefined) own.add(printed);
  const device = devices.find(
    ({ mac: announced, name, addresses }) =>
      announced === mac || name.toLowerCase().endsWith(mac.slice(-6)) || addresses.some((address) => own.has(address)),
  );
  if (device?.addresses[0]) return { name: device.name, address: device.addresses[0], port: device.port ?? usualPort };
  for (const one of devices) others.set(one.name, one.addresses[0] ?? '');
  if (printed === undefined) return undefined;
  const known = await identifyAddress(world, printed, { signal });
  return { name: known?.name ?? printed, address: printed, port: known?.port ?? usualPort };
}

/** The last address that the sketch printed as its own. */
function addressIn(lines: readonly string[]): string | undefined {
  for (const line of lines.toReversed()) {
    const [, address] = /\bIP\b[^\d]{0,24}((?:\d{1,3}\.){3}\d{1,3})\b/i.exec(line) ?? [];
    if (address && address !== '0.0.0.0' && address.split('.').every((part) => Number(part) < 256)) return address;
  }
  return undefined;
}

async function invite(place: Place, flashed: Afterwards, signal: AbortSignal): Promise<'proven' | string> {
  const password = flashed.password ?? (await hostSecrets().get(place.name));
  const context: ProbeContext = {
    world: hostWorld(),
    commands,
    environment,
    target: place,
    signal,
    knowledge: knowledgeOf(flashed),
    mayAct: true,
    password,
  };
  const answer = await dryRun.run(context);
  if ('unable' in answer) return answer.unable;
  return answer.some(({ fact, value }) => fact === 'connectback.largest-called' && Number(value) >= leastOffer)
    ? 'proven'
    : 'it agreed, and did not call back';
}

const knowledgeOf = ({ found, plan, input, options }: Afterwards): Knowledge => ({
  ...knowledgeFrom(plan.image, input.bytes),
  chip: found.chip,
  flashBytes: found.flashBytes,
  ...(typeof options['layout'] === 'string' ? { layout: options['layout'] } : {}),
});

async function remember(place: Place, flashed: Afterwards): Promise<void> {
  const { found, plan, input } = flashed;
  await hostMemory().keep(
    { ...place, mac: found.mac, knowledge: knowledgeOf(flashed) },
    {
      began: hostWorld().clock.wall(),
      file: input.name,
      what: `${plan.what}, over the cable`,
      bytes: input.bytes.length,
      md5: md5Hex(input.bytes),
      command: 'sketch',
      ending: { kind: 'back' },
      events: [],
    },
  );
}

const notOnNetwork = ({ found, options }: Afterwards, time: number, others: ReadonlyMap<string, string>): Problem => ({
  code: 'serial-not-on-network',
  what: 'the board runs, but did not show itself on the network',
  why: `within ${time / 1000} s nothing announced itself with the MAC address ${found.mac}${
    typeof options['to'] === 'string'
      ? `, nor by the name ${forTerminal(options['to'])}`
      : ', and it printed no address'
  }: wrong Wi-Fi name or password, a 5 GHz network, or a sketch without ArduinoOTA.begin()`,
  fix: '`whyota serial monitor --reset` shows what it does; name it with --to, or leave this step out with --no-ota',
  blame: 'device',
  ...(others.size
    ? { details: ['is it one of these? Then name it with --to:', ...[...others].map(([name, at]) => `${name}  ${at}`)] }
    : {}),
});

const notProven = ({ name, address, port }: Place, unable: string): Problem => ({
  code: 'serial-ota-not-proven',
  what: `${name} is on the network, but did not take an invitation to update`,
  why: `asked at ${address}:${port}: ${unable}`,
  fix: `give its password with --password-file, or ask \`whyota doctor ${name} --dry-run\` what is in the way`,
  blame: 'device',
});
