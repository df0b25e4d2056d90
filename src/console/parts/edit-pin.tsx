/** What a pin is called and shown as. */
import { Button, Modal, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Control, Device, Pin, PinChange } from '#hub/contract/index.ts';
import { askPins, keepPin, useCall } from '../data.ts';
import { ProblemNote, tell } from './problem.tsx';

/** A pin that is there, or one to add. */
export type Editing = Pin | 'new' | undefined;

interface Props {
  readonly device: Device;
  readonly editing: Editing;
  readonly close: () => void;
}

export const EditPin = ({ device, editing, close }: Props) => (
  <Modal
    opened={editing !== undefined}
    onClose={close}
    title={editing === 'new' || editing === undefined ? 'Add a pin' : (editing.name ?? editing.pin)}
  >
    {editing && <Fields device={device} pin={editing === 'new' ? undefined : editing} close={close} />}
  </Modal>
);

const controls: readonly { readonly value: Control; readonly label: string }[] = [
  { value: 'value', label: 'Value: only shown' },
  { value: 'switch', label: 'Switch: on and off' },
  { value: 'slider', label: 'Slider: a number between two' },
  { value: 'text', label: 'Text: shown and written' },
];

function Fields({
  device,
  pin,
  close,
}: {
  readonly device: Device;
  readonly pin: Pin | undefined;
  readonly close: () => void;
}) {
  const [place, setPlace] = useState(pin?.pin ?? '');
  const [name, setName] = useState(pin?.name ?? '');
  const [control, setControl] = useState<Control>(pin?.control ?? 'switch');
  const [min, setMin] = useState(String(pin?.min ?? 0));
  const [max, setMax] = useState(String(pin?.max ?? 1));
  const [unit, setUnit] = useState(pin?.unit ?? '');
  const change = useCall('PATCH /api/devices/:id/pins/:pin', (queries, changed) =>
    keepPin(queries, device.id, changed),
  );
  const remove = useCall('DELETE /api/devices/:id/pins/:pin', (queries) => {
    queries.setQueryData(askPins(device.id).queryKey, (list) => list?.filter((each) => each.pin !== place));
  });
  const params = { id: device.id, pin: place.toUpperCase() };
  const body: PinChange = {
    name: name.trim() || null,
    control,
    unit: unit.trim() || null,
    ...(Number.isFinite(Number(min)) && { min: Number(min) }),
    ...(Number.isFinite(Number(max)) && { max: Number(max) }),
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate({ params, body }, { onSuccess: close });
      }}
    >
      {!pin && (
        <TextInput
          label="Pin"
          description="V virtual, D digital, A analog"
          placeholder="V5"
          pattern="[VDAvda][0-9]{1,3}"
          value={place}
          onChange={(event) => setPlace(event.currentTarget.value)}
          required
          withAsterisk={false}
          data-autofocus
        />
      )}
      <TextInput
        label="Name"
        placeholder="Lamp"
        value={name}
        maxLength={64}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NativeSelect
        label="Shown as"
        data={[...controls]}
        value={control}
        onChange={(event) => setControl(event.currentTarget.value as Control)}
      />
      {control !== 'text' && (
        <div className="pair">
          {control !== 'value' && (
            <>
              <TextInput
                label="From"
                inputMode="decimal"
                value={min}
                onChange={(event) => setMin(event.currentTarget.value)}
              />
              <TextInput
                label="To"
                inputMode="decimal"
                value={max}
                onChange={(event) => setMax(event.currentTarget.value)}
              />
            </>
          )}
          <TextInput
            label="Unit"
            placeholder="°C"
            maxLength={16}
            value={unit}
            onChange={(event) => setUnit(event.currentTarget.value)}
          />
        </div>
      )}
      {change.error && <ProblemNote error={change.error} />}
      <div className="actions">
        {pin && (
          <Button
            variant="subtle"
            color="red"
            loading={remove.isPending}
            onClick={() => remove.mutate({ params }, { onSuccess: close, onError: tell })}
          >
            Remove
          </Button>
        )}
        <Button type="submit" loading={change.isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}
