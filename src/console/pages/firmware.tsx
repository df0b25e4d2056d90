/** The library: every firmware that was ever sent from here, and what runs it. */
import { Button, Modal, Textarea, TextInput } from '@mantine/core';
import { IconBolt, IconUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { Device, Firmware } from '#hub/contract/index.ts';
import { formatBytes } from '#values/units.ts';
import { askDevices, askFirmware, keepFirmware, useCall } from '../data.ts';
import { Sure } from '../parts/forget.tsx';
import { ProblemNote, say, tell } from '../parts/problem.tsx';
import { Ago, Card, Head, Waiting } from '../parts/small.tsx';
import { hrefOf } from '../place.ts';
import { plural } from '../words.ts';

export default function FirmwarePage() {
  const { data: library, error } = useQuery(askFirmware);
  const { data: devices = none } = useQuery(askDevices);
  const input = useRef<HTMLInputElement>(null);
  const add = useCall('POST /api/firmware', keepFirmware);
  if (error) return <ProblemNote error={error} />;
  if (!library) return <Waiting what="Asking for the library" />;
  const newest = [...library].sort((a, b) => b.addedAt - a.addedAt);
  return (
    <>
      <Head title="Firmware" sub={library.length > 0 ? plural(library.length, 'file') : undefined}>
        <input
          ref={input}
          type="file"
          hidden
          aria-label="A firmware for the library"
          onChange={({ currentTarget }) => {
            const [file] = currentTarget.files ?? [];
            currentTarget.value = '';
            if (file)
              add.mutate(
                { query: { name: file.name.slice(0, 64) }, file },
                { onError: tell, onSuccess: ({ name }) => say(`${name} is in the library.`) },
              );
          }}
        />
        <Button
          leftSection={<IconUpload size={18} aria-hidden />}
          loading={add.isPending}
          onClick={() => input.current?.click()}
        >
          Add a file
        </Button>
      </Head>
      {newest.length === 0 && (
        <Card>
          <p className="nothing">
            Nothing yet. Every firmware that you flash is kept here, so that you can see what runs where, and go back to
            it.
          </p>
          <Button variant="light" component="a" href={hrefOf({ page: 'flash', to: [] })}>
            Flash one
          </Button>
        </Card>
      )}
      <ul className="library">
        {newest.map((firmware) => (
          <One key={firmware.id} firmware={firmware} devices={devices} />
        ))}
      </ul>
    </>
  );
}

const none: readonly Device[] = [];
const mostNamed = 4;

function One({ firmware, devices }: { readonly firmware: Firmware; readonly devices: readonly Device[] }) {
  const { id, name, version, notes, what, bytes, addedAt, addedBy, runsOn } = firmware;
  const [open, setOpen] = useState<'edit' | 'remove'>();
  const running = devices.filter(({ firmwareId }) => firmwareId === id);
  const remove = useCall('DELETE /api/firmware/:id', (queries) => {
    setOpen(undefined);
    queries.setQueryData(askFirmware.queryKey, (list) => list?.filter((one) => one.id !== id));
  });
  return (
    <li className="card firmware">
      <div className="about">
        <h2>
          {name} {version && <span className="label">{version}</span>}
        </h2>
        <p>
          {what}, {formatBytes(bytes)}
        </p>
        {notes && <p className="notes">{notes}</p>}
        <p className="fine">
          Added <Ago at={addedAt} /> by {addedBy}.{' '}
          {runsOn === 0 && running.length === 0 ? (
            'No board runs it.'
          ) : (
            <>
              Runs on {plural(Math.max(runsOn, running.length), 'board')}
              {running.length > 0 && ': '}
              {running.slice(0, mostNamed).map((device, at) => (
                <span key={device.id}>
                  {at > 0 && ', '}
                  <a href={hrefOf({ page: 'device', id: device.id })}>{device.name}</a>
                </span>
              ))}
              {running.length > mostNamed && ' …'}
            </>
          )}
        </p>
      </div>
      <div className="actions">
        <Button
          component="a"
          href={hrefOf({ page: 'flash', to: [], firmware: id })}
          variant="light"
          leftSection={<IconBolt size={18} aria-hidden />}
        >
          Flash
        </Button>
        <Button variant="default" onClick={() => setOpen('edit')} aria-label={`Edit ${name}`}>
          Edit
        </Button>
        <Button variant="subtle" color="red" onClick={() => setOpen('remove')} aria-label={`Remove ${name}`}>
          Remove
        </Button>
      </div>
      <Modal opened={open === 'edit'} onClose={() => setOpen(undefined)} title={name}>
        {open === 'edit' && <Fields firmware={firmware} close={() => setOpen(undefined)} />}
      </Modal>
      <Sure
        title={`Remove ${name}?`}
        opened={open === 'remove'}
        close={() => setOpen(undefined)}
        word="Remove it"
        busy={remove.isPending}
        error={remove.error}
        act={() => remove.mutate({ params: { id } })}
      >
        Boards that run it go on running it; the library can’t send it again.
      </Sure>
    </li>
  );
}

function Fields({ firmware, close }: { readonly firmware: Firmware; readonly close: () => void }) {
  const [name, setName] = useState(firmware.name);
  const [version, setVersion] = useState(firmware.version ?? '');
  const [notes, setNotes] = useState(firmware.notes ?? '');
  const change = useCall('PATCH /api/firmware/:id', keepFirmware);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate(
          { params: { id: firmware.id }, body: { name: name.trim(), version, notes } },
          { onSuccess: close },
        );
      }}
    >
      <TextInput
        label="Name"
        value={name}
        maxLength={64}
        required
        withAsterisk={false}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="Version"
        value={version}
        maxLength={64}
        onChange={(event) => setVersion(event.currentTarget.value)}
      />
      <Textarea
        label="Notes"
        placeholder="What is new in it"
        autosize
        minRows={3}
        maxLength={4000}
        value={notes}
        onChange={(event) => setNotes(event.currentTarget.value)}
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
