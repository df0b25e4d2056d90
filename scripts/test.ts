// npm test: type-check, lint, then every test. The last line is `N passed, N failed, N skipped`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const only = process.argv.slice(2);
let passed = 0;
let failed = 0;
const skipped: string[] = [];

function step(name: string, program: string, words: readonly string[]): boolean {
  const { status } = spawnSync(process.execPath, [program, ...words], { stdio: 'inherit' });
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  if (status === 0) passed++;
  else failed++;
  return status === 0;
}

if (only.length === 0) {
  step('types, whole house', 'node_modules/typescript/bin/tsc', ['-p', 'tsconfig.json']);
  step('types, rooms without Node and DOM', 'node_modules/typescript/bin/tsc', ['-p', 'tsconfig.pure.json']);
  step('types, page', 'node_modules/typescript/bin/tsc', ['-p', 'tsconfig.page.json']);
  step('types, console', 'node_modules/typescript/bin/tsc', ['-p', 'tsconfig.console.json']);
  step('lint and format', 'node_modules/@biomejs/biome/bin/biome', ['check']);
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

const folder = mkdtempSync(join(tmpdir(), 'whyota-test-'));
const report = join(folder, 'report.json');
const run = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...only,
  ],
  { stdio: 'inherit' },
);
try {
  const read = JSON.parse(readFileSync(report, 'utf8')) as Report;
  passed += read.numPassedTests;
  failed += read.numFailedTests;
  if (run.status !== 0 && read.numFailedTests === 0) failed++;
  for (const file of read.testResults)
    for (const test of file.assertionResults)
      if (test.status === 'pending' || test.status === 'skipped') skipped.push(test.fullName);
} catch {
  failed++;
  console.log('FAILED the tests ended without a report');
}
rmSync(folder, { recursive: true, force: true });

for (const name of skipped) console.log(`skipped: ${name}`);
if (skipped.length) console.log('skipped tests need system packages: npm run test:setup installs them (Debian)');
console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
process.exitCode = failed ? 1 : 0;
