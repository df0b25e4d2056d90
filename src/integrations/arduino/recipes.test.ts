import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { arduinoCliCall, ide18Call } from '../../../test/arduino.fixture.ts';
import { parseEspota } from '../espota.ts';
import { foreignKeys, recipesFor } from './recipes.ts';

const command = '"/opt/why ota/bin/nöde" "/opt/why ota/whyota.mjs"';
const port = { address: '192.168.1.57', port: 8266 };
const build = { 'build.path': '/tmp/my sketch', 'build.project_name': 'kitchen.ino' };
const core = (name: string) => {
  const platform = readFileSync(`test/fixtures/cores/${name}/platform.txt`, 'utf8');
  const boards = readFileSync(`test/fixtures/cores/${name}/boards.txt`, 'utf8');
  const recipes = recipesFor(platform, boards, command)!;
  return {
    folder: '/cores/with blank',
    platform,
    boards,
    platformLocal: recipes.platform.join('\n'),
    boardsLocal: recipes.boards.join('\n'),
  };
};
const boards = [
  ['esp8266', 'd1_mini'],
  ['esp32', 'esp32'],
  ['esp32', 'esp32c3'],
  ['rp2040', 'rpipicow'],
] as const;

describe('the recipes', () => {
  it.each(boards)('make arduino-cli and IDE 2 call WhyOTA for %s %s, and ask for no password', (name, board) => {
    const { words, asks } = arduinoCliCall(core(name), board, port, build);
    expect(words.slice(0, 3)).toEqual(['/opt/why ota/bin/nöde', '/opt/why ota/whyota.mjs', 'espota']);
    expect(parseEspota(words.slice(3))).toMatchObject({
      kind: 'run',
      words: {
        ip: '192.168.1.57',
        port: 8266,
        file: '/tmp/my sketch/kitchen.ino.bin',
        coreEspota: '/cores/with blank/tools/espota',
      },
    });
    expect(asks).toBe(false);
  });

  it.each(boards)('make IDE 1.8 call WhyOTA for %s %s', (name, board) => {
    const { words } = ide18Call(core(name), board, port, build);
    expect(words.slice(0, 3)).toEqual(['/opt/why ota/bin/nöde', '/opt/why ota/whyota.mjs', 'espota']);
    expect(parseEspota(words.slice(3))).toMatchObject({ words: { ip: '192.168.1.57', port: 8266 } });
  });

  it('leave what was: without them the hosts call the own espota.py of the core, with a password', () => {
    for (const [name, board] of boards) {
      const { words, asks } = arduinoCliCall({ ...core(name), platformLocal: '', boardsLocal: '' }, board, port, build);
      expect(words.join(' ')).toContain('/tools/espota.py');
      expect(asks).toBe(true);
    }
  });

  it('put no pluggable_ key into a core: that would switch off the conversion of esp8266', () => {
    for (const [name] of boards) expect(core(name).platformLocal).not.toMatch(/pluggable_/);
  });

  it('are none for a core without espota', () => {
    expect(
      recipesFor('name=AVR\ntools.avrdude.upload.pattern=avrdude\n', 'uno.upload.tool=avrdude\n', command),
    ).toBeUndefined();
  });

  it('see that somebody else has put an uploader there', () => {
    const { platformLocal } = core('esp8266');
    const other = 'tools.esptool.upload.network_pattern=other\nx=1\n';
    expect(foreignKeys(other, platformLocal.split('\n'))).toEqual(['tools.esptool.upload.network_pattern']);
    expect(foreignKeys('x=1\n', platformLocal.split('\n'))).toEqual([]);
  });
});
