/** A device that is yet to come: it gets a token, shown once. */
import { Button, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { keepDevice, useCall } from '../data.ts';
import { goTo } from '../use-place.ts';
import { serverWords } from '../words.ts';
import { ProblemNote } from './problem.tsx';
import { Secret } from './small.tsx';

export function AddDevice({ opened, close }: { readonly opened: boolean; readonly close: () => void }) {
  const [name, setName] = useState('');
  const [group, setGroup] = useState('');
  const make = useCall('POST /api/devices', (queries, { device }) => keepDevice(queries, device));
  const leave = (): void => {
    make.reset();
    setName('');
    close();
  };
  const made = make.data;
  return (
    <Modal opened={opened} onClose={leave} title={made ? `${made.device.name} is added` : 'Add a device'}>
      {made ? (
        <>
          <p>Put this token into its sketch. It is shown only now; a new one can be made at any time.</p>
          <Secret label="Token" text={made.token} />
          <Secret label="Server" text={serverWords()} />
          <div className="actions">
            <Button
              onClick={() => {
                leave();
                goTo({ page: 'device', id: made.device.id });
              }}
            >
              Done
            </Button>
          </div>
        </>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            make.mutate({ body: { name: name.trim(), ...(group.trim() && { group: group.trim() }) } });
          }}
        >
          <p>For a board whose sketch will connect with Blynk. Boards with Arduino OTA appear by themselves.</p>
          <TextInput
            label="Name"
            placeholder="Kitchen lamp"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
            maxLength={64}
            withAsterisk={false}
            data-autofocus
          />
          <TextInput
            label="Group (optional)"
            placeholder="Ground floor"
            value={group}
            onChange={(event) => setGroup(event.currentTarget.value)}
            maxLength={64}
          />
          {make.error && <ProblemNote error={make.error} />}
          <div className="actions">
            <Button type="submit" loading={make.isPending}>
              Add it
            </Button>
          </div>
        </form>
      )}
    </Modal>
  );
}
