// A process that watches the hub's events as a browser does, and says how old each pin value was when it came.
import { request } from 'node:http';

const [host = '', port = '', token = ''] = process.argv.slice(2);
const ages: number[] = [];
let rest = '';

request(
  { host, port, path: '/api/events', headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' } },
  (answer) => {
    process.send!({ ready: answer.statusCode });
    answer.setEncoding('utf8');
    answer.on('data', (text: string) => {
      const now = process.hrtime.bigint();
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      for (const line of lines) {
        const [, written] = /"values":\["(\d{10,20})"\]/.exec(line) ?? [];
        if (written !== undefined) ages.push(Number(now - BigInt(written)) / 1e6);
      }
    });
  },
).end();

process.on('message', () => {
  ages.sort((a, b) => a - b);
  const at = (share: number): number => ages[Math.min(ages.length - 1, Math.floor(ages.length * share))] ?? Number.NaN;
  process.send!({ heard: ages.length, median: at(0.5), p99: at(0.99) });
  ages.length = 0;
});
process.on('disconnect', () => process.exit(0));
