/** Why an update failed, and what can be done about it here. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Update } from '#hub/contract/index.ts';
import { askDevices, useCall } from '../data.ts';
import { goTo } from '../use-place.ts';
import { stateOf } from '../words.ts';
import { causesOf } from './causes.ts';
import Diagnosis from './diagnosis.tsx';
import { EditDevice } from './edit-device.tsx';
import { ProblemNote, tell } from './problem.tsx';

export function Failure({ update }: { readonly update: Update }) {
  const { diagnosis, problem, device: id } = update;
  const { data: devices } = useQuery(askDevices);
  const again = useCall('POST /api/updates/:id/retry', (_, next) => goTo({ page: 'update', id: next.id }));
  const [open, setOpen] = useState(false);
  const device = devices?.find((one) => one.id === id);
  const { causes } = causesOf(diagnosis);
  const isPassword = [problem?.code, causes[0]?.id].some(
    (code) => code === 'password-needed' || code === 'auth-wrong-password',
  );
  return (
    <>
      {causes.length > 0 ? <Diagnosis of={diagnosis} /> : problem && <ProblemNote problem={problem} />}
      <div className="actions start">
        {isPassword && device && (
          <Button variant="light" onClick={() => setOpen(true)}>
            Give the hub its OTA password
          </Button>
        )}
        {stateOf(update.state).over && (
          <Button
            variant="default"
            loading={again.isPending}
            onClick={() => again.mutate({ params: { id: update.id } }, { onError: tell })}
          >
            Try again
          </Button>
        )}
      </div>
      {device && <EditDevice device={device} opened={open} close={() => setOpen(false)} />}
    </>
  );
}
