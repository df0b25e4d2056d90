/** The two copies of an ESP8266's sketch in its flash, to scale: why it fits or does not. */
import type { Fact, FactName } from '#values/facts.ts';
import { formatNumber, sectorBytes, sectors } from '#values/index.ts';
import { h } from './dom.ts';

export function picture(facts: readonly Fact[]): HTMLElement | undefined {
  const number = (name: FactName): number | undefined => {
    const value = facts.find(({ fact }) => fact === name)?.value;
    return typeof value === 'number' ? value : undefined;
  };
  const [image, end] = [number('image.size'), number('build.fs-start')];
  if (!image || !end) return undefined;
  const room = Math.floor(end / sectorBytes);
  const running = sectors(number('running.size') ?? image);
  const sent = sectors(image);
  const flash = Math.max(room, sectors(number('image.flash-declared') ?? end));
  const missing = running + sent - room;
  const words =
    missing > 0
      ? `They overlap: ${count(missing)} of ${formatNumber(sectorBytes)} bytes missing.`
      : `They fit side by side, with ${count(-missing)} to spare.`;
  return h(
    'figure',
    { class: 'flash' },
    h(
      'div',
      {
        class: 'bars',
        role: 'img',
        'aria-label': `Of ${room} sectors the running sketch takes ${running}, the new one ${sent}. ${words}`,
      },
      bar('running', 0, Math.min(running, room), flash, 'old'),
      bar('new', Math.max(0, room - sent), Math.min(sent, room), flash, 'new'),
      missing > 0 && bar('overlap', Math.max(0, room - sent), Math.min(missing, room), flash),
      flash > room && bar('files', room, flash - room, flash, 'files'),
    ),
    h('figcaption', {}, `The flash, to scale: the old sketch runs while the new one comes in. ${words}`),
  );
}

const count = (n: number): string => `${formatNumber(n)} ${n === 1 ? 'sector' : 'sectors'}`;

function bar(kind: string, from: number, length: number, of: number, label = ''): HTMLElement {
  const element = h('div', { class: `bar ${kind}` }, h('span', {}, label));
  element.style.left = `${(100 * from) / of}%`;
  element.style.width = `${(100 * length) / of}%`;
  return element;
}
