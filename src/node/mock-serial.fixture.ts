// serialport's own mock: its streams over a binding without hardware.
// @ts-expect-error: its types are hidden by its own package.json
import { MockBinding as untyped } from '@serialport/binding-mock';
import { SerialPortStream } from '@serialport/stream';
import type { SerialPackage } from './serial.ts';

type Lines = { readonly dtr: boolean; readonly rts: boolean };

interface MockPort {
  readonly recording: Uint8Array;
  emitData(bytes: Uint8Array): void;
}

const binding = untyped as {
  createPort(path: string, options: { record: boolean }): void;
  reset(): void;
  list(): Promise<readonly { path: string }[]>;
};

/** A computer with one mock port; what was asked of it is written down. */
export function mockSerial(path = '/dev/mock') {
  binding.reset();
  binding.createPort(path, { record: true });
  const heard: { lines(set: Lines): void; speed(baud: number): void; bytes(bytes: Uint8Array): void } = {
    lines() {},
    speed() {},
    bytes() {},
  };
  const mock = { heard };
  const asked = { lines: [] as object[], speeds: [] as number[] };
  let stream: SerialPortStream | undefined;
  const load = async (): Promise<SerialPackage> => ({
    list: () => binding.list() as ReturnType<SerialPackage['list']>,
    create(options) {
      const made = new SerialPortStream({ ...options, binding } as never) as unknown as SerialPortStream;
      const { set, update, write } = made;
      made.set = (lines, then) => {
        asked.lines.push(lines);
        mock.heard.lines(lines as Lines);
        set.call(made, lines, then);
      };
      made.update = (speed, then) => {
        asked.speeds.push(speed.baudRate);
        mock.heard.speed(speed.baudRate);
        update.call(made, speed, then);
      };
      made.write = ((bytes: Uint8Array, ...rest: never[]) => {
        mock.heard.bytes(bytes);
        return write.call(made, bytes, ...rest);
      }) as typeof write;
      stream = made;
      return made;
    },
  });
  return Object.assign(mock, {
    load,
    asked,
    port: () => stream!.port as unknown as MockPort,
    stream: () => stream!,
    /** The adapter is pulled. */
    unplug: (why: string) => (stream as unknown as { _disconnected(error: Error): void })._disconnected(new Error(why)),
  });
}
