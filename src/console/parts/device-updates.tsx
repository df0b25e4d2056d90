/** The updates of one device, newest first. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Device } from '#hub/contract/index.ts';
import { askUpdates, useCall } from '../data.ts';
import { hrefOf } from '../place.ts';
import { goTo } from '../use-place.ts';
import { ProblemNote, tell } from './problem.tsx';
import { Card } from './small.tsx';
import { UpdateRow } from './update-row.tsx';

const shown = 8;

export function DeviceUpdates({ device }: { readonly device: Device }) {
  const { data: updates, error } = useQuery(askUpdates({ device: device.id }));
  const rollback = useCall('POST /api/devices/:id/rollback', (_, { id }) => goTo({ page: 'update', id }));
  const newest = [...(updates ?? [])].sort((a, b) => b.createdAt - a.createdAt);
  const confirmed = new Set(newest.filter(({ state }) => state === 'confirmed').map(({ firmware }) => firmware));
  return (
    <Card
      title="Updates"
      actions={
        confirmed.size > 1 && (
          <Button
            variant="subtle"
            size="compact-sm"
            loading={rollback.isPending}
            onClick={() => rollback.mutate({ params: { id: device.id } }, { onError: tell })}
          >
            Back to the one before
          </Button>
        )
      }
    >
      {error && <ProblemNote error={error} />}
      {updates?.length === 0 && (
        <p className="nothing">
          None yet. {device.flashable && <a href={hrefOf({ page: 'flash', to: [device.id] })}>Flash it</a>}
        </p>
      )}
      <ul className="plain-list">
        {newest.slice(0, shown).map((update) => (
          <UpdateRow key={update.id} update={update} title={update.firmwareName} />
        ))}
      </ul>
      {newest.length > shown && <p className="fine">And {newest.length - shown} older ones.</p>}
    </Card>
  );
}
