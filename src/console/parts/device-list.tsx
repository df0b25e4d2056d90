/** Devices as rows; only those in sight are in the page, however many there are. */
import { Checkbox } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { memo, useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Device } from '#hub/contract/index.ts';
import { askFirmware } from '../data.ts';
import { hrefOf } from '../place.ts';
import { fileWords, presences, runs, stateOf, wayNames } from '../words.ts';
import { Ago, Mark } from './small.tsx';

interface Props {
  readonly devices: readonly Device[];
  readonly chosen: ReadonlySet<string>;
  readonly choose: (chosen: ReadonlySet<string>) => void;
}

/** Pixels, as style/devices.css has them. */
const rowHeight = { desk: 64, phone: 84 };

export function DeviceList({ devices, chosen, choose }: Props) {
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  const phone = useMediaQuery('(max-width: 48rem)', undefined, { getInitialValueInEffect: false });
  const height = phone ? rowHeight.phone : rowHeight.desk;
  const { data: library } = useQuery(askFirmware);
  const files = useMemo(() => new Map(library?.map((file) => [file.id, fileWords(file)])), [library]);
  const rows = useWindowVirtualizer({
    count: devices.length,
    estimateSize: () => height,
    overscan: 8,
    scrollMargin: top,
  });
  // What stands above it comes and goes.
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0));
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows are measured anew when their height changes.
  useLayoutEffect(() => rows.measure(), [height]);
  const latest = useRef(chosen);
  latest.current = chosen;
  const toggle = useCallback(
    (id: string) => {
      const next = new Set(latest.current);
      if (!next.delete(id)) next.add(id);
      choose(next);
    },
    [choose],
  );
  return (
    <ul ref={list} className="devices" style={{ height: rows.getTotalSize() }}>
      {rows.getVirtualItems().map(({ index, start }) => {
        const device = devices[index]!;
        return (
          <Row
            key={device.id}
            device={device}
            file={files.get(device.firmwareId ?? '')}
            at={index}
            of={devices.length}
            top={start - top}
            chosen={chosen.has(device.id)}
            toggle={toggle}
          />
        );
      })}
    </ul>
  );
}

interface RowProps {
  readonly device: Device;
  /** The file of the library that it runs. */
  readonly file: string | undefined;
  readonly at: number;
  readonly of: number;
  readonly top: number;
  readonly chosen: boolean;
  readonly toggle: (id: string) => void;
}

const Row = memo(function Row({ device, file, at, of, top, chosen, toggle }: RowProps) {
  const { id, name, presence, flapping, flashable, address, lastSeen, lastUpdate, group, tags, signal } = device;
  const { words, tone } = presences[presence];
  const update = lastUpdate && stateOf(lastUpdate.state);
  return (
    <li
      className={chosen ? 'row chosen-row' : 'row'}
      style={{ transform: `translateY(${top}px)` }}
      aria-setsize={of}
      aria-posinset={at + 1}
    >
      <Checkbox
        aria-label={`Choose ${name}`}
        checked={chosen}
        disabled={!flashable}
        onChange={() => toggle(id)}
        title={flashable ? undefined : 'It can’t be flashed from here yet'}
      />
      <a href={hrefOf({ page: 'device', id })}>
        <span className="who">
          <b>{name}</b>
          <span className="labels">
            {group && <span className="label">{group}</span>}
            {tags.slice(0, 3).map((tag) => (
              <span key={tag} className="label">
                {tag}
              </span>
            ))}
          </span>
        </span>
        <span className="state">
          <Mark tone={tone}>{words}</Mark>
          {flapping ? (
            <Mark tone="warn">comes and goes</Mark>
          ) : (
            lastSeen !== undefined &&
            presence !== 'online' &&
            presence !== 'updating' && (
              <small>
                seen <Ago at={lastSeen} />
              </small>
            )
          )}
        </span>
        <span className="what">
          {runs(device) ?? file ?? device.ways.map((way) => wayNames[way]).join(', ')}
          <small>
            {[device.board ?? device.chip ?? device.family, device.core && `core ${device.core}`, device.layout]
              .filter(Boolean)
              .join(' · ')}
          </small>
        </span>
        <span className="where">
          {address}
          {signal !== undefined && <small>{signal} dBm</small>}
        </span>
        <span className="last">
          {update && lastUpdate && (
            <>
              <Mark tone={update.tone}>{update.words}</Mark>
              <small>
                <Ago at={lastUpdate.at} />
              </small>
            </>
          )}
        </span>
      </a>
    </li>
  );
});
