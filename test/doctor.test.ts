// The doctor as a process, against virtual boards: what it says of a board that is well, and of what was asked of it.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeEsp8266Image } from '#firmware/make.ts';
import { home, program, virtualBoard, whyota } from './cli.fixture.ts';

it('finds nothing wrong with a board that took its last update', async () => {
  const env = { WHYOTA_HOME: home() };
  const file = join(env.WHYOTA_HOME, 'firmware.bin');
  writeFileSync(file, makeEsp8266Image({ core: '3.1.2', bytes: 100_000, flashBytes: 4 * 1024 * 1024 }));
  const board = await virtualBoard(['--address', '127.0.11.1', '--name', 'healthy']);
  expect((await whyota(['flash', file, '--to', board.address], { env })).exit).toBe(0);
  const ran = await whyota(['doctor', 'healthy', '--json'], { env });
  expect(ran.result).toMatchObject({ ok: true, causes: [], nothingWrong: true });
});

it('invites the board with --dry-run, as an upload would', async () => {
  const env = { WHYOTA_HOME: home() };
  const file = join(env.WHYOTA_HOME, 'firmware.bin');
  writeFileSync(file, makeEsp8266Image({ core: '3.1.2', bytes: 100_000, flashBytes: 4 * 1024 * 1024 }));
  const board = await virtualBoard(['--address', '127.0.11.2', '--name', 'asked']);
  const saved = join(env.WHYOTA_HOME, 'facts.json');
  const words = ['doctor', board.address, '--file', file, '--dry-run', '--save', saved, '--verbose'];
  const ran = await whyota(words, { env });
  expect(ran.err).toMatch(/connectback\.largest-called: \d+/);
  expect(ran.err).toMatch(/invite\.reply: ok/);
  expect(ran.err).not.toMatch(/there was no time left/);
});

it('does not fall over when nobody reads to the end', () => {
  const words = `"${process.execPath}" ${program.join(' ')} explain | head -1; exit "\${PIPESTATUS[0]}"`;
  const { status, stderr } = spawnSync('bash', ['-c', words], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
