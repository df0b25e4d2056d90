import { describe, expect, it } from 'vitest';
import { Flash } from './flash.ts';

const bytes = (...list: number[]) => Uint8Array.from(list);

describe('flash', () => {
  it('is 0xFF where it was never written', () => {
    expect(new Flash(8192, 0).read(4090, 10)).toEqual(new Uint8Array(10).fill(0xff));
  });

  it('only clears bits until the sector is erased', () => {
    const flash = new Flash(8192, 30);
    flash.write(0, bytes(0xf0));
    flash.write(0, bytes(0x3f));
    expect(flash.read(0, 1)).toEqual(bytes(0x30));
    expect(flash.erase(0)).toBeUndefined();
    expect(flash.read(0, 1)).toEqual(bytes(0xff));
    expect(flash.takeTime()).toBe(30);
    expect(flash.takeTime()).toBe(0);
  });

  it('does not touch an image that it was lent', () => {
    const image = new Uint8Array(8192).fill(7);
    const [one, other] = [new Flash(16_384, 0), new Flash(16_384, 0)];
    for (const flash of [one, other]) flash.load(0, image);
    one.write(0, bytes(0));
    one.erase(4096);
    expect([image[0], other.read(0, 1)[0], other.read(4096, 1)[0]]).toEqual([7, 7, 7]);
    expect([one.read(0, 1)[0], one.read(4096, 1)[0]]).toEqual([0, 0xff]);
  });

  it('loses its power at exactly that byte', () => {
    const flash = new Flash(8192, 0);
    flash.losePowerAfter(5);
    expect(flash.write(4094, bytes(1, 2, 3))).toBeUndefined();
    expect(flash.write(0, bytes(4, 5, 6))).toBe('power');
    expect(flash.powered).toBe(false);
    expect(flash.erase(4096)).toBe('power');
    flash.powerUp();
    expect(flash.read(0, 3)).toEqual(bytes(4, 5, 0xff));
    expect(flash.read(4094, 3)).toEqual(bytes(1, 2, 3));
    expect(flash.write(2, bytes(6))).toBeUndefined();
  });

  it('refuses worn sectors and addresses outside the chip', () => {
    const flash = new Flash(8192, 0, [1]);
    expect(flash.erase(4096)).toBe('erase');
    expect(flash.erase(8192)).toBe('erase');
    expect(flash.write(8190, bytes(1, 2, 3))).toBe('write');
  });
});
