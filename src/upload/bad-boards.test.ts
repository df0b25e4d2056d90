import { describe, expect, it } from 'vitest';
import { ascii, millis, Secret, seconds } from '#values/index.ts';
import type { Faults, Sketch } from '#virtual/index.ts';
import { counted, imageFor, limits, puppet, scene, takesTheNextUpload, upload } from './scene.fixture.ts';

const image = imageFor('esp8266@3.1.2', { bytes: 200_000 });
const large = imageFor('esp8266@3.1.2', { bytes: 400_000 });
const faulty = (faults: Faults, sketch: Partial<Sketch> = {}, core = 'esp8266@3.1.2') =>
  scene({ core, board: { faults, sketch } });

describe('a board that', () => {
  it.each(['esp8266@2.3.0', 'esp8266@3.1.2', 'esp32@3.2.0', 'rp2040@6.0.0'])(
    'answers OK and never connects (%s) ends in one error',
    async (core) => {
      const house = await faulty({ neverCalls: true }, {}, core);
      const { ending, code } = await upload(house, { within: limits.noCall });
      expect(ending).toMatchObject({ kind: 'failed', acknowledged: 0 });
      expect(code).toBe('no-call-back');
    },
  );

  it('closes the connection mid-way is reported with how far it came', async () => {
    const house = await faulty({ resetAfter: 80_000 });
    const { ending, code } = await upload(house, { file: image, within: limits.standstill });
    expect(code).toBe('transfer-broke-off');
    expect(ending).toMatchObject({ kind: 'failed' });
    const { acknowledged = 0 } = ending as { acknowledged?: number };
    expect(acknowledged).toBeGreaterThan(20_000);
    expect(acknowledged).toBeLessThanOrEqual(80_000);
    expect(house.board.updates).toEqual([]);
  });

  it('stalls for ever is given up', async () => {
    const house = await faulty({ silentAfter: 80_000 });
    const { code, delivery } = await upload(house, { file: large, within: limits.standstill });
    expect(code).toBe('transfer-stalled');
    expect(delivery).toMatchObject({ kind: 'stalled' });
  });

  it('stalls for ever, is tried again and stays silent, is still reported as stalled', async () => {
    const house = await faulty({ silentAfter: 80_000 });
    const { code } = await upload(house, { file: large, attempts: 3 });
    expect(code).toBe('transfer-stalled');
  });

  it('falls silent after the last byte may have stored it: nobody knows', async () => {
    const house = await faulty({ silentAfter: image.length });
    const { code } = await upload(house, { file: image, within: limits.noVerdict });
    expect(code).toBe('no-verdict');
  });

  it('lies about counts gets the image all the same, and only its verdict makes 100 %', async () => {
    const house = await faulty({ liesAboutCounts: true });
    const { ending, said } = await upload(house, { file: image });
    expect(ending.kind).toBe('stored');
    const steps = said('acknowledged').map((event) => ('bytes' in event ? event.bytes : 0));
    expect(steps.slice(0, -1).every((bytes) => bytes < image.length)).toBe(true);
    await house.clock.runFor(seconds(30));
    expect(house.board.program?.build).toBe('new');
  });

  it('sends 10 MB of garbage is hung up on after the first of it', async () => {
    const house = await faulty({ garbage: 10_000_000 });
    let read = 0;
    const world = {
      ...house.host,
      tcp: {
        ...house.host.tcp,
        listen: ((options, on) =>
          house.host.tcp.listen(options, {
            ...on,
            connection(connection) {
              const take = connection.read.bind(connection);
              connection.read = (most) => {
                const bytes = take(most);
                read += bytes.length;
                return bytes;
              };
              on.connection(connection);
            },
          })) as typeof house.host.tcp.listen,
      },
    };
    const { code, attempt } = await upload(house, { file: image, world, within: limits.standstill });
    expect(code).toBe('garbage-from-board');
    expect(read).toBeLessThan(70_000);
    expect(JSON.stringify(attempt).length).toBeLessThan(10_000);
  });

  it('floods the host with datagrams that mean nothing is told as such, and fills no memory', async () => {
    const house = await scene();
    house.board.powerOff();
    house.place.power(true);
    const socket = await house.place.udp.open(
      { bind: house.to },
      {
        datagram(_, from) {
          if ('send' in socket)
            for (let i = 0; i < 2000; i++) socket.send(new Uint8Array(1400).fill(0x41 + (i % 26)), from);
        },
        trouble() {},
      },
    );
    const { code, attempt } = await upload(house, { within: limits.nobodyAnswers });
    expect(code).toBe('garbled-answer');
    expect(JSON.stringify(attempt).length).toBeLessThan(20_000);
  });

  it('answers late, and more than once, is updated', async () => {
    const house = await faulty({ replyDelay: seconds(3), extraReplies: 2 });
    expect((await upload(house)).ending.kind).toBe('stored');
  });

  it('is left in its wait for a password swallows the first invitation only', async () => {
    const password = new Secret('sesame');
    const house = await faulty({ waitsForAuthentication: true }, { password });
    const { ending, said } = await upload(house, { password });
    expect(ending.kind).toBe('stored');
    expect(said('invited')).toHaveLength(2);
  });
});

describe('a stranger in the place of the board that', () => {
  it('closes the connection in good order mid-way has broken off', async () => {
    const house = await scene();
    let read = 0;
    await puppet(house, {
      onData(call) {
        const { length } = call.read();
        read += length;
        call.write(ascii(String(length)));
        if (read > 50_000) call.end();
      },
    });
    const { code, delivery } = await upload(house, { file: large, within: limits.standstill });
    expect(delivery).toMatchObject({ kind: 'broke-off', how: 'end' });
    expect(code).toBe('transfer-broke-off');
  });

  it('says OK before it has the image is not believed', async () => {
    const house = await scene();
    await puppet(house, { onCall: (call) => call.write(ascii('OK')) });
    const { ending } = await upload(house, { file: large, within: limits.standstill });
    expect(ending.kind).toBe('failed');
  });

  it('closes as soon as it has called is not believed to have stored anything', async () => {
    const house = await scene();
    await puppet(house, { onCall: (call) => call.end() });
    expect((await upload(house, { file: large, within: limits.standstill })).ending.kind).toBe('failed');
  });

  it('counts for ever is hung up on', async () => {
    const house = await scene();
    await puppet(house, { onCall: (call) => call.write(new Uint8Array(10_000_000).fill(0x31)) });
    const { ending, attempt } = await upload(house, { file: large, within: limits.standstill });
    expect(ending.kind).toBe('failed');
    expect(JSON.stringify(attempt).length).toBeLessThan(40_000);
  });

  it('never reads is given up', async () => {
    const house = await scene();
    await puppet(house, {});
    const { code } = await upload(house, { file: large, within: limits.standstill });
    expect(code).toBe('transfer-stalled');
  });

  it('calls a hundred times is answered once', async () => {
    const house = await scene();
    let calls = 0;
    await puppet(house, {
      onCall(call) {
        for (; calls < 100; calls++)
          house.place.tcp.connect(call.remote, {}, { readable() {}, ended() {}, closed() {} });
      },
    });
    const { said } = await upload(house, { file: large, within: limits.standstill });
    expect(said('connected')).toHaveLength(1);
  });
});

describe('a password', () => {
  const password = new Secret('sesame');
  const cores = ['esp8266@2.3.0', 'esp8266@3.1.2', 'esp32@3.2.0', 'esp32@3.3.1', 'rp2040@6.0.0'];

  it.each(cores)('that is right opens %s', async (core) => {
    const house = await faulty({}, { password }, core);
    expect((await upload(house, { password })).ending.kind).toBe('stored');
  });

  it.each(cores)('that is wrong is said to be wrong by %s, which is free again at once', async (core) => {
    const house = await faulty({}, { password }, core);
    const { code, said } = await upload(house, { password: new Secret('simsalabim'), within: limits.wrongPassword });
    expect(code).toBe('auth-wrong-password');
    expect(said('authentication-refused').length).toBeGreaterThan(0);
    await takesTheNextUpload(house, { password });
  });

  it.each(cores)('that is missing is asked for by %s, which is not left waiting for it', async (core) => {
    const house = await faulty({}, { password }, core);
    expect((await upload(house, { within: limits.wrongPassword })).code).toBe('password-needed');
    const next = await upload(house, { password });
    expect(next.ending.kind).toBe('stored');
    expect(next.said('invited')).toHaveLength(1);
  });

  it('is asked of the person once, and only when the board wants one', async () => {
    let asked = 0;
    const askPassword = async (): Promise<Secret> => {
      asked++;
      return password;
    };
    expect((await upload(await faulty({}), { askPassword })).ending.kind).toBe('stored');
    expect(asked).toBe(0);
    expect((await upload(await faulty({}, { password }), { askPassword })).ending.kind).toBe('stored');
    expect(asked).toBe(1);
  });

  it('that the board never answers ends in an error of its own', async () => {
    const blocks = [{ at: millis(0), lasts: 'for-ever' as const }];
    const house = await faulty({}, { password, blocks }, 'esp8266@3.1.2');
    const { code } = await upload(house, { password, within: limits.noAnswerToPassword });
    expect(['no-answer-to-authentication', 'no-call-back', 'no-answer']).toContain(code);
  });

  it('is in no event, ending or problem', async () => {
    const house = await faulty({}, { password });
    const results = [await upload(house, { password: new Secret('simsalabim') }), await upload(house, { password })];
    expect(JSON.stringify(results)).not.toMatch(/sesame|simsalabim/);
  });
});

describe('a sketch that', () => {
  it('stands still in its loop does not answer', async () => {
    const house = await faulty({}, { blocks: [{ at: millis(0), lasts: 'for-ever' }] }, 'esp32@3.2.0');
    expect((await upload(house, { within: limits.nobodyAnswers })).code).toBe('no-answer');
  });

  it('stands still for a while is updated when it goes on', async () => {
    const house = await faulty({}, { blocks: [{ at: millis(0), lasts: seconds(8) }] });
    expect((await upload(house)).ending.kind).toBe('stored');
  });

  it('has not called ArduinoOTA.begin() has a closed port', async () => {
    const house = await faulty({}, { startDelay: 'for-ever' });
    expect((await upload(house, { within: limits.portClosed })).code).toBe('sk-no-ota-in-running-sketch');
  });
});

describe('too little space', () => {
  const tight = { layout: '1M512', runningBytes: 253_168 };
  const file = imageFor('esp8266@2.3.0', { bytes: 253_168 });

  it('on 2.3.0 is a silent refusal: asked again, the board answers at once', async () => {
    const house = await scene({ core: 'esp8266@2.3.0', board: tight });
    const { delivery, code } = await upload(house, { file, within: limits.noCall });
    expect(delivery).toEqual({ kind: 'no-call', again: 'at-once' });
    expect(code).toBe('no-call-back');
  });

  it('on 2.3.0 is named by the sum where the layout is known and the person forced it', async () => {
    const house = await scene({ core: 'esp8266@2.3.0', board: tight });
    const knowledge = { family: 'esp8266' as const, core: '2.3.0', layout: '1M512', runningBytes: 253_168 };
    const { code } = await upload(house, { file, knowledge, force: true });
    expect(code).toBe('img-8266-two-copies-dont-fit');
  });

  it('on an ESP32 says OK and does not call: asked again, it answers at once', async () => {
    const house = await scene({ core: 'esp32@3.2.0' });
    const { delivery } = await upload(house, {
      file: imageFor('esp32@3.2.0', { bytes: 1_500_000 }),
      within: limits.noCall,
      knowledge: { family: 'esp32' },
    });
    expect(delivery).toMatchObject({ kind: 'no-call', again: 'at-once' });
  });

  it('is told by cores from 2.4.0 on, in their words', async () => {
    const house = await scene({ core: 'esp8266@2.7.4', board: tight });
    const { code, delivery } = await upload(house, { file, within: limits.wrongPassword });
    expect(code).toBe('img-8266-two-copies-dont-fit');
    expect(delivery).toMatchObject({ kind: 'board-error', over: 'udp' });
  });
});

describe('before a byte is sent', () => {
  it.each([
    ['an image for another chip', imageFor('esp32@3.2.0'), 'img-wrong-chip'],
    ['an empty file', new Uint8Array(0), undefined],
    ['a web page', new TextEncoder().encode('<!DOCTYPE html><html><body>404</body></html>'), undefined],
    ['a truncated image', image.subarray(0, 120_000), undefined],
  ])('%s is refused, and no socket is opened', async (_, file, wanted) => {
    const house = await scene();
    const { world, opened } = counted(house.host);
    const { ending, code } = await upload(house, { file, world });
    expect(ending.kind).toBe('refused');
    expect(code).toEqual(wanted ?? expect.any(String));
    expect(opened()).toBe(0);
  });

  it('what cannot fit is refused with the sum', async () => {
    const house = await scene({ core: 'esp8266@2.3.0' });
    const { world, opened } = counted(house.host);
    const knowledge = { family: 'esp8266' as const, core: '2.3.0', layout: '1M512', runningBytes: 253_168 };
    const { ending, code } = await upload(house, {
      file: imageFor('esp8266@2.3.0', { bytes: 253_168 }),
      knowledge,
      world,
    });
    expect(ending.kind).toBe('refused');
    expect(code).toBe('img-8266-two-copies-dont-fit');
    expect(opened()).toBe(0);
  });

  it('--force sends what a check refuses', async () => {
    const house = await scene();
    const file = imageFor('esp32@3.2.0');
    const { said } = await upload(house, { file, force: true });
    expect(said('warned').length).toBeGreaterThan(0);
    expect(said('connected')).toHaveLength(1);
  });
});
