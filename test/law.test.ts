// The import law of ARCHITECTURE.md, as data with a reason for each line.
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const law: Record<string, { may: readonly string[]; because: string }> = {
  values: { may: [], because: 'the floor leans on nothing' },
  firmware: { may: ['values'], because: 'the page and the console read files in the browser' },
  protocols: { may: ['values'], because: 'codecs run in the browser and inside virtual boards' },
  transcript: { may: ['values', 'machine'], because: 'everybody reads it' },
  machine: { may: ['values'], because: 'ports are promises, not code' },
  discovery: { may: ['values', 'machine', 'protocols', 'firmware', 'transcript'], because: 'it runs over any network' },
  upload: {
    may: ['values', 'machine', 'protocols', 'firmware', 'transcript', 'discovery'],
    because: 'the same uploader runs against real sockets and the simulated network',
  },
  virtual: { may: ['values', 'machine', 'protocols', 'firmware'], because: 'a board knows nothing of our host code' },
  sketch: { may: ['values'], because: 'it yields facts; whoever asks the doctor hands them over' },
  readers: { may: ['values', 'protocols', 'firmware'], because: 'it yields facts, in the browser too' },
  builds: { may: ['values', 'machine', 'readers'], because: 'where builds lie is asked through the ports' },
  doctor: {
    may: ['values', 'machine', 'protocols', 'firmware', 'transcript', 'discovery', 'upload'],
    because: 'a diagnosis can be replayed from a saved report',
  },
  integrations: { may: ['values', 'machine'], because: "an IDE's files and messages are reached through the ports" },
  hub: {
    may: [
      'values',
      'machine',
      'protocols',
      'firmware',
      'transcript',
      'discovery',
      'upload',
      'sketch',
      'readers',
      'serial',
      'doctor',
    ],
    because: 'it sees every board, updates them and says why not',
  },
  serial: {
    may: ['values', 'machine', 'protocols', 'firmware', 'transcript'],
    because: 'the browser flashes with it too',
  },
  console: {
    may: ['values', 'machine', 'firmware', 'protocols', 'transcript', 'sketch', 'doctor', 'serial', 'hub', 'page'],
    because: 'of the hub it reads the contract alone; the rest runs in the browser',
  },
  node: { may: ['values', 'machine'], because: 'the real ports are handed in by the mains' },
  page: {
    may: ['values', 'firmware', 'protocols', 'sketch', 'readers', 'doctor'],
    because: 'nothing leaves the browser',
  },
  cli: {
    may: [
      'values',
      'machine',
      'protocols',
      'firmware',
      'transcript',
      'discovery',
      'upload',
      'virtual',
      'sketch',
      'readers',
      'builds',
      'doctor',
      'serial',
      'hub',
      'integrations',
      'node',
    ],
    because: 'a main chooses the world',
  },
};

/** Rooms whose code may touch nothing but the ports: no Node, no wall clock, no dice. */
const throughPortsOnly = Object.keys(law).filter((room) => !['node', 'cli', 'page', 'console', 'hub'].includes(room));

const sources = (room: string): string[] =>
  globSync(`src/${room}/**/*.{ts,tsx}`).filter((file) => !/\.(test|fixture)\.ts$/.test(file));

describe('the import law', () => {
  it('names every room', () => {
    const rooms = new Set(globSync('src/*/**/*.ts').map((file) => file.split(/[\\/]/)[1]!));
    expect([...rooms].filter((room) => !(room in law))).toEqual([]);
  });

  it.each(Object.entries(law))('%s leans only on what it may', (room, { may, because }) => {
    for (const file of sources(room)) {
      for (const [, other] of readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'#(\w+)\//g))
        if (other !== room) expect(may, `${file}: ${because}`).toContain(other);
    }
  });

  it('lets no protocol import another', () => {
    for (const file of sources('protocols')) {
      const own = file.split(/[\\/]/)[2];
      for (const [, other] of readFileSync(file, 'utf8').matchAll(/from\s*'#protocols\/(\w[\w-]*)\//g))
        expect(other, file).toBe(own);
      expect(readFileSync(file, 'utf8'), file).not.toMatch(/from\s*'\.\.\/(?!\.)[\w-]+\//);
    }
  });

  it.each(throughPortsOnly)('%s reads no clock, rolls no dice and knows no Node', (room) => {
    for (const file of sources(room)) {
      const code = readFileSync(file, 'utf8').replace(/^\s*(\/\/|\*|\/\*).*$/gm, '');
      expect(code, file).not.toMatch(/\bDate\.now\b|\bMath\.random\b|\bnew Date\(\)|from\s*'node:/);
    }
  });
});
