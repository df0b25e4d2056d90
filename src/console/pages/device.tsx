/** One device: what it runs, its pins, its updates, its log. */
import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconBolt, IconDots, IconKey, IconPencil, IconRefresh, IconStethoscope, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Device } from '#hub/contract/index.ts';
import { askDevices, askFirmware, useCall } from '../data.ts';
import { DeviceLog } from '../parts/device-log.tsx';
import { DeviceUpdates } from '../parts/device-updates.tsx';
import { Diagnosing } from '../parts/diagnosing.tsx';
import { EditDevice } from '../parts/edit-device.tsx';
import { Forget, NewToken } from '../parts/forget.tsx';
import { Pins } from '../parts/pins.tsx';
import { ProblemNote, say, tell } from '../parts/problem.tsx';
import { Ago, Card, Facts, Head, Mark, Waiting } from '../parts/small.tsx';
import { hrefOf } from '../place.ts';
import { fileWords, macWords, presences, runs, wayNames } from '../words.ts';

type Open = 'edit' | 'token' | 'forget' | undefined;

export function DevicePage({ id }: { readonly id: string }) {
  const { data: devices, error } = useQuery(askDevices);
  const device = devices?.find((one) => one.id === id);
  if (error && !devices) return <ProblemNote error={error} />;
  if (!devices) return <Waiting what="Asking for the device" />;
  return device ? (
    <Known device={device} />
  ) : (
    <>
      <Head title="No such device" />
      <p>
        It was forgotten, or the link is wrong. <a href={hrefOf({ page: 'devices' })}>All devices</a>
      </p>
    </>
  );
}

function Known({ device }: { readonly device: Device }) {
  const { id, name, presence, flapping, lastSeen, flashable, ways } = device;
  const [open, setOpen] = useState<Open>();
  const diagnose = useCall('POST /api/devices/:id/diagnose');
  const restart = useCall('POST /api/devices/:id/restart');
  const close = (): void => setOpen(undefined);
  return (
    <>
      <a className="back" href={hrefOf({ page: 'devices' })}>
        ← Devices
      </a>
      <Head
        title={name}
        sub={
          <>
            <Mark tone={presences[presence].tone}>{presences[presence].words}</Mark>
            {flapping && <Mark tone="warn">comes and goes</Mark>}
            {lastSeen !== undefined && presence !== 'online' && presence !== 'updating' && (
              <span>
                last seen <Ago at={lastSeen} />
              </span>
            )}
          </>
        }
      >
        <Button
          component="a"
          href={hrefOf({ page: 'flash', to: [id] })}
          leftSection={<IconBolt size={18} aria-hidden />}
          {...(!flashable && { 'data-disabled': true, 'aria-disabled': true })}
        >
          Flash
        </Button>
        <Button
          variant="default"
          leftSection={<IconStethoscope size={18} aria-hidden />}
          loading={diagnose.isPending}
          onClick={() => diagnose.mutate({ params: { id } })}
        >
          Diagnose
        </Button>
        <Button
          variant="default"
          leftSection={<IconRefresh size={18} aria-hidden />}
          loading={restart.isPending}
          disabled={!ways.includes('blynk')}
          title={ways.includes('blynk') ? undefined : 'Only a board with Blynk can be told to'}
          onClick={() =>
            restart.mutate({ params: { id } }, { onError: tell, onSuccess: () => say(`${name} was told to restart.`) })
          }
        >
          Restart
        </Button>
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="default" size={36} aria-label="More">
              <IconDots size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => setOpen('edit')}>
              Name, group, password …
            </Menu.Item>
            <Menu.Item leftSection={<IconKey size={16} />} onClick={() => setOpen('token')}>
              New token
            </Menu.Item>
            <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => setOpen('forget')}>
              Forget
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Head>
      <Diagnosing diagnose={diagnose} />
      <div className="two">
        <div>
          <Pins device={device} />
          <DeviceUpdates device={device} />
        </div>
        <div>
          <About device={device} />
          <DeviceLog id={id} />
        </div>
      </div>
      <EditDevice device={device} opened={open === 'edit'} close={close} />
      <NewToken device={device} opened={open === 'token'} close={close} />
      <Forget device={device} opened={open === 'forget'} close={close} />
    </>
  );
}

/** The file that it was seen to run is surer than what it calls itself. */
function Runs({ device }: { readonly device: Device }) {
  const { data: library } = useQuery(askFirmware);
  const file = library?.find(({ id }) => id === device.firmwareId);
  const said = runs(device);
  return (
    <>
      <p className="runs">{said ?? (file ? fileWords(file) : 'It has not said yet.')}</p>
      {said && file && <p className="fine">From {fileWords(file)} of the library</p>}
    </>
  );
}

const About = ({ device }: { readonly device: Device }) => (
  <Card title="What it runs">
    <Runs device={device} />
    <Facts
      facts={[
        ['Since', device.runningSince !== undefined && <Ago at={device.runningSince} />],
        ['Board', [device.board, device.chip ?? device.family].filter(Boolean).join(', ')],
        ['Core', device.core],
        ['Layout', device.layout],
        ['Address', device.address && `${device.address}${device.port ? `, port ${device.port}` : ''}`],
        ['MAC', device.mac && macWords(device.mac)],
        ['Signal', device.signal !== undefined && `${device.signal} dBm`],
        ['Known by', device.ways.map((way) => wayNames[way]).join(', ')],
        ['Group', device.group],
        ['Tags', device.tags.join(', ')],
      ]}
    />
    {!device.flashable && (
      <p className="fine">
        It can’t be flashed from here yet: that takes a sketch with ArduinoOTA, or one that fetches its updates here.
      </p>
    )}
  </Card>
);
