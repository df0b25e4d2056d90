import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ascii, Secret, text } from '#values/index.ts';
import { environmentOf } from './environment.ts';
import { commands, files, http, realWorld, secretsIn } from './index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whyota-'));
});
afterEach(() => rm(folder, { recursive: true }));

const onWindows = process.platform === 'win32';
const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

describe('files', () => {
  it('are written whole, folders and all, and leave nothing beside them', async () => {
    const path = join(folder, 'boards', 'porch.json');
    await files.write(path, ascii('old'));
    await files.write(path, ascii('new'));
    expect(text((await files.read(path))!)).toBe('new');
    expect(await readdir(join(folder, 'boards'))).toEqual(['porch.json']);
  });
  it('that are missing read as undefined, and as an empty list', async () => {
    expect(await files.read(join(folder, 'missing', 'file'))).toBeUndefined();
    expect(await files.list(join(folder, 'missing'))).toEqual([]);
    await files.remove(join(folder, 'missing'));
  });
  it('grow by append and are listed by name', async () => {
    await files.append(join(folder, 'b'), ascii('1'));
    await files.append(join(folder, 'b'), ascii('2'));
    await files.append(join(folder, 'a'), ascii(''));
    expect(text((await files.read(join(folder, 'b')))!)).toBe('12');
    expect(await files.list(folder)).toEqual(['a', 'b']);
  });
});

describe('passwords', () => {
  it('are kept by name, where only this user can read them', async () => {
    const path = join(folder, 'whyota', 'passwords.json');
    const kept = secretsIn(files, path);
    expect(await kept.get('porch')).toBeUndefined();
    await kept.set('porch', new Secret('hunter2'));
    await kept.set('__proto__', new Secret('odd'));
    expect((await kept.get('porch'))?.reveal()).toBe('hunter2');
    expect((await kept.get('__proto__'))?.reveal()).toBe('odd');
    expect(await kept.get('toString')).toBeUndefined();
    expect(await kept.names()).toEqual(['__proto__', 'porch']);
    if (!onWindows) expect(await modeOf(path)).toBe(0o600);
    expect([await kept.remove('porch'), await kept.remove('porch')]).toEqual([true, false]);
  });

  it.skipIf(onWindows)('are closed to others where a file was left open', async () => {
    const path = join(folder, 'passwords.json');
    await files.write(path, ascii('{"porch":"hunter2","bad":7}'), { mode: 0o644 });
    const kept = secretsIn(files, path);
    expect(await kept.names()).toEqual(['porch']);
    expect(await modeOf(path)).toBe(0o600);
  });

  it('of a damaged file are an error that shows none of it', async () => {
    const path = join(folder, 'passwords.json');
    await files.write(path, ascii('{"porch":"hunter2"'));
    await expect(secretsIn(files, path).get('porch')).rejects.toThrow(/^((?!hunter2).)*not valid JSON.*$/);
  });
});

describe('the environment', () => {
  const foldersOf = (platform: string, variables: Record<string, string> = {}): string[] => {
    const { configFolder, dataFolder } = environmentOf(
      platform,
      variables,
      platform === 'win32' ? 'C:\\Users\\m' : '/home/m',
    );
    return [configFolder, dataFolder];
  };
  it('has the folders that the system is used to', () => {
    expect(foldersOf('linux')).toEqual(['/home/m/.config/whyota', '/home/m/.local/share/whyota']);
    expect(foldersOf('linux', { XDG_CONFIG_HOME: '/c', XDG_DATA_HOME: '/d' })).toEqual(['/c/whyota', '/d/whyota']);
    expect(foldersOf('darwin')).toEqual(Array(2).fill('/home/m/Library/Application Support/whyota'));
    expect(foldersOf('win32', { APPDATA: 'C:\\r', LOCALAPPDATA: 'C:\\l' })).toEqual(['C:\\r\\whyota', 'C:\\l\\whyota']);
    expect(foldersOf('win32')[0]).toBe('C:\\Users\\m\\AppData\\Roaming\\whyota');
  });
  it('has one folder where WHYOTA_HOME says so', () => {
    expect(foldersOf('linux', { WHYOTA_HOME: '/w' })).toEqual(['/w', '/w']);
  });
});

describe('commands', () => {
  const node = process.execPath;
  const run = (code: string, timeout = 20_000, input = '') =>
    commands.run(node, ['-e', code, 'a b; $x'], { timeout, input });

  it('get their words untouched and their input, and give exit code and output', async () => {
    const code =
      'process.stdin.on("data", (d) => { console.log(process.argv[1] + d); console.error("e"); process.exitCode = 3 })';
    expect(await run(code, 20_000, '!')).toEqual({ exit: 3, out: 'a b; $x!\n', err: 'e\n' });
  });
  it('that are missing or take too long are undefined', async () => {
    expect(await commands.run(join(folder, 'missing'), [], { timeout: 1000 })).toBeUndefined();
    expect(await run('setInterval(() => {}, 1000)', 100)).toBeUndefined();
  });
});

describe('http', () => {
  let server: Server;
  let url: string;
  beforeEach(async () => {
    server = createServer((request, response) => {
      if (request.url === '/silent') return;
      let body = '';
      request.on('data', (part) => {
        body += part;
      });
      request.on('end', () => {
        response.writeHead(request.method === 'POST' ? 201 : 200, { 'x-test': 'yes' });
        response.end(`${request.headers['x-hello']} ${body}`);
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('asks and gets the answer', async () => {
    const headers = { 'x-hello': 'hi' };
    const answer = await http.request(`${url}/`, {
      method: 'POST',
      headers,
      body: ascii('image'),
      timeout: 5000,
      maxBytes: 100,
    });
    expect(answer).toMatchObject({ status: 201, headers: { 'x-test': 'yes' } });
    expect(text(answer!.body)).toBe('hi image');
  });
  it('gives up on silence, on too much, on nobody and on nonsense', async () => {
    const limits = { timeout: 5000, maxBytes: 100 };
    expect(await http.request(`${url}/silent`, { ...limits, timeout: 50 })).toBeUndefined();
    expect(await http.request(`${url}/`, { ...limits, body: new Uint8Array(200), method: 'POST' })).toBeUndefined();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(await http.request(`${url}/`, limits)).toBeUndefined();
    expect(await http.request('ftp://127.0.0.1/', limits)).toBeUndefined();
    expect(await http.request('not a url', limits)).toBeUndefined();
  });
});

describe('this machine', () => {
  it('knows its own way to itself', async () => {
    const world = realWorld();
    expect(await world.routes.to('127.0.0.1')).toMatchObject({ source: '127.0.0.1' });
    expect(world.routes.interfaces()).toContainEqual(
      expect.objectContaining({ address: '127.0.0.1', prefix: 8, family: 4, loopback: true }),
    );
    expect(await world.dns.lookup('127.0.0.1')).toEqual(['127.0.0.1']);
    expect(world.random.bytes(16)).toHaveLength(16);
  });
});
