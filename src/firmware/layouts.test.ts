import { describe, expect, it } from 'vitest';
import { layoutOf, layouts, schemeOf, schemes } from './index.ts';

describe('flash layouts', () => {
  it('come from the table of the core, else of the nearest older one', () => {
    expect(layoutOf('1M512', '2.3.0')!.core).toBe('2.3.0');
    expect(layoutOf('1M512', '2.4.1')!.core).toBe('2.3.0');
    expect(layoutOf('4M2M', '2.6.3')!.core).toBe('2.4.2');
    expect(layoutOf('4M2M', '3.0.2')!.core).toBe('2.7.4');
    expect(layoutOf('4M2M', '9.9.9')!.core).toBe('3.1.2');
    expect(layoutOf('1M64', '1.6.5')!.core).toBe('2.3.0');
    expect(layoutOf('1M64')!.core).toBe('3.1.2');
    expect(layouts('2.3.0')).toHaveLength(13);
  });

  it('that came between two tables are found in the newer, and dropped names in the older', () => {
    expect(layoutOf('2M512', '2.5.0')!.updateEnd).toBe(0x180000);
    expect(layoutOf('1M0', '2.4.0')!.updateEnd).toBe(0xfb000);
    expect(layoutOf('1M0', '3.1.2')!.updateEnd).toBe(0xfb000);
    expect(layoutOf('nothing')).toBeUndefined();
  });

  it('know that "2M" changed its meaning at 2.5.0', () => {
    expect(layoutOf('2M', '2.4.2')!.updateEnd).toBe(0x100000);
    expect(layoutOf('2M', '2.5.0')!.updateEnd).toBe(0x1fb000);
    expect(layoutOf('2M', '3.1.2')!.updateEnd).toBe(0x1fb000);
  });

  it('end in EEPROM, RF calibration and the SDK, whole blocks of file system before', () => {
    for (const core of ['2.3.0', '2.4.2', '2.7.4', '3.1.2'])
      for (const { fsStart, fsEnd, fsBytes, fsBlock, eeprom, rfCal, sdk, flashBytes, updateEnd } of layouts(core)) {
        expect([eeprom, rfCal, sdk]).toEqual([flashBytes - 0x5000, flashBytes - 0x4000, flashBytes - 0x3000]);
        expect(fsEnd).toBeLessThanOrEqual(eeprom);
        expect(updateEnd).toBe(fsStart);
        if (core >= '2.7.4' && fsBlock > 0) expect(fsBytes % fsBlock).toBe(0);
      }
  });
});

describe('partition schemes', () => {
  it('are known by file name and by the menu word', () => {
    expect(schemes()).toHaveLength(56);
    expect(schemeOf('default')).toMatchObject({ otaPossible: true, slotBytes: 1_310_720, flashBytes: 4 << 20 });
    expect(schemeOf('min_spiffs')!.slotBytes).toBe(1_966_080);
    expect(schemeOf('huge_app')).toMatchObject({ otaPossible: false, slotBytes: 3_145_728 });
    expect(schemeOf('defaultffat')!.id).toBe('default_ffat');
    expect(schemeOf('toString')).toBeUndefined();
  });

  it('say where files go', () => {
    expect(schemeOf('default')!.fileSystem).toMatchObject({ name: 'spiffs', subtype: 'spiffs' });
    expect(schemeOf('app3M_fat9M_16MB')!.fileSystem).toMatchObject({ name: 'ffat', bytes: 10_354_688 });
    expect(schemeOf('no_fs')!.fileSystem).toBeUndefined();
  });
});
