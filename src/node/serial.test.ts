import { EventEmitter } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { mockSerial } from './mock-serial.fixture.ts';
import { keepPolling, serialPorts } from './serial.ts';
import { listLinux } from './serial-list.ts';

const silent = { data() {}, closed() {} };

async function opened(on: Parameters<ReturnType<typeof serialPorts>['open']>[2] = silent) {
  const mock = mockSerial();
  const port = await serialPorts('other', mock.load).open('/dev/mock', 115_200, on);
  if ('trouble' in port) throw new Error(port.detail);
  return { port, mock };
}

describe('a serial port', () => {
  it('is opened with both control lines off', async () => {
    const { mock } = await opened();
    expect(mock.asked.lines).toEqual([{ dtr: false, rts: false, brk: false }]);
    expect(mock.stream().baudRate).toBe(115_200);
  });

  it('sends what is written, and says when it has left', async () => {
    const { port, mock } = await opened();
    await port.write(Uint8Array.of(1, 2, 3));
    expect([...mock.port().recording]).toEqual([1, 2, 3]);
  });

  it('passes on what comes', async () => {
    let came: (bytes: Uint8Array) => void = () => {};
    const bytes = new Promise<Uint8Array>((resolve) => {
      came = resolve;
    });
    const { mock } = await opened({ data: came, closed() {} });
    mock.port().emitData(Buffer.from([7, 8]));
    expect([...(await bytes)]).toEqual([7, 8]);
  });

  it('sets the control lines together; what is left out stays', async () => {
    const { port, mock } = await opened();
    await port.lines({ rts: true });
    await port.lines({ dtr: true });
    expect(mock.asked.lines.slice(1)).toEqual([
      { dtr: false, rts: true, brk: false },
      { dtr: true, rts: true, brk: false },
    ]);
  });

  it('works on where there are no control lines', async () => {
    const { port, mock } = await opened();
    mock.stream().set = (_, then) => then?.(new Error('Inappropriate ioctl for device, cannot set'));
    await port.lines({ rts: true });
    await port.write(Uint8Array.of(9));
    expect([...mock.port().recording]).toEqual([9]);
  });

  it('changes its speed', async () => {
    const { port, mock } = await opened();
    await port.speed(74_880);
    expect(mock.asked.speeds).toEqual([74_880]);
    expect(mock.stream().baudRate).toBe(74_880);
  });

  it('says why it closed by itself; what is written then is nobody’s', async () => {
    const ends: (string | undefined)[] = [];
    let over: () => void = () => {};
    const ended = new Promise<void>((resolve) => {
      over = resolve;
    });
    const { port, mock } = await opened({
      data() {},
      closed(why) {
        ends.push(why);
        over();
      },
    });
    mock.unplug('device gone');
    await ended;
    await port.write(Uint8Array.of(1));
    await port.close();
    expect(ends).toEqual(['device gone']);
  });

  it('closes without a reason when it was asked to', async () => {
    const ends: (string | undefined)[] = [];
    const { port } = await opened({ data() {}, closed: (why) => ends.push(why) });
    await port.close();
    expect(ends).toEqual([undefined]);
  });

  it.each([
    ['Error: Permission denied, cannot open /dev/ttyUSB0', 'denied'],
    ['Error Resource temporarily unavailable Cannot lock port', 'busy'],
    ['Error: No such file or directory, cannot open /dev/ttyUSB7', 'missing'],
    ['Opening COM3: Access denied', 'busy'],
    ['Opening COM9: File not found', 'missing'],
    ['Error: Input/output error, cannot open', 'other'],
  ])('that can’t be opened with "%s" is %s', async (words, trouble) => {
    const ports = serialPorts('other', async () => ({
      list: async () => [],
      create: () => ({ open: (then: (error: Error) => void) => then(new Error(words)) }) as never,
    }));
    expect(await ports.open('/dev/x', 9600, silent)).toEqual({ trouble, detail: words });
  });

  it('is not to be had where serialport is not installed', async () => {
    const ports = serialPorts('other', () => Promise.reject(new Error("Cannot find package 'serialport'")));
    expect(await ports.open('/dev/x', 9600, silent)).toMatchObject({ trouble: 'not-installed' });
  });
});

describe('a full buffer', () => {
  it('is waited for, also when bytes are', () => {
    const polled: number[] = [];
    const poller = Object.assign(new EventEmitter(), { poll: (events = 0) => void polled.push(events) });
    keepPolling({ port: { poller } });
    poller.poll(2);
    poller.once('writable', () => {});
    poller.poll(1);
    poller.once('readable', () => {});
    poller.emit('writable');
    poller.poll(1);
    expect(polled).toEqual([2, 3, 1]);
  });
});

describe('the list of serial ports', () => {
  it('comes from /sys on Linux, with what is behind each', async () => {
    const root = mkdtempSync(join(tmpdir(), 'whyota-sys-'));
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    const plug = (name: string, location: string, about: Record<string, string>) => {
      const usb = join(root, 'sys/devices/pci0000:00/usb1', location);
      const tty = join(usb, `${location}:1.0`, name);
      mkdirSync(tty, { recursive: true });
      for (const [file, words] of Object.entries(about)) writeFileSync(join(usb, file), `${words}\n`);
      mkdirSync(join(root, 'sys/class/tty', name), { recursive: true });
      symlinkSync(tty, join(root, 'sys/class/tty', name, 'device'));
    };
    plug('ttyUSB10', '1-4', { idVendor: '10c4', idProduct: 'ea60', product: 'CP2102 USB to UART', serial: '0001' });
    plug('ttyUSB2', '1-3', { idVendor: '1a86', idProduct: '7523', product: 'USB Serial' });
    mkdirSync(join(root, 'sys/class/tty/tty0'), { recursive: true });
    expect(await listLinux(root)).toEqual([
      { path: '/dev/ttyUSB2', vendor: '1a86', product: '7523', maker: 'USB Serial', location: '1-3' },
      {
        path: '/dev/ttyUSB10',
        vendor: '10c4',
        product: 'ea60',
        maker: 'CP2102 USB to UART',
        serial: '0001',
        location: '1-4',
      },
    ]);
  });

  it('is empty where there is no /sys', async () => {
    expect(await listLinux('/nowhere')).toEqual([]);
  });

  it('names the port that does not wait for a carrier on macOS', async () => {
    const ports = serialPorts('macos', async () => ({
      list: async () => [{ path: '/dev/tty.usbserial-0001', vendorId: '10C4', productId: 'EA60' }],
      create: () => undefined as never,
    }));
    expect(await ports.list()).toEqual([{ path: '/dev/cu.usbserial-0001', vendor: '10c4', product: 'ea60' }]);
  });
});
