/** The pins of a device, each with a control that fits it. */
import { ActionIcon, Button, Slider, Switch, TextInput } from '@mantine/core';
import { IconChartLine, IconPencil, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import type { Device, Pin } from '#hub/contract/index.ts';
import { askPins, useCall } from '../data.ts';
import { type Editing, EditPin } from './edit-pin.tsx';
import { ProblemNote, say, tell } from './problem.tsx';
import { Ago, Card, Waiting } from './small.tsx';

const Chart = lazy(() => import('./chart.tsx'));

export function Pins({ device }: { readonly device: Device }) {
  const { data: pins, error } = useQuery(askPins(device.id));
  const [editing, setEditing] = useState<Editing>();
  const sorted = [...(pins ?? [])].sort((a, b) => order.compare(a.pin, b.pin));
  return (
    <Card
      title="Pins"
      actions={
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => setEditing('new')}
        >
          Add a pin
        </Button>
      }
    >
      {error && <ProblemNote error={error} />}
      {pins?.length === 0 && (
        <p className="nothing">
          None yet. A pin appears when the sketch writes it, for example with <code>Blynk.virtualWrite(V5, value)</code>
          .
        </p>
      )}
      <ul className="pins">
        {sorted.map((pin) => (
          <PinRow key={pin.pin} device={device} pin={pin} edit={() => setEditing(pin)} />
        ))}
      </ul>
      <EditPin device={device} editing={editing} close={() => setEditing(undefined)} />
    </Card>
  );
}

const order = new Intl.Collator('en', { numeric: true });

function PinRow({ device, pin, edit }: { readonly device: Device; readonly pin: Pin; readonly edit: () => void }) {
  const [charted, setCharted] = useState(false);
  const label = pin.name ?? pin.pin;
  const numeric = Number.isFinite(Number(pin.values[0] ?? 'none'));
  return (
    <li className="pin">
      <div className="pin-name">
        <b>{label}</b>
        <small>
          {pin.name && `${pin.pin} · `}
          {pin.at === undefined ? 'no value yet' : <Ago at={pin.at} />}
        </small>
      </div>
      <div className="pin-control">
        <Control device={device} pin={pin} label={label} />
      </div>
      <div className="pin-tools">
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={`History of ${label}`}
          aria-expanded={charted}
          disabled={!numeric}
          onClick={() => setCharted(!charted)}
        >
          <IconChartLine size={18} />
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`Change ${label}`} onClick={edit}>
          <IconPencil size={18} />
        </ActionIcon>
      </div>
      {charted && (
        <Suspense fallback={<Waiting what="Loading the chart" />}>
          <Chart device={device.id} pin={pin} />
        </Suspense>
      )}
    </li>
  );
}

interface ControlProps {
  readonly device: Device;
  readonly pin: Pin;
  readonly label: string;
}

/** Reads and writes; what was set is shown at once, and what the board then says replaces it. */
function Control({ device, pin, label }: ControlProps) {
  const [moving, setMoving] = useState<number>();
  const [typed, setTyped] = useState<string>();
  const put = useCall('PUT /api/devices/:id/pins/:pin');
  const value = pin.values.join(' ');
  const number = Number(pin.values[0]) || 0;
  const write = (next: string): void =>
    put.mutate(
      { params: { id: device.id, pin: pin.pin }, body: { values: [next] } },
      {
        onError: tell,
        onSuccess: ({ delivered }) => {
          if (!delivered) say(`${device.name} is away. It gets the value when it asks for it.`);
        },
      },
    );
  switch (pin.control) {
    case 'switch':
      return (
        <Switch
          aria-label={label}
          size="lg"
          onLabel="on"
          offLabel="off"
          checked={number !== 0}
          onChange={(event) => write(event.currentTarget.checked ? String(pin.max || 1) : '0')}
        />
      );
    case 'slider':
      return (
        <div className="slide">
          <Slider
            thumbLabel={label}
            min={pin.min}
            max={pin.max}
            step={stepOf(pin)}
            label={null}
            value={moving ?? Math.min(pin.max, Math.max(pin.min, number))}
            onChange={setMoving}
            onChangeEnd={(end) => {
              setMoving(undefined);
              write(String(end));
            }}
          />
          <output>
            {moving ?? value} {pin.unit}
          </output>
        </div>
      );
    case 'text':
      return (
        <form
          className="write"
          onSubmit={(event) => {
            event.preventDefault();
            if (typed !== undefined) write(typed);
            setTyped(undefined);
          }}
        >
          <TextInput
            aria-label={label}
            value={typed ?? value}
            maxLength={1024}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" disabled={typed === undefined}>
            Set
          </Button>
        </form>
      );
    case 'value':
      return (
        <output className="value" aria-label={label}>
          {value || '–'} <small>{pin.unit}</small>
        </output>
      );
  }
}

const stepOf = ({ min, max }: Pin): number => (max - min <= 2 ? (max - min) / 100 || 1 : 1);
