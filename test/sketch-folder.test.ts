// A sketch folder in place of a file, and the way through a minimal firmware, against virtual boards.
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeEsp8266Image } from '#firmware/make.ts';
import { home, start, virtualBoard, whyota } from './cli.fixture.ts';

const image = (bytes: number, core = '2.3.0') =>
  makeEsp8266Image({ core, bytes, flashBytes: 1024 * 1024, seed: bytes });

/** A PlatformIO project with spaces in its path, built after its last change. */
function project(folder: string): { sketch: string; source: string } {
  const sketch = join(folder, 'my küche');
  const place = join(sketch, '.pio', 'build', 'd1');
  mkdirSync(place, { recursive: true });
  const source = join(sketch, 'kitchen.ino');
  writeFileSync(source, 'void setup() {}\nvoid loop() {}\n');
  utimesSync(source, 1_700_000_000, 1_700_000_000);
  writeFileSync(join(place, 'firmware.bin'), image(253_168));
  return { sketch, source };
}
const running = ['--core', 'esp8266@2.3.0', '--layout', '1M512', '--running', '253168'];

describe('whyota flash with a sketch folder', () => {
  it('refuses what does not fit, names --via, and gets there through a minimal firmware', async () => {
    const folder = home();
    const env = { WHYOTA_HOME: folder };
    const { sketch } = project(folder);
    const minimal = join(folder, 'minimal.bin');
    writeFileSync(minimal, image(236_000));
    const board = await virtualBoard([...running, '--address', '127.0.23.11', '--name', 'viaboard', '--no-mdns']);
    const words = ['flash', sketch, '--to', `127.0.23.11:${board.port}`, ...running, '--json'];

    const direct = await whyota(words, { env });
    expect(direct.exit).toBe(3);
    expect(direct.result).toMatchObject({ code: 'img-8266-two-copies-dont-fit' });
    expect(String(direct.result['fix'])).toContain('--via');

    const through = await whyota([...words, '--via', minimal], { env });
    expect(through.exit).toBe(0);
    await board.running.line((line) => line.includes('"restarted"') && line.includes('253168'));
  });

  it('says what nobody has checked on the way through a minimal firmware, and what stands where the second step fails', async () => {
    const folder = home();
    const [minimal, large] = [join(folder, 'minimal.bin'), join(folder, 'large.bin')];
    writeFileSync(minimal, image(200_000, '2.4.2'));
    writeFileSync(large, image(400_000));
    const small = ['--core', 'esp8266@2.4.2', '--layout', '1M512', '--running', '200000', '--no-mdns'];
    const board = await virtualBoard([...small, '--address', '127.0.23.14', '--name', 'halfway']);
    const { exit, json, result } = await whyota(
      ['flash', large, '--to', `127.0.23.14:${board.port}`, '--via', minimal, '--json'],
      { env: { WHYOTA_HOME: folder } },
    );
    expect(json).toContainEqual(expect.objectContaining({ type: 'warning', code: 'via-unchecked' }));
    expect([exit, result['what']]).toEqual([1, expect.stringMatching(/^step 2, large\.bin: /)]);
    expect(result['why']).toContain('Step 1 is done');
    expect(result['fix']).toContain('without --via');
  });

  it('flashes again with each new build, until it is stopped', async () => {
    const folder = home();
    const { sketch } = project(folder);
    const place = ['--core', 'esp8266@2.3.0', '--layout', '4M1M', '--address', '127.0.23.13'];
    const board = await virtualBoard([...place, '--name', 'watched', '--no-mdns']);
    const words = ['flash', sketch, '--to', `127.0.23.13:${board.port}`, '--watch', '--json'];
    const running = start(words, { env: { WHYOTA_HOME: folder } });
    await running.line((line) => line.includes('"round"') && line.includes('"exit":0'));
    writeFileSync(join(sketch, '.pio', 'build', 'd1', 'firmware.bin'), image(236_000));
    await board.running.line((line) => line.includes('"restarted"') && line.includes('236000'));
    running.child.kill('SIGINT');
    const { exit, result } = await running.ended;
    expect([exit, result['code']]).toEqual([130, 'interrupted']);
  });

  it('refuses a build that is older than the sketch', async () => {
    const folder = home();
    const { sketch, source } = project(folder);
    const later = Date.now() / 1000 + 60;
    utimesSync(source, later, later);
    const { exit, result } = await whyota(['flash', sketch, '--to', '127.0.23.12', '--json'], {
      env: { WHYOTA_HOME: folder },
    });
    expect([exit, result['code']]).toEqual([3, 'build-stale']);
  });
});
