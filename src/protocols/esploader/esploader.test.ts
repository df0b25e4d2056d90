import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat } from '#values/index.ts';
import { answer, checksum, op, parseRequest, SlipReader, slip } from './index.ts';

const bytes = fc.uint8Array({ maxLength: 400 });

describe('SLIP', () => {
  it('brings any packet over, in whatever parts it comes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 }), { maxLength: 5 }),
        fc.integer({ min: 1, max: 50 }),
        (packets, part) => {
          const line = concat(...packets.map(slip));
          const reader = new SlipReader();
          const came: Uint8Array[] = [];
          for (let at = 0; at < line.length; at += part) came.push(...reader.take(line.subarray(at, at + part)));
          expect(came).toEqual(packets);
        },
      ),
    );
  });

  it('passes over a boot log before a packet, and goes on after a broken one', () => {
    const reader = new SlipReader();
    const log = new TextEncoder().encode('ets Jan  8 2013,rst cause:2, boot mode:(1,6)\r\n');
    expect(reader.take(concat(log, slip(Uint8Array.of(1, 2))))).toEqual([Uint8Array.of(1, 2)]);
    expect(reader.take(Uint8Array.of(0xc0, 0xdb, 0x00, 0xc0, 0xc0, 7, 0xc0))).toEqual([Uint8Array.of(7)]);
  });

  it('stays within bounds, whatever comes', () => {
    const reader = new SlipReader();
    fc.assert(fc.property(bytes, (noise) => reader.take(noise).every((packet) => packet.length <= 0x8000)));
    reader.clear();
    expect(reader.take(concat(Uint8Array.of(0xc0), new Uint8Array(100_000).fill(1), Uint8Array.of(0xc0)))).toEqual([]);
  });
});

describe('requests and answers', () => {
  it('are those of the datasheet', () => {
    // SYNC as esptool sends it (espressif/esptool docs/en/advanced-topics/serial-protocol.rst).
    const sync = concat(Uint8Array.of(0, 8, 36, 0, 0, 0, 0, 0, 7, 7, 0x12, 0x20), new Uint8Array(32).fill(0x55));
    expect(parseRequest(sync)).toMatchObject({ op: op.sync, check: 0 });
    expect([...answer(op.readRegister, { value: 0xfff0c101 })]).toEqual([1, 10, 2, 0, 1, 0xc1, 0xf0, 0xff, 0, 0]);
    expect([...answer(op.flashData, { failed: 0xc1 }).slice(-2)]).toEqual([1, 0xc1]);
    expect(checksum(Uint8Array.of(1, 2, 4))).toBe(0xef ^ 7);
  });

  it('are nothing where the packet is none', () => {
    fc.assert(
      fc.property(bytes, (packet) => {
        const request = parseRequest(packet);
        if (request) expect(request.data.length).toBe(packet.length - 8);
      }),
    );
    expect(parseRequest(Uint8Array.of(0, 8, 4, 0, 0, 0, 0, 0, 1))).toBeUndefined();
  });
});
