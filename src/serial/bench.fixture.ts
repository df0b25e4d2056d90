// A board on a virtual cable, in virtual time.
import { getStubJsonByChipName } from 'esptool-js';
import { settle } from '#node/index.ts';
import type { Millis, Result } from '#values/index.ts';
import {
  type BareOptions,
  bareChip,
  type LineOptions,
  VirtualLine,
  virtualClock,
  virtualSerialPorts,
} from '#virtual/index.ts';
import { type FlashingStep, type FlashOptions, flashByCable } from './flash.ts';
import { type BootLoader, type ConnectOptions, connect } from './flasher.ts';
import type { ToFlash } from './plan.ts';

export const MiB = 1024 * 1024;

/** esptool-js loads a stub when it needs one, which takes time that no virtual clock knows of. */
export async function loadStubs(): Promise<void> {
  for (const chip of ['ESP8266', 'ESP32', 'ESP32-S2', 'ESP32-S3', 'ESP32-C3', 'ESP32-C6'])
    await getStubJsonByChipName(chip, 0);
}

export function bench(chip: Partial<BareOptions> = {}, lineOptions: Partial<LineOptions> = {}) {
  const clock = virtualClock({ settle });
  const wired = bareChip({ chip: 'esp8266', flashBytes: 4 * MiB, ...chip });
  const line = new VirtualLine(wired, clock, { path: '/dev/ttyUSB0', ...lineOptions });
  const steps: FlashingStep[] = [];
  const on = (step: FlashingStep): void => {
    if (step.kind !== 'said') steps.push(step);
  };
  const cable = { ports: virtualSerialPorts([line]), info: line.info, clock };
  const reach = (options: Partial<ConnectOptions> = {}): Promise<Result<BootLoader>> =>
    clock.run(connect(cable, { os: 'linux', on, ...options }));
  return {
    clock,
    flash: wired.flash,
    line,
    cable,
    steps,
    connect: reach,
    /** The boot loader, which must be reached. */
    async loader(options: Partial<ConnectOptions> = {}): Promise<BootLoader> {
      const connected = await reach(options);
      if (!connected.ok) throw new Error(connected.problem.what);
      return connected.value;
    },
    run: (wish: ToFlash, options: Partial<FlashOptions> = {}) =>
      clock.run(flashByCable(cable, wish, { os: 'linux', on, ...options })),
    /** Does something on the way. */
    at(time: Millis, then: () => void): void {
      clock.after(time, 'the test', then);
    },
  };
}
