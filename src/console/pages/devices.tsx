/** Every board the hub can see. */
import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { IconBolt, IconPlus, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo, useState } from 'react';
import type { Device } from '#hub/contract/index.ts';
import { askDevices, askKnocks } from '../data.ts';
import { AddDevice } from '../parts/add-device.tsx';
import { DeviceList } from '../parts/device-list.tsx';
import { KnockCard } from '../parts/knock.tsx';
import { NoDevices } from '../parts/no-devices.tsx';
import { ProblemNote } from '../parts/problem.tsx';
import { Head, Waiting } from '../parts/small.tsx';
import { hrefOf } from '../place.ts';
import { plural } from '../words.ts';

type Look = 'all' | 'online' | 'trouble';

/** Boards that somebody should look at. */
const inTrouble = ({ presence, flapping, lastUpdate }: Device): boolean =>
  flapping || presence === 'offline' || presence === 'not-answering' || lastUpdate?.state === 'failed';

const looks: readonly { readonly look: Look; readonly words: string; readonly fits: (device: Device) => boolean }[] = [
  { look: 'all', words: 'All', fits: () => true },
  { look: 'online', words: 'Online', fits: ({ presence }) => presence === 'online' || presence === 'updating' },
  { look: 'trouble', words: 'Need a look', fits: inTrouble },
];

export function Devices() {
  const devices = useQuery(askDevices);
  const knocks = useQuery(askKnocks);
  const [search, setSearch] = useState('');
  const [look, setLook] = useState<Look>('all');
  const [set, setSet] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [adding, setAdding] = useState(false);
  const all = devices.data ?? none;
  const wanted = useDeferredValue(search);
  const shown = useMemo(() => select(all, wanted, look, set), [all, wanted, look, set]);
  const canChoose = useMemo(() => shown.filter(({ flashable }) => flashable), [shown]);
  const allChosen = canChoose.length > 0 && canChoose.every(({ id }) => chosen.has(id));
  const sets = useMemo(() => setsOf(all), [all]);

  if (devices.error && !devices.data) return <ProblemNote error={devices.error} />;
  if (!devices.data) return <Waiting what="Asking for the devices" />;
  const knocking = knocks.data ?? [];
  return (
    <>
      <Head title="Devices" sub={all.length > 0 ? plural(all.length, 'board') : undefined}>
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setAdding(true)}>
          Add a device
        </Button>
      </Head>
      {knocking.length > 0 && (
        <section aria-label="Boards that knock" className="knocks">
          {knocking.map((knock) => (
            <KnockCard key={knock.id} knock={knock} />
          ))}
        </section>
      )}
      {all.length === 0 ? (
        <NoDevices add={() => setAdding(true)} />
      ) : (
        <>
          <search className="sieve">
            <TextInput
              aria-label="Search"
              placeholder="Search name, address, firmware, tag"
              leftSection={<IconSearch size={18} aria-hidden />}
              value={search}
              onChange={(event) => setSearch(event.currentTarget.value)}
            />
            <fieldset className="looks">
              <legend className="spoken">Show</legend>
              {looks.map(({ look: one, words, fits }) => (
                <button key={one} type="button" aria-pressed={look === one} onClick={() => setLook(one)}>
                  {words} <b>{all.filter(fits).length.toLocaleString('en')}</b>
                </button>
              ))}
            </fieldset>
            {sets.length > 0 && (
              <NativeSelect
                aria-label="Group or tag"
                value={set}
                onChange={(event) => setSet(event.currentTarget.value)}
                data={[{ value: '', label: 'All groups and tags' }, ...sets]}
              />
            )}
          </search>
          {shown.length === 0 ? (
            <p className="nothing">No board is like that.</p>
          ) : (
            <>
              {canChoose.length > 1 && (
                <Checkbox
                  className="choose-all"
                  label={`Choose all ${canChoose.length.toLocaleString('en')} that can be flashed`}
                  checked={allChosen}
                  indeterminate={!allChosen && chosen.size > 0}
                  onChange={() => setChosen(new Set(allChosen ? [] : canChoose.map(({ id }) => id)))}
                />
              )}
              <DeviceList devices={shown} chosen={chosen} choose={setChosen} />
            </>
          )}
          <p className="spoken" role="status">
            {plural(shown.length, 'board')} shown
          </p>
        </>
      )}
      {chosen.size > 0 && (
        <section className="chosen" aria-label="Chosen boards">
          <b>{plural(chosen.size, 'board')} chosen</b>
          <button type="button" className="plain" onClick={() => setChosen(new Set())}>
            Clear
          </button>
          <Button
            component="a"
            href={hrefOf({ page: 'flash', to: [...chosen] })}
            leftSection={<IconBolt size={18} aria-hidden />}
          >
            {chosen.size === 1 ? 'Flash it' : 'Flash them'}
          </Button>
        </section>
      )}
      <AddDevice opened={adding} close={() => setAdding(false)} />
    </>
  );
}

const none: readonly Device[] = [];

/** Trouble first, then by name. */
function select(all: readonly Device[], search: string, look: Look, set: string): readonly Device[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const { fits } = looks.find((one) => one.look === look)!;
  return all
    .filter((device) => fits(device) && inSet(device, set) && words.every((word) => haystack(device).includes(word)))
    .sort((a, b) => Number(inTrouble(b)) - Number(inTrouble(a)) || order.compare(a.name, b.name));
}

const order = new Intl.Collator('en', { numeric: true });

const haystack = ({ name, address, mac, firmware, build, board, core, chip, group, tags }: Device): string =>
  [name, address, mac, firmware, build, board, core, chip, group, ...tags].join(' ').toLowerCase();

const inSet = (device: Device, set: string): boolean =>
  set === '' || set === `group ${device.group}` || device.tags.some((tag) => set === `tag ${tag}`);

function setsOf(all: readonly Device[]): readonly { readonly value: string; readonly label: string }[] {
  const groups = new Set(all.flatMap(({ group }) => group ?? []));
  const tags = new Set(all.flatMap((device) => device.tags));
  return [
    ...[...groups].sort(order.compare).map((name) => ({ value: `group ${name}`, label: `Group ${name}` })),
    ...[...tags].sort(order.compare).map((name) => ({ value: `tag ${name}`, label: `Tag ${name}` })),
  ];
}
