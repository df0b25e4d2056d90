// What espota.py and the IDE around it would have printed where whyota was in their place.
import { layoutOf, schemeOf, sketchUsesOf } from '#firmware/index.ts';
import type { DeliveryEnding, Flashed } from '#upload/index.ts';
import { type Case, defaultPort, lanBoard } from './case.ts';

export const pythonOf = ({ os }: Case): string => (os === 'windows' ? 'python.exe' : 'python3');

export function uploaderPath({ os, family, core }: Case): string {
  const home = {
    windows: 'C:\\Users\\ada\\AppData\\Local\\Arduino15',
    macos: '/Users/ada/Library/Arduino15',
    linux: '/home/ada/.arduino15',
  }[os];
  const slash = os === 'windows' ? '\\' : '/';
  return [home, 'packages', family, 'hardware', family, `${core}/tools/espota.py`].join(slash);
}

/** The lines of the build and the command, as the IDE prints them with verbose output. */
function build(c: Case, imageBytes: number): string[] {
  const system = { windows: 'Windows 10', macos: 'Mac OS X', linux: 'Linux' }[c.os];
  const target = c.invitedAddress ?? c.place.interfaces?.[0]?.address ?? lanBoard;
  const port = c.invitedPort ?? c.port ?? defaultPort(c.family);
  const command = `${pythonOf(c)} ${uploaderPath(c)} -i ${target} -p ${port} --auth=${c.password.given ?? ''} -f kitchen.ino.bin`;
  if (c.family === 'esp8266') {
    const layout = layoutOf(c.layout, c.core)!;
    const uses = sketchUsesOf(imageBytes, c.core).from;
    return [
      `Arduino: 1.8.19 (${system}), Board: "Generic ESP8266 Module, 80 MHz, ${layout.label}, Disabled, None"`,
      `Sketch uses ${uses} bytes (${Math.round((100 * uses) / layout.maxSketch)}%) of program storage space. Maximum is ${layout.maxSketch} bytes.`,
      command,
    ];
  }
  if (c.family === 'rp2040') return [command];
  const most = schemeOf(c.layout)!.slotBytes;
  const uses = imageBytes - 120;
  return [
    `FQBN: esp32:esp32:${c.chip.replace('-', '')}:PartitionScheme=${c.layout}`,
    `Sketch uses ${uses} bytes (${Math.round((100 * uses) / most)}%) of program storage space. Maximum is ${most} bytes.`,
    command,
  ];
}

const stamp = '19:50:21';

/** The one sentence in which espota.py ends. */
export function espotaSays({ family }: Pick<Case, 'family'>, delivery: DeliveryEnding | undefined): string {
  switch (delivery?.kind) {
    case 'listen-failed':
      return '[ERROR]: Listen Failed';
    case 'no-answer':
    case 'port-closed':
    case 'unreachable':
      return family === 'esp32' ? '[ERROR]: No response from the ESP' : '[ERROR]: No Answer';
    case 'password-needed':
    case 'wrong-password':
      return '[ERROR]: Authentication Failed';
    case 'no-answer-to-authentication':
      return '[ERROR]: No Answer to our Authentication';
    case 'no-call':
      return '[ERROR]: No response from device';
    case 'stalled':
    case 'broke-off':
    case 'garbage':
      return '[ERROR]: Error Uploading';
    case 'no-verdict':
      return family === 'esp32' ? '[ERROR]: Error response from device' : '[ERROR]: No Result!';
    case 'board-error':
      if (delivery.over === 'udp') return `[ERROR]: Bad Answer: ${`ERR: ${delivery.error.text}`.slice(0, 37)}`;
      return family === 'esp32' ? '[ERROR]: Error response from device' : `[ERROR]: ${delivery.error.text}`;
    default:
      return '[INFO]: Result: OK';
  }
}

/** The whole paste. */
export function logOf(c: Case, { delivery, plan }: Flashed): string {
  const head = c.given.build && c.command === 'sketch' ? build(c, plan.bytes.length) : [];
  const began =
    delivery && delivery.kind !== 'listen-failed' ? [`Sending invitation to: ${c.invitedAddress ?? lanBoard}`] : [];
  return [...head, ...began, ...progress(delivery, plan.bytes.length), `${stamp} ${espotaSays(c, delivery)}`, ''].join(
    '\n',
  );
}

function progress(delivery: DeliveryEnding | undefined, total: number): string[] {
  if (!delivery) return [];
  const done =
    'acknowledged' in delivery
      ? Math.floor((100 * delivery.acknowledged) / total)
      : delivery.kind === 'stored'
        ? 100
        : undefined;
  if (done === undefined || (delivery.kind === 'board-error' && delivery.over === 'udp')) return [];
  return [`Uploading: [${'='.repeat(Math.floor(done * 0.6)).padEnd(60)}] ${done}% ${done === 100 ? 'Done...' : ''}`];
}
