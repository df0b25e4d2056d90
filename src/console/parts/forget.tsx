/** What can't be undone asks once more. */
import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Device } from '#hub/contract/index.ts';
import { askDevices, useCall } from '../data.ts';
import { moveTo } from '../use-place.ts';
import { ProblemNote } from './problem.tsx';
import { Secret } from './small.tsx';

interface Props {
  readonly device: Device;
  readonly opened: boolean;
  readonly close: () => void;
}

export function Forget({ device, opened, close }: Props) {
  const { id, name } = device;
  const forget = useCall('DELETE /api/devices/:id', (queries) => {
    moveTo({ page: 'devices' });
    queries.setQueryData(askDevices.queryKey, (list) => list?.filter((one) => one.id !== id));
  });
  return (
    <Sure
      title={`Forget ${name}?`}
      opened={opened}
      close={close}
      word="Forget it"
      busy={forget.isPending}
      error={forget.error}
      act={() => forget.mutate({ params: { id } })}
    >
      Its pins, history and log are dropped, and its token ends. The board itself goes on as it is; if it still
      announces itself, it appears again.
    </Sure>
  );
}

export function NewToken({ device, opened, close }: Props) {
  const make = useCall('POST /api/devices/:id/token');
  const leave = (): void => {
    make.reset();
    close();
  };
  if (make.data)
    return (
      <Modal opened={opened} onClose={leave} title={`Token of ${device.name}`}>
        <p>Put it into the sketch and flash it. It is shown only now.</p>
        <Secret label="Token" text={make.data.token} />
      </Modal>
    );
  return (
    <Sure
      title={`A new token for ${device.name}?`}
      opened={opened}
      close={leave}
      word="Make it"
      busy={make.isPending}
      error={make.error}
      act={() => make.mutate({ params: { id: device.id } })}
    >
      {device.hasToken
        ? 'The token it uses now ends: the board is shut out until its sketch has the new one.'
        : 'With it the board can connect here with Blynk.'}
    </Sure>
  );
}

interface SureProps {
  readonly title: string;
  readonly opened: boolean;
  readonly close: () => void;
  readonly word: string;
  readonly busy: boolean;
  readonly error: unknown;
  readonly act: () => void;
  readonly children: ReactNode;
}

export const Sure = ({ title, opened, close, word, busy, error, act, children }: SureProps) => (
  <Modal opened={opened} onClose={close} title={title}>
    <p>{children}</p>
    {error ? <ProblemNote error={error} /> : null}
    <div className="actions">
      <Button variant="default" onClick={close} data-autofocus>
        Leave it
      </Button>
      <Button color="red" loading={busy} onClick={act}>
        {word}
      </Button>
    </div>
  </Modal>
);
