/** The history of a pin as a line. */
import 'uplot/dist/uPlot.min.css';
import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import type { Pin, PinHistory } from '#hub/contract/index.ts';
import { askHistory } from '../data.ts';
import { ProblemNote } from './problem.tsx';
import { Waiting } from './small.tsx';

const spans = [
  { value: '1', label: '1 hour' },
  { value: '24', label: '1 day' },
  { value: '168', label: '1 week' },
  { value: '8760', label: '1 year' },
];
const height = 180;

export default function Chart({ device, pin }: { readonly device: string; readonly pin: Pin }) {
  const [hours, setHours] = useState('24');
  const { data, error } = useQuery(askHistory(device, pin.pin, Number(hours)));
  return (
    <div className="chart">
      <SegmentedControl size="xs" data={spans} value={hours} onChange={setHours} aria-label="How far back" />
      {error && <ProblemNote error={error} />}
      {!data && !error && <Waiting what="Asking for the history" />}
      {data && data.points.length === 0 && <p className="nothing">Nothing was written in this time.</p>}
      {data && data.points.length > 0 && (
        <Line points={data.points} hours={Number(hours)} unit={pin.unit ?? ''} name={pin.name ?? pin.pin} />
      )}
    </div>
  );
}

interface LineProps {
  readonly hours: number;
  readonly points: PinHistory['points'];
  readonly unit: string;
  readonly name: string;
}

function Line({ points, hours, unit, name }: LineProps) {
  const place = useRef<HTMLDivElement>(null);
  const lowest = Math.min(...points.map(({ min }) => min));
  const highest = Math.max(...points.map(({ max }) => max));
  useEffect(() => {
    const element = place.current!;
    const until = Date.now() / 1000;
    const style = getComputedStyle(element);
    const color = (of: string): string => style.getPropertyValue(of).trim();
    const axis = { stroke: color('--soft'), grid: { stroke: color('--line'), width: 1 }, ticks: { show: false } };
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height,
        legend: { show: false },
        cursor: { y: false },
        scales: { x: { time: true, range: () => [until - hours * 3600, until] } },
        axes: [axis, { ...axis, size: 54 }],
        series: [
          {},
          {
            stroke: color('--accent'),
            fill: color('--tint'),
            width: 2,
            points: { show: points.length < 40 },
          },
        ],
      },
      [points.map(({ at }) => at / 1000), points.map(({ value }) => value)],
      element,
    );
    const resized = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      plot.destroy();
    };
  }, [points, hours]);
  return (
    <div
      ref={place}
      className="line"
      role="img"
      aria-label={`${name}: ${points.length} points between ${lowest} and ${highest} ${unit}`}
    />
  );
}
