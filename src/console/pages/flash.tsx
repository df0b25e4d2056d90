/** Firmware to boards: what it is, whether it fits, and off it goes. */
import { Button } from '@mantine/core';
import { IconBolt } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Device, OrderedUpdates } from '#hub/contract/index.ts';
import { call } from '../api.ts';
import { askDevices, askUpdates, keepFirmware } from '../data.ts';
import { type ChosenFile, checkBoard, faultOf } from '../parts/check.ts';
import { ChooseBoards } from '../parts/choose-boards.tsx';
import { ChooseFile } from '../parts/choose-file.tsx';
import { ProblemNote } from '../parts/problem.tsx';
import { Card, Head } from '../parts/small.tsx';
import { goTo } from '../use-place.ts';
import { plural, sentence } from '../words.ts';

interface Props {
  readonly to: readonly string[];
  readonly firmware: string | undefined;
}

export default function Flash({ to, firmware }: Props) {
  const { data: devices = none } = useQuery(askDevices);
  const [file, setFile] = useState<ChosenFile>();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(to));
  const boards = useMemo(() => devices.filter(({ flashable }) => flashable), [devices]);
  const going = useMemo(() => whoGets(file, boards, chosen), [file, boards, chosen]);
  const order = useOrder();
  const wrong = file !== undefined && faultOf(file.image) !== undefined;
  const [only] = going;
  return (
    <>
      <Head title="Flash" sub="New firmware for boards that run and are on the network." />
      <Card title="1. The firmware">
        <ChooseFile file={file} choose={setFile} wanted={firmware} />
      </Card>
      <Card title="2. The boards">
        <ChooseBoards devices={boards} image={wrong ? undefined : file?.image} chosen={chosen} choose={setChosen} />
      </Card>
      <section className="go" aria-label="3. Go">
        {order.error && <ProblemNote error={order.error} />}
        {order.data && <Refusals ordered={order.data} devices={boards} />}
        <Button
          size="md"
          leftSection={<IconBolt size={20} aria-hidden />}
          disabled={!file || wrong || going.length === 0}
          loading={order.isPending}
          onClick={() => file && order.mutate({ file, devices: going.map(({ id }) => id) })}
        >
          {only ? `Flash ${going.length === 1 ? only.name : plural(going.length, 'board')}` : 'Flash'}
        </Button>
        <p className="fine">{hint(file, wrong, chosen.size, going.length)}</p>
      </section>
    </>
  );
}

const none: readonly Device[] = [];

/** The chosen boards but those that the file can't be for. */
const whoGets = (
  file: ChosenFile | undefined,
  boards: readonly Device[],
  chosen: ReadonlySet<string>,
): readonly Device[] =>
  boards.filter(
    (device) =>
      chosen.has(device.id) &&
      (!file || !['does-not-fit', 'not-for-it'].includes(checkBoard(file.image, device).verdict)),
  );

function hint(file: ChosenFile | undefined, wrong: boolean, chosen: number, going: number): string {
  if (!file) return 'Choose a firmware first.';
  if (wrong) return 'This file is for no board over the air.';
  if (chosen === 0) return 'Choose at least one board.';
  if (going === 0) return 'It fits on none of the chosen boards.';
  const left = chosen - going;
  const leaves = left > 0 ? `${plural(left, 'board')} left out, where it doesn’t fit. ` : '';
  return `${leaves}Each board takes it, restarts, and is watched until it is back. Up to 16 at a time.`;
}

/** Puts the file into the library, where the same bytes are one firmware, and orders the updates. */
function useOrder() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ file, devices }: { readonly file: ChosenFile; readonly devices: readonly string[] }) => {
      const firmware = file.id ?? (await upload(file, (added) => keepFirmware(queries, added)));
      return call('POST /api/updates', { body: { firmware, devices: [...devices] } });
    },
    onSuccess: ({ batch, updates }: OrderedUpdates) => {
      if (updates.length === 0) return;
      queries.setQueryData(askUpdates({ batch }).queryKey, updates);
      for (const { device } of updates) void queries.invalidateQueries(askUpdates({ device }));
      goTo({ page: 'batch', id: batch });
    },
  });
}

async function upload(
  { name, bytes, image }: ChosenFile,
  added: (firmware: Awaited<ReturnType<typeof call<'POST /api/firmware'>>>) => void,
): Promise<string> {
  const firmware = await call('POST /api/firmware', {
    query: { name: name.slice(0, 64), ...(image.build && { version: image.build.slice(0, 64) }) },
    file: new Blob([new Uint8Array(bytes)]),
  });
  added(firmware);
  return firmware.id;
}

/** Shown when nothing could be ordered; what a batch refused in part stands on its page. */
const Refusals = ({ ordered, devices }: { readonly ordered: OrderedUpdates; readonly devices: readonly Device[] }) =>
  ordered.refused.map(({ device, problem }) => (
    <div key={device} className="problem" role="alert">
      <p className="what">
        {devices.find(({ id }) => id === device)?.name ?? 'A board'}: {sentence(problem.what)}
      </p>
      <p>{sentence(problem.fix)}</p>
    </div>
  ));
