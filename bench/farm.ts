// Virtual boards behind a link, in a process of their own: prints their places as one JSON line and runs until it is ended.
import { preciseClock, random, shaped, tcp, udp } from '#node/index.ts';
import { millis, seconds } from '#values/index.ts';
import { createBoard } from '#virtual/index.ts';

const [count = 1, roundTrip = 5, sectorTime = 25] = process.argv.slice(2).map(Number);
const window = 5840;
const places: string[] = [];
for (let i = 0; i < count; i++) {
  const address = `127.8.0.${i + 1}`;
  const ports = shaped({ roundTrip, window }, { clock: preciseClock, udp, tcp });
  const made = createBoard(
    {
      core: 'esp8266@3.1.2',
      layout: '4M1M',
      address,
      sectorTime: millis(sectorTime),
      bootTime: seconds(1),
      sketch: { mdns: false, hostname: `lamp-${i + 1}` },
    },
    { ...ports, random },
  );
  if (!made.ok) throw new Error(made.problem.what);
  const trouble = await made.value.start();
  if (trouble) throw new Error(trouble.detail);
  places.push(`${address}:${made.value.port}`);
}
process.stdout.write(`${JSON.stringify(places)}\n`);
