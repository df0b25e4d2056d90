/** The command line's main: reads words, opens the desk, loads the one command that is asked for, and ends. */
import { version } from './version.ts';

// Before anything else: a password among the words must not stand in `ps` for as long as we run.
process.title = 'whyota';

if (process.argv.length === 3 && (process.argv[2] === '--version' || process.argv[2] === '-V')) {
  process.stdout.write(`${version}\n`);
} else {
  if (process.argv[2] === 'hub' || process.argv[2] === 'discovery') (await import('#node/spare.ts')).beLean();
  const { run } = await import('./program.ts');
  process.exitCode = await run(process.argv.slice(2), version);
}
