import { describe, expect, it } from 'vitest';
import { type Millis, millis, seconds, toHex } from '#values/index.ts';
import {
  addressRecord,
  arduinoQuery,
  type BrowserEffect,
  type BrowserOptions,
  type BrowserTelling,
  browse,
  browsing,
  type Entry,
  type Message,
  parseMessage,
  printMessage,
  ptr,
  servicesSeen,
  srv,
  txt,
} from './index.ts';

const arduino = '_arduino._tcp';

/** A browser whose wakes are kept, with what it sent and told. */
function browserOf(options: BrowserOptions) {
  let state = browsing(options);
  let now = millis(0);
  let wakeAt: Millis | undefined;
  const sent: { at: Millis; bytes: Uint8Array }[] = [];
  const told: BrowserTelling[] = [];
  const carryOut = (effects: readonly BrowserEffect[]): void => {
    for (const effect of effects) {
      if (effect.do === 'send') sent.push({ at: now, bytes: effect.bytes });
      else if (effect.do === 'tell') told.push(effect.event);
      else wakeAt = effect.at;
    }
  };
  const happen = (event: Parameters<typeof browse>[1]): void => {
    const [next, effects] = browse(state, event);
    state = next;
    carryOut(effects);
  };
  happen({ kind: 'start', now });
  return {
    sent,
    told,
    services: () => servicesSeen(state),
    queries: (): readonly (Message & { at: Millis })[] =>
      sent.map(({ at, bytes }) => ({ at, ...parseMessage(bytes)! })),
    hear(answers: readonly Entry[], from = '10.0.0.7', link = 'eth0') {
      happen({ kind: 'datagram', now, bytes: printMessage({ kind: 'response', answers })!, from, link });
    },
    hearBytes(bytes: Uint8Array) {
      happen({ kind: 'datagram', now, bytes, from: '10.0.0.66', link: 'eth0' });
    },
    pass(time: Millis) {
      const until = now + time;
      while (wakeAt !== undefined && wakeAt <= until) {
        now = millis(Math.max(now, wakeAt));
        wakeAt = undefined;
        happen({ kind: 'woke', now });
      }
      now = millis(until);
    },
  };
}

const board = (name: string, address: string, { port = 8266, host = name, board = 'd1_mini' } = {}): Entry[] => {
  const instance = `${name}.${arduino}.local`;
  return [
    ptr(`${arduino}.local`, instance),
    srv(instance, `${host}.local`, port),
    txt(instance, [`board=${board}`, 'auth_upload=no']),
    addressRecord(`${host}.local`, address),
  ];
};
const goodbye = (entries: readonly Entry[]): Entry[] => entries.map((entry) => ({ ...entry, ttl: 0 }));

describe('asking', () => {
  it('asks at 0, 1, 3, 7, 15 seconds and then twice a minute', () => {
    const browser = browserOf({ services: [arduino] });
    browser.pass(seconds(100));
    expect(browser.sent.map(({ at }) => at / 1000)).toEqual([0, 1, 3, 7, 15, 31, 61, 91]);
  });

  it('asks for Arduino boards in a packet of its own that never changes', () => {
    const browser = browserOf({ services: [arduino, '_wled._tcp'], unicast: true });
    browser.hear(board('kitchen', '10.0.0.7'));
    browser.pass(seconds(20));
    const own = browser.sent.filter(({ bytes }) => toHex(bytes) === toHex(arduinoQuery));
    expect(own).toHaveLength(5);
    expect(
      browser
        .queries()
        .filter(({ questions }) => questions.length > 1 && questions.some(({ name }) => name.includes('arduino'))),
    ).toEqual([]);
  });

  it('tells the other services what it knows, so that they need not repeat it', () => {
    const browser = browserOf({ services: ['_wled._tcp'] });
    const lamp = ptr('_wled._tcp.local', 'lamp._wled._tcp.local', 100);
    browser.hear([lamp, srv('lamp._wled._tcp.local', 'lamp.local', 80), txt('lamp._wled._tcp.local', ['mac=a'])]);
    browser.pass(seconds(1));
    const second = browser.queries().find(({ at, questions }) => at === 1000 && questions[0]!.type === 'PTR')!;
    expect(second.answers).toEqual([{ ...lamp, ttl: 99 }]);
    browser.pass(seconds(60));
    expect(
      browser.queries().filter(({ at, questions }) => at === 61_000 && questions[0]!.type === 'PTR')[0]!.answers,
    ).toEqual([]);
  });

  it('asks to be answered alone when it could not share the port', () => {
    const [first] = browserOf({ services: ['_wled._tcp'], unicast: true }).queries();
    expect(first!.questions.every(({ unicast }) => unicast)).toBe(true);
  });

  it('asks for what an answer left out, one question a packet, and gives up in the end', () => {
    const browser = browserOf({ services: [arduino] });
    browser.hear([ptr(`${arduino}.local`, `kitchen.${arduino}.local`)]);
    browser.pass(seconds(60));
    const asked = browser.queries().filter(({ questions }) => questions[0]!.type !== 'PTR');
    expect(asked.map(({ questions }) => questions.map(({ type }) => type).join())).toEqual(
      Array.from({ length: 4 }, () => ['SRV', 'TXT']).flat(),
    );
  });

  it('looks up hosts', () => {
    const browser = browserOf({ services: [], hosts: ['kitchen.local'] });
    expect(browser.queries()[0]!.questions.map(({ type, name }) => `${type} ${name}`)).toEqual([
      'A kitchen.local',
      'AAAA kitchen.local',
    ]);
    browser.hear([addressRecord('KITCHEN.local', '10.0.0.7'), addressRecord('other.local', '10.0.0.8')]);
    expect(browser.told).toEqual([{ kind: 'host', name: 'kitchen.local', address: '10.0.0.7', link: 'eth0' }]);
  });
});

describe('hearing', () => {
  it('tells of a board with everything that it said', () => {
    const browser = browserOf({ services: [arduino] });
    browser.hear(board('kitchen', '10.0.0.7'));
    expect(browser.told).toEqual([
      {
        kind: 'seen',
        service: {
          type: arduino,
          name: 'kitchen',
          host: 'kitchen.local',
          port: 8266,
          addresses: ['10.0.0.7'],
          txt: { board: 'd1_mini', auth_upload: 'no' },
          sender: '10.0.0.7',
          links: ['eth0'],
        },
      },
    ]);
  });

  it('puts a board together from several packets, in any order', () => {
    const browser = browserOf({ services: [arduino] });
    for (const entry of board('kitchen', '10.0.0.7').reverse()) browser.hear([entry]);
    expect(browser.services()).toMatchObject([{ name: 'kitchen', port: 8266, addresses: ['10.0.0.7'] }]);
  });

  it('keeps two boards of one name apart', () => {
    const browser = browserOf({ services: [arduino] });
    browser.hear(board('esp', '10.0.0.7'), '10.0.0.7');
    browser.pass(seconds(2));
    browser.hear(board('esp', '10.0.0.8'), '10.0.0.8');
    expect(browser.services().map(({ addresses }) => addresses)).toEqual([['10.0.0.7'], ['10.0.0.8']]);
  });

  it('remembers every link on which a board was heard', () => {
    const browser = browserOf({ services: [arduino] });
    browser.hear(board('kitchen', '10.0.0.7'), '10.0.0.7', 'eth0');
    browser.hear(board('kitchen', '10.0.0.7'), '10.0.0.7', 'wlan0');
    expect(browser.services()[0]!.links).toEqual(['eth0', 'wlan0']);
  });

  it('believes the newest word of a board on its port, its text and its address', () => {
    const browser = browserOf({ services: [arduino] });
    browser.hear(board('kitchen', '10.0.0.7'));
    browser.pass(seconds(2));
    browser.hear(board('kitchen', '10.0.0.9', { port: 3232, board: 'esp32' }));
    expect(browser.services()).toMatchObject([{ port: 3232, addresses: ['10.0.0.9'], txt: { board: 'esp32' } }]);
  });

  it('tells when a board says goodbye', () => {
    const browser = browserOf({ services: [arduino] });
    browser.hear(board('kitchen', '10.0.0.7'));
    browser.hear(goodbye(board('kitchen', '10.0.0.7')));
    expect(browser.told.at(-1)).toMatchObject({ kind: 'gone', why: 'goodbye', service: { name: 'kitchen' } });
    expect(browser.services()).toEqual([]);
  });

  it('tells when what a board said holds no longer', () => {
    const browser = browserOf({ services: [arduino] });
    browser.hear([ptr(`${arduino}.local`, `kitchen.${arduino}.local`, 20)]);
    browser.pass(seconds(19));
    expect(browser.services()).toHaveLength(1);
    browser.pass(seconds(2));
    expect(browser.told.at(-1)).toMatchObject({ kind: 'gone', why: 'expired' });
  });

  it('takes no question for an answer, and stays small in a flood', () => {
    const browser = browserOf({ services: [arduino] });
    browser.hearBytes(printMessage({ kind: 'query', answers: board('kitchen', '10.0.0.7') })!);
    expect(browser.services()).toEqual([]);
    const lies = (from: number): Entry[] =>
      Array.from({ length: 100 }, (_, i) => addressRecord(`liar${from + i}.local`, '10.0.0.66'));
    for (let i = 0; i < 120; i++) browser.hear(lies(i * 100), `10.0.1.${i}`);
    browser.hear(board('late', '10.0.0.9'), '10.0.0.9');
    expect(browser.services()).toEqual([]);
  });
});
