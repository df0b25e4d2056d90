import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ascii, fromHex, md5Hex, millis, Secret, seeded, text } from '#values/index.ts';
import streams from '../../../test/fixtures/espota/espota-ack-stream.json' with { type: 'json' };
import invitations from '../../../test/fixtures/espota/espota-invitation.json' with { type: 'json' };
import md5Auth from '../../../test/fixtures/espota/espota-md5-auth.json' with { type: 'json' };
import shaAuth from '../../../test/fixtures/espota/espota-pbkdf2-auth.json' with { type: 'json' };
import errorVectors from '../../../test/fixtures/espota/updater-errors.json' with { type: 'json' };
import { responseTo, storedHash } from './authentication.ts';
import { device, stepDevice } from './device.ts';
import { errorTexts, parseError, printError } from './errors.ts';
import { profileOf } from './profiles.ts';
import { type AnswerStream, estimateAnswered, hearAnswers, silentStream, verdictAtEnd } from './verdict.ts';
import {
  inertDatagram,
  parseChallengeAnswer,
  parseInvitation,
  parseReply,
  printChallengeAnswer,
  printInvitation,
  printReply,
} from './wire.ts';

const modern = { digitLimit: 16, stopsAtEnd: true };
const old = { digitLimit: 16, stopsAtEnd: false };
const anyBytes = fc.uint8Array({ maxLength: 600 });

describe('an invitation', () => {
  it.each(invitations.cases)('is read as boards do: $name', ({ datagramHex, modern: expected, cores_le_2_4_0 }) => {
    const bytes = fromHex(datagramHex)!;
    const heard = parseInvitation(bytes, modern);
    if (expected.accepted)
      expect(heard).toEqual({
        kind: 'invitation',
        invitation: {
          command: expected.command === 0 ? 'sketch' : 'filesystem',
          hostPort: expected.port,
          size: expected.size,
          md5: expected.md5,
        },
      });
    else {
      expect(heard).toMatchObject({ kind: 'dropped', command: expected.command });
      if (expected.md5Field !== undefined) expect(heard).toMatchObject({ digest: expected.md5Field });
    }
    if (cores_le_2_4_0 === 'same') expect(parseInvitation(bytes, old)).toEqual(heard);
    if (cores_le_2_4_0.includes('loops forever')) expect(parseInvitation(bytes, old)).toEqual({ kind: 'endless' });
  });

  it.each(invitations.stateCases)(
    'meets a board in another state: $name',
    ({ state, datagramHex, stateAfter, reply, cores_le_2_4_0 }) => {
      const now = millis(0);
      const from = { address: '192.0.2.1', port: 4000 };
      const invitation = ascii('0 41234 290000 9e107d9d372bb6826bd81d3542a419d6\n');
      for (const core of ['2.4.0', '3.1.2']) {
        const profile = profileOf(`esp8266@${core}`)!;
        let board = device({ profile, ...(state === 'WAITAUTH' && { password: new Secret('x') }) });
        [board] = stepDevice(board, { kind: 'datagram', bytes: invitation, from, now });
        const [after, effects] = stepDevice(board, { kind: 'datagram', bytes: fromHex(datagramHex)!, from, now });
        if (core === '2.4.0' && cores_le_2_4_0.includes('loops forever')) {
          expect(after.phase.kind).toBe('hung');
          continue;
        }
        expect(after.phase.kind).toBe(stateAfter === 'IDLE' ? 'idle' : 'accepted');
        expect(effects.flatMap((effect) => (effect.do === 'reply' ? [text(effect.bytes)] : []))).toEqual(
          reply ? [reply] : [],
        );
      }
    },
  );

  it('comes back as it was printed', () => {
    const invitation = fc.record({
      command: fc.constantFrom('sketch' as const, 'filesystem' as const),
      hostPort: fc.integer({ min: 1, max: 65535 }),
      size: fc.integer({ min: 1, max: 1 << 24 }),
      md5: fc.string().map(md5Hex),
    });
    fc.assert(
      fc.property(invitation, (each) => {
        for (const rules of [modern, old])
          expect(parseInvitation(printInvitation(each), rules)).toEqual({ kind: 'invitation', invitation: each });
      }),
    );
  });

  it('never makes a parser throw, whatever it is', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        parseInvitation(bytes, modern);
        parseInvitation(bytes, old);
        parseChallengeAnswer(bytes, modern, 32);
        parseReply(bytes);
      }),
    );
  });

  it('has a harmless sibling that no core takes for one', () => {
    for (const rules of [modern, old]) expect(parseInvitation(inertDatagram, rules).kind).toBe('dropped');
  });
});

describe('the password', () => {
  it.each(md5Auth.cases)(
    'is answered in MD5: $name',
    ({ password, nonce, cnonce, authDatagram, authReplyFromDevice }) => {
      expect(parseReply(ascii(authReplyFromDevice))).toEqual({ kind: 'challenge', nonce });
      const answer = { cnonce, response: responseTo(nonce, cnonce, storedHash('md5', password)) };
      expect(text(printChallengeAnswer(answer))).toBe(authDatagram);
      expect(parseChallengeAnswer(ascii(authDatagram), old, 32)).toEqual({ kind: 'answer', answer });
    },
  );

  it.each(shaAuth.cases)(
    'is answered in SHA-256: $name',
    ({ password, storedHashKind, nonce, cnonce, authDatagram }) => {
      const scheme = storedHashKind === 'md5' ? 'sha256-of-md5' : 'sha256';
      const answer = { cnonce, response: responseTo(nonce, cnonce, storedHash(scheme, password)) };
      expect(text(printChallengeAnswer(answer))).toBe(authDatagram);
      expect(parseChallengeAnswer(ascii(authDatagram), modern, 64)).toEqual({ kind: 'answer', answer });
    },
  );

  it.each(md5Auth.mustReject.slice(0, 3))('must be refused: $name', ({ authDatagram = '', deviceReply }) => {
    const { nonce, password } = md5Auth.cases[0]!;
    const from = { address: '192.0.2.1', port: 4000 };
    const start = device({ profile: profileOf('esp8266@3.1.2')!, password: new Secret(password) });
    const invitation = parseInvitation(fromHex(invitations.cases[0]!.datagramHex)!, modern);
    if (invitation.kind !== 'invitation') throw new Error('not an invitation');
    const phase = { kind: 'challenging' as const, nonce, job: { invitation: invitation.invitation, inviter: from } };
    const [after, effects] = stepDevice(
      { ...start, phase },
      { kind: 'datagram', bytes: ascii(authDatagram), from, now: millis(0) },
    );
    expect(after.phase.kind).toBe('idle');
    expect(effects.flatMap((effect) => (effect.do === 'reply' ? [text(effect.bytes)] : []))).toEqual(
      deviceReply ? [deviceReply] : [],
    );
  });

  it('is hashed without a byte order mark', () => {
    expect(storedHash('md5', 'pässwörd')).not.toBe(md5Auth.mustReject[3]!.passwordMd5);
  });
});

describe('error lines', () => {
  const hash = '9e107d9d372bb6826bd81d3542a419d6';
  const values = { expected: hash, calculated: hash, real: 1048576, ide: 1048576 };
  const known = errorVectors.entries.filter(({ code }) => code !== null);

  it.each(known)('of $family $since: $text', ({ family, code, text: words, since, lineEnd }) => {
    const ours = family === 'arduino-pico' ? 'rp2040' : (family as 'esp8266' | 'esp32');
    const core = since.startsWith('master') ? 'master' : since.startsWith('3.3') ? '3.3.0' : since;
    const filled = words.replaceAll('{32hex}', hash).replaceAll('{n}', '1048576');
    const line = `${family === 'esp32' ? '' : `ERROR[${code}]: `}${filled}${lineEnd}`;
    const error = parseError(line)!;
    expect(error.text).toBe(filled);
    expect(printError(ours, core, { kind: error.kind, values })).toBe(line);
  });

  it('are told apart by text before number: 2.0.0 counts otherwise', () => {
    expect(parseError('ERROR[3]: Not Enough Space\r\n')).toMatchObject({ kind: 'not-enough-space', number: 3 });
    expect(parseError('ERROR[4]: some new words\n')).toMatchObject({ kind: 'not-enough-space', number: 4 });
  });

  it('are printable: each kind has one row a core', () => {
    for (const { family, kind, since } of errorTexts)
      expect(parseError(printError(family, since, { kind }))?.kind).toBe(kind);
  });

  it('reply: what is printed is read back', () => {
    for (const words of [
      'OK',
      'Authentication Failed',
      `AUTH ${hash}`,
      `AUTH ${hash}${hash}`,
      'ERR: ERROR[4]: Not Enough Space\r\n',
      'ERR: No Filesystem',
      'what?',
    ])
      expect(printReply(parseReply(ascii(words)))).toBe(words);
    expect(parseReply(ascii('ERR: No Filesystem'))).toMatchObject({ error: { kind: 'no-filesystem' } });
    expect(parseReply(ascii('AUTH 1234')).kind).toBe('unknown');
  });
});

describe('the answers on TCP', () => {
  it.each(streams.cases)('$name', ({ tcpReads, expect: expected }) => {
    let stream: AnswerStream = silentStream;
    let verdict: ReturnType<typeof verdictAtEnd>;
    for (const read of tcpReads) {
      const heard = hearAnswers(stream, ascii(read));
      stream = heard.stream;
      verdict ??= heard.verdict;
    }
    verdict ??= verdictAtEnd(stream);
    if (expected.result === 'closed') expect(verdict).toBeUndefined();
    else if (expected.result === 'ok') expect(verdict).toEqual({ kind: 'ok' });
    else {
      const { errorCode, errorText } = expected as { errorCode: number | null; errorText: string };
      expect(verdict).toMatchObject({
        kind: 'error',
        error: { text: errorText, ...(errorCode !== null && { number: errorCode }) },
      });
    }
  });

  it('are cut as the fewest numbers that fit', () => {
    expect(estimateAnswered('14601460', 5840)).toBe(2920);
    expect(estimateAnswered('536536388', 23360)).toBe(1460);
    expect(estimateAnswered('400000', 400000)).toBe(400000);
    expect(estimateAnswered('99999', 100)).toBe(45);
    expect(estimateAnswered('000', 100)).toBe(100);
  });

  it('never count more than is outstanding', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{0,60}$/), fc.nat(1 << 24), (run, outstanding) => {
        expect(estimateAnswered(run, outstanding)).toBeLessThanOrEqual(outstanding);
      }),
    );
  });

  it('stay small in memory, however much garbage comes', () => {
    const random = seeded(1);
    let stream: AnswerStream = silentStream;
    for (let i = 0; i < 160; i++) {
      const bytes = Uint8Array.from({ length: 65536 }, () => Math.floor(random() * 256));
      stream = hearAnswers(stream, bytes).stream;
      expect(stream.words.length).toBeLessThan(1000);
    }
  });
});
