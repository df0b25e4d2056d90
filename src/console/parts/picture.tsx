/** The flash of a board, to scale. */
import type { FlashArea, FlashMap } from '#firmware/index.ts';
import { formatBytes } from '#values/units.ts';

/** Areas that are drawn with their own colour; the rest are small and ours to leave alone. */
const drawn: Partial<Record<FlashArea['what'], string>> = {
  running: 'running',
  new: 'new',
  overlap: 'overlap',
  filesystem: 'files',
  free: 'free',
};

export function Picture({ map }: { readonly map: FlashMap }) {
  const { flashBytes, areas } = map;
  const overlap = areas.filter(({ what }) => what === 'overlap').reduce((sum, { from, to }) => sum + to - from, 0);
  const words =
    overlap > 0
      ? `The running sketch and the new firmware overlap by ${formatBytes(overlap)}.`
      : 'The running sketch stays while the new firmware comes in.';
  return (
    <figure className="flash">
      <div
        className="bars"
        role="img"
        aria-label={`${formatBytes(flashBytes)} of flash. ${areas.map(legend).join(', ')}. ${words}`}
      >
        {areas.map((area) => (
          <div
            key={area.from}
            className={`bar ${drawn[area.what] ?? 'rest'}`}
            style={{
              left: `${(100 * area.from) / flashBytes}%`,
              width: `${(100 * (area.to - area.from)) / flashBytes}%`,
            }}
            title={legend(area)}
          />
        ))}
      </div>
      <figcaption>
        <ul>
          {areas
            .filter(({ what }) => drawn[what])
            .map((area) => (
              <li key={area.from}>
                <i className={`bar ${drawn[area.what]}`} /> {area.label}{' '}
                <small>{formatBytes(area.to - area.from)}</small>
              </li>
            ))}
        </ul>
        {words}
      </figcaption>
    </figure>
  );
}

const legend = ({ label, from, to }: FlashArea): string => `${label} ${formatBytes(to - from)}`;
