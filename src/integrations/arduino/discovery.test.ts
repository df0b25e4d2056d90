import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DiscoveryEvent, discovering, initial, type Port } from './discovery.ts';

const port = (address: string, label = address): Port => ({ address, label, port: 8266, properties: { board: 'd1' } });

/** What is answered to these lines and ports. */
function talk(...events: readonly (string | readonly Port[])[]): unknown[] {
  let state = initial;
  const said: unknown[] = [];
  for (const given of events) {
    const event: DiscoveryEvent =
      typeof given === 'string' ? { kind: 'line', line: given } : { kind: 'ports', ports: given };
    const [next, effects] = discovering(state, event);
    state = next;
    said.push(...effects.map((effect) => (effect.do === 'answer' ? effect.message : effect.do)));
  }
  return said;
}
const hello = 'HELLO 1 "arduino-cli 1.4.1"';
const ok = (eventType: string) => ({ eventType, message: 'OK' });
const wrong = (eventType: string) => expect.objectContaining({ eventType, error: true, message: expect.any(String) });

describe('the pluggable discovery', () => {
  it('greets first', () => {
    expect(talk(hello)).toEqual([{ eventType: 'hello', protocolVersion: 1, message: 'OK' }]);
    expect(talk('LIST', 'START', 'START_SYNC', 'STOP')).toEqual(
      ['list', 'start', 'start_sync', 'stop'].map((name) => wrong(name)),
    );
    expect(talk(hello, hello).at(-1)).toEqual(wrong('hello'));
    expect(talk('HELLO 1 arduino')).toEqual([wrong('hello')]);
  });

  it('sends events after START_SYNC: what comes, changes and goes', () => {
    const said = talk(hello, 'START_SYNC', [port('1.1.1.1')], [port('1.1.1.1')], [port('1.1.1.1', 'new name')], []);
    expect(said.slice(1)).toEqual([
      ok('start_sync'),
      'look',
      { eventType: 'add', port: expect.objectContaining({ address: '1.1.1.1', protocol: 'network' }) },
      { eventType: 'add', port: expect.objectContaining({ label: 'new name' }) },
      { eventType: 'remove', port: { address: '1.1.1.1', protocol: 'network' } },
    ]);
  });

  it('gives properties as strings only: a number would have it killed', () => {
    const [added] = talk(hello, 'START_SYNC', [port('1.1.1.1')]).slice(3) as [{ port: { properties: object } }];
    expect(added.port.properties).toEqual({ board: 'd1', port: '8266' });
  });

  it('lists after START', () => {
    expect(talk(hello, 'START', [port('1.1.1.1')], 'LIST').at(-1)).toMatchObject({
      eventType: 'list',
      ports: [{ address: '1.1.1.1' }],
    });
    expect(talk(hello, 'START', 'LIST').at(-1)).toEqual({ eventType: 'list', ports: [] });
    expect(talk(hello, 'START_SYNC', 'LIST').at(-1)).toEqual(wrong('list'));
  });

  it('starts again after STOP, and says so when it is told twice', () => {
    expect(talk(hello, 'START', 'STOP', 'start_sync').slice(1)).toEqual([
      ok('start'),
      'look',
      ok('stop'),
      'rest',
      ok('start_sync'),
      'look',
    ]);
    expect(talk(hello, 'START', 'START').at(-1)).toEqual(wrong('start'));
    expect(talk(hello, 'STOP').at(-1)).toEqual(wrong('stop'));
  });

  it('ends on QUIT, greeted or not', () => {
    expect(talk('QUIT')).toEqual([ok('quit'), 'quit']);
  });

  it('answers anything else with an error, and never throws', () => {
    expect(talk('NOPE')).toEqual([wrong('command_error')]);
    fc.assert(fc.property(fc.array(fc.string()), (lines) => void talk(...lines)));
  });
});
