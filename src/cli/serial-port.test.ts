import { describe, expect, it } from 'vitest';
import { behind, meantPorts, whichPort } from './serial-port.ts';

const ch340 = { vendor: '1a86', product: '7523', maker: 'USB Serial' };
const left = { path: '/dev/ttyUSB0', ...ch340, location: '1-3' };
const right = { path: '/dev/ttyUSB1', ...ch340, location: '1-4' };
const builtIn = { path: '/dev/ttyS0' };

describe('which serial port is meant', () => {
  it('is the only USB adapter there is', () => {
    expect(meantPorts([builtIn, left])).toEqual([left]);
    expect(meantPorts([builtIn])).toEqual([]);
  });

  it('is said by path, by serial number, or by where it is plugged in', () => {
    const numbered = { ...right, serial: 'A50285BI' };
    expect(meantPorts([builtIn, left, numbered], '/dev/ttyS0')).toEqual([builtIn]);
    expect(meantPorts([left, numbered], 'A50285BI')).toEqual([numbered]);
    expect(meantPorts([left, right], '1-4')).toEqual([right]);
    expect(meantPorts([left], '/dev/serial/by-id/mine')).toEqual([{ path: '/dev/serial/by-id/mine' }]);
  });

  it('is not guessed between two adapters with the same id', () => {
    const twins = [left, right].map((info) => ({ ...info, serial: '0001' }));
    expect(meantPorts(twins)).toHaveLength(2);
    expect(meantPorts(twins, '0001')).toHaveLength(2);
    expect(whichPort(twins)).toMatchObject({
      exit: 2,
      problem: {
        code: 'serial-which-port',
        details: ['/dev/ttyUSB0  CH340, serial number 0001, at 1-3', '/dev/ttyUSB1  CH340, serial number 0001, at 1-4'],
      },
    });
  });

  it('is described by what is behind it', () => {
    expect([left, builtIn, { path: 'COM7', vendor: '1234', product: '5678' }].map(behind)).toEqual([
      'CH340',
      'a port of this computer',
      'USB adapter',
    ]);
  });
});
