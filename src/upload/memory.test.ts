import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Files } from '#machine/index.ts';
import { ascii, text } from '#values/index.ts';
import { type Memory, memoryIn, plainName, type RememberedAttempt } from './index.ts';

const folder = '/home/maker/.whyota/boards';

/** Files in a map; a write takes a moment, as on a disk. */
function disk() {
  const held = new Map<string, Uint8Array>();
  const modes = new Map<string, number | undefined>();
  const files: Files = {
    read: async (path) => held.get(path),
    async write(path, bytes, options) {
      await Promise.resolve();
      held.set(path, bytes);
      modes.set(path, options?.mode);
    },
    append: async () => {},
    remove: async (path) => void held.delete(path),
    list: async (where) =>
      [...held.keys()].filter((path) => path.startsWith(`${where}/`)).map((path) => path.slice(where.length + 1)),
  };
  return { held, modes, files, memory: memoryIn(files, folder) };
}

const attempt = (began: number): RememberedAttempt => ({
  began,
  file: 'firmware.bin',
  what: 'ESP8266 sketch, core 3.1.2',
  bytes: 300_000,
  md5: '0'.repeat(32),
  command: 'sketch',
  ending: { kind: 'back' },
  events: [{ kind: 'went-away', at: 1 }],
});

const keep = (memory: Memory, name: string, more: { address?: string; mac?: string; began?: number } = {}) =>
  memory.keep(
    {
      name,
      address: more.address ?? '192.168.1.50',
      port: 8266,
      knowledge: { family: 'esp8266' },
      ...(more.mac ? { mac: more.mac } : {}),
    },
    attempt(more.began ?? 1),
  );

describe('a board is remembered', () => {
  it('by its name, however it is written, by address and by MAC', async () => {
    const { memory } = disk();
    await keep(memory, 'Kitchen', { mac: 'aa:bb:cc:dd:ee:ff' });
    for (const name of ['Kitchen', 'kitchen', 'kitchen.local', 'KITCHEN.local.'])
      expect((await memory.find({ name }))?.name).toBe('Kitchen');
    expect((await memory.find({ address: '192.168.1.50' }))?.name).toBe('Kitchen');
    expect((await memory.find({ mac: 'aa:bb:cc:dd:ee:ff' }))?.name).toBe('Kitchen');
    expect(await memory.find({ name: 'bath' })).toBeUndefined();
    expect(await memory.find({})).toBeUndefined();
  });

  it('under its new name when it was renamed and its MAC is the same', async () => {
    const { memory } = disk();
    await keep(memory, 'esp-1234', { mac: 'aa:bb:cc:dd:ee:ff', began: 1 });
    await keep(memory, 'kitchen', { mac: 'aa:bb:cc:dd:ee:ff', began: 2 });
    expect((await memory.all()).map(({ name }) => name)).toEqual(['kitchen']);
    expect((await memory.find({ name: 'kitchen' }))?.attempts.map(({ began }) => began)).toEqual([1, 2]);
  });

  it('once, however its name is written', async () => {
    const { memory } = disk();
    for (const name of ['kitchen', 'Kitchen', 'kitchen.local']) await keep(memory, name);
    expect(await memory.all()).toHaveLength(1);
    expect((await memory.find({ name: 'kitchen' }))?.attempts).toHaveLength(3);
  });

  it('and a name is not taken for the address that another board had before', async () => {
    const { memory } = disk();
    await keep(memory, 'kitchen', { address: '192.168.1.50' });
    expect(await memory.find({ name: 'bath', address: '192.168.1.50' })).toBeUndefined();
  });

  it('until it is forgotten, by name, address or MAC', async () => {
    for (const target of ['kitchen.local', '192.168.1.50', 'aa:bb:cc:dd:ee:ff']) {
      const { memory, held } = disk();
      await keep(memory, 'kitchen', { mac: 'aa:bb:cc:dd:ee:ff' });
      expect(await memory.forget('bath')).toBe(false);
      expect(await memory.forget(target)).toBe(true);
      expect(held.size).toBe(0);
      expect(await memory.forget(target)).toBe(false);
    }
  });
});

describe('the memory of a board', () => {
  it('keeps the newest 50 attempts, and the transcripts of the newest five', async () => {
    const { memory } = disk();
    for (let began = 1; began <= 60; began++) await keep(memory, 'kitchen', { began });
    const { attempts = [] } = (await memory.find({ name: 'kitchen' })) ?? {};
    expect(attempts).toHaveLength(50);
    expect(attempts.at(-1)?.began).toBe(60);
    expect(attempts.filter(({ events }) => events.length > 0).map(({ began }) => began)).toEqual([56, 57, 58, 59, 60]);
  });

  it('is for its user alone', async () => {
    const { memory, modes } = disk();
    await keep(memory, 'kitchen');
    expect([...modes.values()]).toEqual([0o600]);
  });

  it('is not overwritten by uploads to other boards at the same time', async () => {
    const { memory } = disk();
    const names = Array.from({ length: 20 }, (_, i) => `board-${i}`);
    await Promise.all(names.map((name, i) => keep(memory, name, { address: `192.168.1.${i + 50}` })));
    expect((await memory.all()).map(({ name }) => name).sort()).toEqual([...names].sort());
    for (const name of names) expect((await memory.find({ name }))?.attempts).toHaveLength(1);
  });

  it('keeps names of every language as they are', async () => {
    const { memory } = disk();
    for (const name of ['küche', 'кухня', '厨房', '🍳']) await keep(memory, name);
    expect((await memory.all()).map(({ name }) => name).sort()).toEqual(['küche', 'кухня', '厨房', '🍳'].sort());
    expect((await memory.find({ name: 'Küche.local' }))?.name).toBe('küche');
  });
});

describe('a damaged file', () => {
  it.each([
    ['is empty', ''],
    ['is cut short', '{"name":"kitchen","addr'],
    ['is no object', '[1,2,3]'],
    ['is null', 'null'],
    ['lacks its address', '{"name":"kitchen","attempts":[]}'],
    ['has no port', '{"name":"kitchen","address":"192.168.1.50","attempts":[]}'],
    ['has attempts of another kind', '{"name":"kitchen","address":"192.168.1.50","port":8266,"attempts":7}'],
    ['is binary', '\0\u0001\u00ff\u00fe'],
  ])('that %s is no memory, and the next upload writes a new one', async (_, content) => {
    const { memory, held } = disk();
    await keep(memory, 'kitchen');
    const [path = ''] = held.keys();
    held.set(path, ascii(content));
    expect(await memory.find({ name: 'kitchen' })).toBeUndefined();
    await keep(memory, 'kitchen');
    expect((await memory.find({ name: 'kitchen' }))?.attempts).toHaveLength(1);
  });

  it('leaves the others alone', async () => {
    const { memory, held } = disk();
    await keep(memory, 'kitchen');
    held.set(`${folder}/broken.json`, ascii('{'));
    held.set(`${folder}/notes.txt`, ascii('mine'));
    expect((await memory.all()).map(({ name }) => name)).toEqual(['kitchen']);
  });

  it('with attempts that are none loses only those', async () => {
    const { memory, held } = disk();
    await keep(memory, 'kitchen');
    const [path = ''] = held.keys();
    const board = JSON.parse(text(held.get(path)!)) as { attempts: unknown[]; knowledge: unknown };
    held.set(path, ascii(JSON.stringify({ ...board, knowledge: 'x', attempts: [null, 3, {}, board.attempts[0]] })));
    const found = await memory.find({ name: 'kitchen' });
    expect(found?.attempts).toHaveLength(1);
    expect(found?.knowledge).toEqual({});
  });
});

describe('a name from outside', () => {
  const hostile = [
    '../../etc/passwd',
    '..',
    '.',
    '',
    '/',
    'C:\\Windows\\System32',
    'CON',
    'a\0b',
    'x'.repeat(5000),
    'кухня',
    '💡'.repeat(300),
    '%2e%2e%2f',
    'a\nb',
  ];

  it.each(hostile)('%j stays in the folder, as a file with a plain and short name', async (name) => {
    const { memory, held } = disk();
    await keep(memory, name);
    const [path = ''] = held.keys();
    expect(path.slice(0, folder.length + 1)).toBe(`${folder}/`);
    expect(path.slice(folder.length + 1)).toMatch(/^[a-z0-9-]{1,60}\.json$/);
    if (plainName(name)) expect((await memory.find({ name }))?.name).toBe(name);
  });

  it('of whatever kind stays in the folder, and two names never share a file', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.string({ unit: 'binary', maxLength: 80 }), { selector: plainName, maxLength: 5 }),
        async (names) => {
          const { memory, held } = disk();
          for (const name of names) await keep(memory, name);
          expect(held.size).toBe(names.length);
          for (const path of held.keys())
            expect(path).toMatch(/^\/home\/maker\/\.whyota\/boards\/[a-z0-9-]{1,60}\.json$/);
        },
      ),
    );
  });
});
