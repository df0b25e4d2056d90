import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confinementIn } from './confinement.ts';
import { patternIn, presenceIn } from './ping-pattern.ts';
import { isPrivate } from './route.ts';
import { makerOf } from './vendors.ts';

describe('ping', () => {
  const steady = [40, 3, 4, 3, 5, 3, 3, 4, 6, 3, 4, 3];

  it('one lost ping is weather, two of a dozen are loss', () => {
    expect(presenceIn([3, undefined, ...steady])).toBe('answered');
    expect(presenceIn([3, undefined, undefined, ...steady])).toBe('lossy');
    expect(presenceIn([undefined, undefined, undefined])).toBe('silent');
    expect(presenceIn([undefined, undefined])).toBeUndefined();
  });

  it('knows the shapes', () => {
    expect(patternIn(steady)).toBe('steady');
    expect(patternIn([...steady, 240])).toBe('spikes');
    expect(patternIn([9, 12, 95, 48, 80, 15, 66, 102, 33, 71, 5])).toBe('saw-tooth');
    expect(patternIn([...steady, undefined, undefined, undefined, 4])).toBe('long-gaps');
    expect(patternIn([3, 4, 5])).toBeUndefined();
  });
});

describe('what encloses the program', () => {
  const bare = { kernel: '6.1.0-18-amd64', machine: 'none', markers: [] };

  it.each([
    [bare, 'none'],
    [{ ...bare, markers: ['/.dockerenv'] }, 'container'],
    [{ ...bare, cgroup: '12:pids:/docker/0123' }, 'container'],
    [{ ...bare, container: 'lxc' }, 'container'],
    [{ ...bare, markers: ['/.flatpak-info'] }, 'flatpak'],
    [{ ...bare, profile: 'snap.arduino.arduino (enforce)' }, 'snap'],
    [{ ...bare, profile: 'snap.code.code (complain)' }, 'none'],
    [{ ...bare, kernel: '5.15.153.1-microsoft-standard-WSL2' }, 'wsl'],
    [{ ...bare, machine: 'oracle', source: '10.0.2.15' }, 'vm-nat'],
    [{ ...bare, machine: 'QEMU Standard PC', source: '192.168.1.4', boardOnLink: true }, 'vm-bridged'],
    [{ ...bare, machine: 'kvm', source: '203.0.113.4' }, undefined],
    [{}, undefined],
  ] as const)('%j: %s', (traces, confinement) => {
    expect(confinementIn(traces)).toBe(confinement);
  });

  it('reads any text', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        (a, b) => void confinementIn({ kernel: a, profile: b, cgroup: a, machine: b }),
      ),
    );
  });
});

it('knows the makers of boards, and that a made-up address tells nothing', () => {
  expect(makerOf('5c:cf:7f:01:02:03')).toBe('board');
  expect(makerOf('28:CD:C1:01:02:03')).toBe('board');
  expect(makerOf('00:1b:21:01:02:03')).toBe('other');
  expect(makerOf('02:00:00:00:00:01')).toBeUndefined();
  expect(makerOf('nonsense')).toBeUndefined();
});

it('tells addresses for use inside', () => {
  expect(['10.1.1.1', '172.20.1.1', '192.168.0.9', '169.254.3.3', '100.70.1.1'].every(isPrivate)).toBe(true);
  expect(['8.8.8.8', '172.32.0.1', '100.128.0.1', '193.168.0.1'].some(isPrivate)).toBe(false);
});
