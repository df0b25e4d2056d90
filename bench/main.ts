// npm run bench -- <name>: measurements that print the figures README and docs quote. Ratios come from one run.
const benches: Record<string, () => Promise<{ run: (words: readonly string[]) => Promise<void> }>> = {
  start: () => import('./start.ts'),
  memory: () => import('./memory.ts'),
  upload: () => import('./upload.ts'),
  loss: () => import('./loss.ts'),
  many: () => import('./many.ts'),
  doctor: () => import('./doctor.ts'),
  discovery: () => import('./discovery.ts'),
  'hub-kill': () => import('./hub-kill.ts'),
  'hub-updates': () => import('./hub-updates.ts'),
  serial: () => import('./serial.ts'),
  console: () => import('./console.ts'),
  hub: () => import('./hub.ts'),
};

const [name = '', ...words] = process.argv.slice(2);
const load = benches[name];
if (load) await (await load()).run(words);
else {
  process.stderr.write(`which one? npm run bench -- ${Object.keys(benches).join(' | ')}\n`);
  process.exitCode = 2;
}
