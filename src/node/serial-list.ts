/** The serial ports of a Linux machine, by /sys: serialport's own list() starts udevadm, and where that is missing the
 *  failure can't be caught. */
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SerialPortInfo } from '#machine/index.ts';

/** USB adapters, chips with their own USB, and the pins of a Pi. */
const usual = /^tty(?:USB|ACM|AMA|S|THS|mxc)\d+$/;
/** From the tty up to the USB device: interface, port, device. */
const mostSteps = 8;

export async function listLinux(root = '/'): Promise<readonly SerialPortInfo[]> {
  const folder = join(root, 'sys/class/tty');
  const names = (await readdir(folder).catch(() => [])).filter((name) => usual.test(name));
  const found = await Promise.all(names.sort(byNumber).map((name) => look(join(folder, name), `/dev/${name}`)));
  return found.filter((info) => info !== undefined);
}

const byNumber = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

async function look(tty: string, path: string): Promise<SerialPortInfo | undefined> {
  const device = await realpath(join(tty, 'device')).catch(() => undefined);
  // A port of the mainboard that nothing is soldered to has no type.
  if (device === undefined || (await text(join(tty, 'type'))) === '0') return undefined;
  const usb = await usbOf(device);
  if (!usb) return /ttyS\d+$/.test(path) && (await text(join(tty, 'type'))) === undefined ? undefined : { path };
  const [vendor, product, maker, serial] = await Promise.all(
    ['idVendor', 'idProduct', 'product', 'serial'].map((name) => text(join(usb, name))),
  );
  return {
    path,
    ...(vendor === undefined ? {} : { vendor }),
    ...(product === undefined ? {} : { product }),
    ...(maker === undefined ? {} : { maker }),
    ...(serial === undefined ? {} : { serial }),
    location: usb.split('/').at(-1)!,
  };
}

async function usbOf(device: string): Promise<string | undefined> {
  let at = device;
  for (let step = 0; step < mostSteps && at.length > 1; step++) {
    if (await stat(join(at, 'idVendor')).catch(() => undefined)) return at;
    at = dirname(at);
  }
  return undefined;
}

const text = (path: string): Promise<string | undefined> =>
  readFile(path, 'latin1').then(
    (words) => words.trim() || undefined,
    () => undefined,
  );
