/** Runs in the page before it: a stand-in for Web Serial, with a virtual board on its cable. */
import { browserClock } from '#console/parts/clock.ts';
import { bareChip, VirtualLine, WebPort } from '#virtual/rom/index.ts';

const board = bareChip({ chip: 'esp8266', flashBytes: 4 * 1024 * 1024 });
const port = new WebPort(new VirtualLine(board, browserClock, { path: 'usb' }));
Object.defineProperty(navigator, 'serial', { value: { requestPort: async () => port }, configurable: true });
Object.assign(globalThis, { flashed: (bytes: number) => [...board.flash.read(0, bytes)] });
