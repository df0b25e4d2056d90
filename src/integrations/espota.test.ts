import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EspotaWords, parseEspota } from './espota.ts';

const words = (line: string | readonly string[]): EspotaWords => {
  const parsed = parseEspota(typeof line === 'string' ? line.split(' ') : line);
  if (parsed.kind !== 'run') throw new Error(JSON.stringify(parsed));
  return parsed.words;
};
const none = { spiffs: false, debug: false, json: false, quiet: false };

describe('the words of espota.py', () => {
  it.each([
    '-i 10.0.0.7 -p 8266 -f a.bin -s -d -r',
    '-i10.0.0.7 -p8266 -fa.bin -sdr',
    '--ip=10.0.0.7 --port=8266 --file=a.bin --spiffs --debug --progress',
    '--ip 10.0.0.7 --port 8266 --file a.bin --sp --deb --prog',
    '-sdri 10.0.0.7 -p 8266 -f a.bin -m -t 10',
  ])('are read however they are written: %s', (line) => {
    expect(words(line)).toEqual({ ...none, ip: '10.0.0.7', port: 8266, file: 'a.bin', spiffs: true, debug: true });
  });

  it('may have hyphens or underscores', () => {
    const both = { ...none, hostIp: '10.0.0.2', hostPort: 4000 };
    expect(words('--host_ip=10.0.0.2 --host_port=4000')).toEqual(both);
    expect(words('--host-ip 10.0.0.2 --host-port 4000')).toEqual(both);
    expect(words('-I 10.0.0.2 -P 4000')).toEqual(both);
  });

  it('say nothing where the IDE left a placeholder or a blank', () => {
    expect(words(['-i', '{serial.port}', '-p', '{network.port}', '--auth={network.password}', '-f', 'a.bin'])).toEqual({
      ...none,
      file: 'a.bin',
    });
    expect(words(['-a', '', '--auth=', '-p', ''])).toEqual(none);
  });

  it('say nothing of an address that PlatformIO left out', () => {
    expect(words('--debug --progress -i -f firmware.bin')).toEqual({ ...none, debug: true, file: 'firmware.bin' });
  });

  it('keep a password as it is, with blanks, braces and a hyphen at its start', () => {
    expect(words(['--auth= a {b} '])).toMatchObject({ auth: ' a {b} ' });
    expect(words(['-a', '-i', '-f', 'x'])).toMatchObject({ auth: '-i', file: 'x' });
  });

  it('take any address and any port as no choice', () => {
    expect(words('-I 0.0.0.0 -P 0')).toEqual(none);
  });

  it.each(['--nope', '-x', '--h', '-p abc', '--port=70000', '-a', '--debug=1', '-t soon'])(
    'are refused where Python would refuse them: %s',
    (line) => {
      expect(parseEspota(line.split(' '))).toMatchObject({ kind: 'usage' });
    },
  );

  it('ask for help', () => {
    expect(parseEspota(['-h'])).toEqual({ kind: 'help' });
    expect(parseEspota(['--help', '-i', 'x'])).toEqual({ kind: 'help' });
  });

  it('never make the reader throw', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(fc.string(), fc.constantFrom('-i', '--', '-', '--=', '-a', '--auth', '-p', '-sdf', '--host')),
        ),
        (given) => {
          expect(['run', 'usage', 'help']).toContain(parseEspota(given).kind);
        },
      ),
    );
  });
});
