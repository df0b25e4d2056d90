import { describe, expect, it } from 'vitest';
import { type BoardOptions, createBoard } from './index.ts';

const made = (options: Partial<BoardOptions>) => {
  const board = createBoard({ address: '10.0.0.2', ...options }, { clock: { now: () => 0 } } as never);
  return board.ok ? board.value : board.problem.code;
};

describe('a board from plain data', () => {
  it('is an ESP8266 with the newest core when nothing is said', () => {
    expect(made({})).toMatchObject({ core: 'esp8266@3.1.2', chip: 'esp8266', port: 8266, state: 'off' });
  });

  it('is what the words say', () => {
    expect(made({ core: 'esp32@3.2.0', chip: 'esp32-c3', layout: 'min_spiffs' })).toMatchObject({
      chip: 'esp32-c3',
      port: 3232,
    });
    expect(made({ core: 'rp2040' })).toMatchObject({ core: 'rp2040@2.4.1', port: 2040 });
    expect(made({ sketch: { port: 8888, hostname: 'porch' } })).toMatchObject({ name: 'porch', port: 8888 });
  });

  it.each([
    [{ core: 'avr@1.8' }, 'unknown-core'],
    [{ core: 'esp8266@new' }, 'unknown-core'],
    [{ layout: '3M' }, 'unknown-layout'],
    [{ core: 'esp32', layout: '4M2M' }, 'unknown-layout'],
    [{ core: 'esp32', chip: 'esp33' as 'esp32' }, 'unknown-chip'],
    [{ runningBytes: 100 }, 'no-such-image'],
    [{ layout: '1M512', runningBytes: 600_000 }, 'sketch-too-large'],
  ] satisfies [Partial<BoardOptions>, string][])('%j is %s', (options, code) => {
    expect(made(options)).toBe(code);
  });
});
