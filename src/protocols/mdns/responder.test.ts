import { describe, expect, it } from 'vitest';
import { millis, seconds } from '#values/index.ts';
import {
  type Announced,
  announcedBoard,
  arduinoQuery,
  arduinoService,
  ask,
  type Message,
  parseMessage,
  printMessage,
  ptr,
  type Question,
  respond,
  responding,
} from './index.ts';

const kitchen: Announced = {
  host: 'kitchen.local',
  addresses: ['10.0.0.7'],
  services: [arduinoService({ name: 'kitchen', port: 8266, board: 'd1_mini', password: true })],
};
const neighbour = { address: '10.0.0.2', port: 5353 };
const legacy = { address: '10.0.0.2', port: 49152 };

const started = (announced = kitchen) => respond(responding(announced), { kind: 'start', now: millis(0) })[0];

function answersTo(bytes: Uint8Array, from = neighbour, announced = kitchen) {
  const [, effects] = respond(started(announced), { kind: 'datagram', now: millis(0), bytes, from });
  return effects.flatMap((effect) => (effect.do === 'send' ? [{ to: effect.to, ...parseMessage(effect.bytes)! }] : []));
}
const query = (questions: readonly Question[], rest: Partial<Message> = {}): Uint8Array =>
  printMessage({ kind: 'query', questions, ...rest })!;

describe('a board that announces itself', () => {
  it('says everything twice, a second apart', () => {
    const [state, first] = respond(responding(kitchen), { kind: 'start', now: millis(0) });
    expect(first.at(-1)).toEqual({ do: 'wake', at: 1000 });
    const [after, second] = respond(state, { kind: 'woke', now: seconds(1) });
    expect(second[0]).toEqual(first[0]);
    expect(respond(after, { kind: 'woke', now: seconds(2) })[1]).toEqual([]);
    const said = parseMessage((second[0] as { bytes: Uint8Array }).bytes)!;
    expect(said.answers.map(({ type, ttl }) => `${type} ${ttl}`)).toEqual([
      'PTR 4500',
      'PTR 4500',
      'SRV 120',
      'TXT 4500',
      'A 120',
    ]);
  });

  it('says goodbye, and then nothing', () => {
    const [state, effects] = respond(started(), { kind: 'stop', now: millis(5) });
    const said = parseMessage((effects[0] as { bytes: Uint8Array }).bytes)!;
    expect(said.answers.every(({ ttl }) => ttl === 0)).toBe(true);
    expect(respond(state, { kind: 'datagram', now: millis(6), bytes: arduinoQuery, from: neighbour })[1]).toEqual([]);
  });
});

describe('a board that is asked', () => {
  it('answers the group, with all that the asker will want to know', () => {
    const [answer] = answersTo(arduinoQuery);
    expect(answer!.to).toBe('group');
    expect(answer!.answers).toEqual([ptr('_arduino._tcp.local', 'kitchen._arduino._tcp.local')]);
    expect(answer!.additionals).toMatchObject([
      { type: 'SRV', port: 8266, target: 'kitchen.local' },
      { type: 'TXT', strings: ['tcp_check=no', 'ssh_upload=no', 'board=d1_mini', 'auth_upload=yes'] },
      { type: 'A', address: '10.0.0.7' },
    ]);
  });

  it.each(['SRV', 'TXT', 'ANY'] as const)(
    'answers for its service when asked for %s, in any case of letters',
    (type) => {
      const [answer] = answersTo(query([ask(type, 'KITCHEN._Arduino._TCP.local')]));
      expect(answer!.answers.map((entry) => entry.type)).toEqual(type === 'ANY' ? ['SRV', 'TXT'] : [type]);
    },
  );

  it('answers for its host, and for the list of its services', () => {
    expect(answersTo(query([ask('A', 'kitchen.local')]))[0]!.answers).toMatchObject([{ address: '10.0.0.7' }]);
    expect(answersTo(query([ask('PTR', '_services._dns-sd._udp.local')]))[0]!.answers).toMatchObject([
      { target: '_arduino._tcp.local' },
    ]);
  });

  it('answers the asker alone when asked to', () => {
    expect(answersTo(query([ask('PTR', '_arduino._tcp.local', true)]))[0]!.to).toEqual(neighbour);
  });

  it('answers an asker that is no mDNS participant in plain DNS: its id, its question, short lives', () => {
    const [answer] = answersTo(query([ask('PTR', '_arduino._tcp.local')], { id: 4711 }), legacy);
    expect(answer).toMatchObject({ to: legacy, id: 4711, questions: [{ type: 'PTR' }] });
    expect([...answer!.answers, ...answer!.additionals].every(({ ttl, flush }) => ttl <= 10 && !flush)).toBe(true);
  });

  it('does not repeat what the asker knows', () => {
    const known = (ttl: number) =>
      query([ask('PTR', '_arduino._tcp.local')], {
        answers: [ptr('_arduino._tcp.local', 'kitchen._arduino._tcp.local', ttl)],
      });
    expect(answersTo(known(3000))).toEqual([]);
    expect(answersTo(known(1000))).toHaveLength(1);
  });

  it('keeps silent about others, and about noise', () => {
    expect(answersTo(query([ask('A', 'hall.local'), ask('PTR', '_http._tcp.local')]))).toEqual([]);
    expect(answersTo(Uint8Array.of(1, 2, 3))).toEqual([]);
  });

  it('of the pickiest kind answers nothing but the one query it knows', () => {
    const picky = { ...kitchen, onlyExactQuery: true };
    expect(answersTo(arduinoQuery, neighbour, picky)).toHaveLength(1);
    expect(answersTo(query([ask('PTR', '_arduino._tcp.local')], { id: 99 }), neighbour, picky)).toHaveLength(1);
    expect(answersTo(query([ask('PTR', '_arduino._tcp.local', true)]), neighbour, picky)).toEqual([]);
    expect(
      answersTo(query([ask('PTR', '_arduino._tcp.local'), ask('PTR', '_http._tcp.local')]), neighbour, picky),
    ).toEqual([]);
  });
});

describe('the board in the announcement', () => {
  it.each([
    ['2.0.0', 'generic'],
    ['2.2.0', 'generic'],
    ['2.3.0', 'ESP8266_WEMOS_D1MINI'],
    ['2.7.4', '"ESP8266_WEMOS_D1MINI"'],
    ['3.0.2', '"ESP8266_WEMOS_D1MINI"'],
    ['3.1.2', 'd1_mini'],
  ])('of core %s is %s', (core, board) => {
    expect(announcedBoard(core, { id: 'd1_mini', build: 'ESP8266_WEMOS_D1MINI' })).toBe(board);
  });
});
