/** What a person calls a device, and what the hub must know to flash it. */
import { Button, Modal, PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Device, DeviceChange } from '#hub/contract/index.ts';
import { keepDevice, useCall } from '../data.ts';
import { ProblemNote } from './problem.tsx';

interface Props {
  readonly device: Device;
  readonly opened: boolean;
  readonly close: () => void;
}

export const EditDevice = ({ device, opened, close }: Props) => (
  <Modal opened={opened} onClose={close} title={device.name}>
    {opened && <Fields device={device} close={close} />}
  </Modal>
);

function Fields({ device, close }: Omit<Props, 'opened'>) {
  const [name, setName] = useState(device.name);
  const [group, setGroup] = useState(device.group ?? '');
  const [tags, setTags] = useState(device.tags.join(', '));
  const [core, setCore] = useState(device.core ?? '');
  const [layout, setLayout] = useState(device.layout ?? '');
  const [password, setPassword] = useState('');
  const change = useCall('PATCH /api/devices/:id', keepDevice);
  const body: DeviceChange = {
    name: name.trim(),
    group: group.trim() || null,
    tags: [
      ...new Set(
        tags
          .split(',')
          .map((tag) => tag.trim())
          .filter(Boolean),
      ),
    ],
    core: core.trim() || null,
    layout: layout.trim() || null,
    ...(password && { password }),
  };
  const text = (label: string, value: string, set: (value: string) => void, more = {}) => (
    <TextInput
      label={label}
      value={value}
      onChange={(event) => set(event.currentTarget.value)}
      maxLength={64}
      {...more}
    />
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate({ params: { id: device.id }, body }, { onSuccess: close });
      }}
    >
      {text('Name', name, setName, { required: true, withAsterisk: false })}
      {text('Group', group, setGroup)}
      {text('Tags', tags, setTags, { description: 'Separated by commas', maxLength: 500 })}
      {text('Core of the running sketch', core, setCore, { placeholder: '2.7.4' })}
      {text('Flash layout', layout, setLayout, {
        placeholder: '4M2M, 1M64, default',
        description: 'As Tools > Flash Size or Partition Scheme had it',
      })}
      <PasswordInput
        label="OTA password"
        description={
          device.hasPassword
            ? 'One is kept; leave it empty to keep that.'
            : 'What the sketch gives to ArduinoOTA.setPassword'
        }
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        autoComplete="off"
      />
      {change.error && <ProblemNote error={change.error} />}
      <div className="actions">
        <Button type="submit" loading={change.isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}
