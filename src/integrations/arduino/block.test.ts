import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withBlock, withoutBlock } from './block.ts';

const lines = ['a=1', 'b=2'];

describe('our lines in a file of somebody else', () => {
  it('go away again without a trace, whatever stood there', () => {
    const text = fc
      .array(fc.constantFrom('x=1', '\n', '\r\n', ' ', 'é', '# whyota', '\ufeff'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.option(text, { nil: undefined }), (before) => {
        const put = withBlock(before, lines)!;
        expect(put.startsWith(before ?? '')).toBe(true);
        expect(withoutBlock(put)).toMatchObject({ rest: before });
        expect(withBlock(put, lines)).toBe(put);
      }),
    );
  });

  it('leave in place what was added after them', () => {
    const put = `${withBlock('x=1\n', lines)}later=yes\n`;
    expect(withoutBlock(put)?.rest).toBe('x=1\nlater=yes\n');
    expect(withoutBlock(`${withBlock(undefined, lines)}later=yes\n`)?.rest).toBe('later=yes\n');
    expect(withoutBlock(`${withBlock('x=1', lines)}later=yes\n`)?.rest).toBe('x=1\nlater=yes\n');
  });

  it('have the line ends of the file', () => {
    expect(withBlock('x=1\r\n', lines)).toBe('x=1\r\n# >>> whyota\r\na=1\r\nb=2\r\n# <<< whyota\r\n');
  });

  it('are not touched when only half of them is there', () => {
    const whole = withBlock('x=1\n', lines)!;
    for (const half of [whole.replace(/# <<<.*\n/, ''), whole.replace(/# >>>.*\n/, ''), whole + whole]) {
      expect(withoutBlock(half)).toBeUndefined();
      expect(withBlock(half, lines)).toBeUndefined();
    }
  });
});
