/** Boards to flash, each with what the firmware means for it. */
import { Checkbox, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { Identified } from '#firmware/index.ts';
import type { Device } from '#hub/contract/index.ts';
import { hrefOf } from '../place.ts';
import { presences, runs, sentence, type Tone } from '../words.ts';
import { type BoardCheck, checkBoard } from './check.ts';
import { Picture } from './picture.tsx';
import { Prose } from './prose.tsx';
import { Mark } from './small.tsx';

interface Props {
  readonly devices: readonly Device[];
  readonly image: Identified | undefined;
  readonly chosen: ReadonlySet<string>;
  readonly choose: (chosen: ReadonlySet<string>) => void;
}

/** The search finds the others. */
const mostShown = 60;
const searchFrom = 8;

export function ChooseBoards({ devices, image, chosen, choose }: Props) {
  const [search, setSearch] = useState('');
  const [first] = useState(chosen);
  const found = useMemo(() => {
    const word = search.trim().toLowerCase();
    const fits = ({ name, address, group, tags }: Device): boolean =>
      [name, address, group, ...tags].join(' ').toLowerCase().includes(word);
    return devices
      .filter(fits)
      .sort((a, b) => Number(first.has(b.id)) - Number(first.has(a.id)) || order.compare(a.name, b.name));
  }, [devices, search, first]);
  const shown = found.slice(0, mostShown);
  if (devices.length === 0)
    return (
      <p className="nothing">
        No board can be flashed over the air yet. One that is new gets its{' '}
        <a href={hrefOf({ page: 'first-flash' })}>first flash</a> over USB.
      </p>
    );
  const all = found.every(({ id }) => chosen.has(id));
  return (
    <>
      {devices.length >= searchFrom && (
        <div className="sieve">
          <TextInput
            aria-label="Search boards"
            placeholder="Search name, address, group, tag"
            leftSection={<IconSearch size={18} aria-hidden />}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
          <Checkbox
            label={`All ${found.length}`}
            checked={all && found.length > 0}
            onChange={() => choose(new Set(all ? [] : [...chosen, ...found.map(({ id }) => id)]))}
          />
        </div>
      )}
      <ul className="boards">
        {shown.map((device) => (
          <Board
            key={device.id}
            device={device}
            image={image}
            chosen={chosen.has(device.id)}
            open={chosen.size === 1}
            toggle={() => {
              const next = new Set(chosen);
              if (!next.delete(device.id)) next.add(device.id);
              choose(next);
            }}
          />
        ))}
      </ul>
      {found.length > shown.length && (
        <p className="fine">
          {shown.length} of {found.length} shown; the search finds the others.
        </p>
      )}
    </>
  );
}

const order = new Intl.Collator('en', { numeric: true });

interface BoardProps {
  readonly device: Device;
  readonly image: Identified | undefined;
  readonly chosen: boolean;
  /** It is the only one that is chosen: its picture is shown. */
  readonly open: boolean;
  readonly toggle: () => void;
}

const verdicts: Readonly<Record<BoardCheck['verdict'], { readonly words: string; readonly tone: Tone }>> = {
  fits: { words: 'Fits', tone: 'good' },
  'does-not-fit': { words: 'Does not fit', tone: 'bad' },
  'not-for-it': { words: 'Not for this board', tone: 'bad' },
  unknown: { words: 'Room not known', tone: 'quiet' },
};

function Board({ device, image, chosen, open, toggle }: BoardProps) {
  const check = useMemo(() => image && checkBoard(image, device), [image, device]);
  const { words, tone } = presences[device.presence];
  return (
    <li className="board">
      <Checkbox
        checked={chosen}
        onChange={toggle}
        label={
          <>
            <b>{device.name}</b>
            <small>{[runs(device), device.address].filter(Boolean).join(' · ')}</small>
          </>
        }
      />
      <span className="marks">
        <Mark tone={tone}>{words}</Mark>
        {check && <Mark tone={verdicts[check.verdict].tone}>{verdicts[check.verdict].words}</Mark>}
      </span>
      {check && chosen && <Reason check={check} open={open} device={device} />}
    </li>
  );
}

const Reason = ({
  check,
  open,
  device,
}: {
  readonly check: BoardCheck;
  readonly open: boolean;
  readonly device: Device;
}) => (
  <div className="reason">
    <p>
      <Prose text={sentence(check.because)} />
      {check.problem && (
        <>
          {' '}
          <Prose text={sentence(check.problem.fix)} />
        </>
      )}
      {check.verdict === 'unknown' && (
        <>
          {' '}
          Its <a href={hrefOf({ page: 'device', id: device.id })}>page</a> takes core and layout.
        </>
      )}
    </p>
    {check.warnings.map(({ code, what, fix }) => (
      <p key={code} className="careful">
        <Prose text={`${sentence(what)} ${sentence(fix)}`} />
      </p>
    ))}
    {open && check.map && <Picture map={check.map} />}
  </div>
);
