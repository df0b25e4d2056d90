/** A firmware to send: a file dropped or chosen, or one of the library. It is identified here, before it goes anywhere. */
import { NativeSelect } from '@mantine/core';
import { IconFileUpload, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { Firmware } from '#hub/contract/index.ts';
import { formatNumber } from '#values/units.ts';
import { Refused } from '../api.ts';
import { askFirmware } from '../data.ts';
import { sentence } from '../words.ts';
import { type ChosenFile, chosenFile, faultOf } from './check.ts';
import { ProblemNote } from './problem.tsx';
import { Prose } from './prose.tsx';
import { Waiting } from './small.tsx';

/** Larger than the flash of any board that WhyOTA knows. */
const largest = 20_000_000;

const usualHint = 'The .bin of the build. In the Arduino IDE: Sketch > Export Compiled Binary';

interface Props {
  readonly file: ChosenFile | undefined;
  readonly choose: (file: ChosenFile | undefined) => void;
  /** Of the library, by its id. */
  readonly wanted?: string | undefined;
  /** Which file to take. */
  readonly hint?: string;
  /** What keeps a file from where it is to go. */
  readonly fault?: typeof faultOf;
}

export function ChooseFile({ file, choose, wanted, fault = faultOf, hint = usualHint }: Props) {
  const { data: library = [] } = useQuery(askFirmware);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const over = useDrop((dropped) => void take(dropped));

  async function take(given: File): Promise<void> {
    setError(undefined);
    if (given.size > largest) return setError(new Refused(0, tooLarge(given)));
    setBusy(true);
    try {
      choose(chosenFile(given.name, new Uint8Array(await given.arrayBuffer())));
    } catch {
      setError(new Refused(0, unreadable(given)));
    } finally {
      setBusy(false);
    }
  }

  async function fetchOne(id: string): Promise<void> {
    const known = library.find((one) => one.id === id);
    if (!known) return;
    setError(undefined);
    setBusy(true);
    try {
      choose(chosenFile(known.name, await bytesOf(known), known.id));
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  }

  const asked = useRef<string>(undefined);
  useEffect(() => {
    if (!wanted || asked.current === wanted || library.length === 0) return;
    asked.current = wanted;
    void fetchOne(wanted);
  });

  if (busy) return <Waiting what="Reading the file" />;
  if (file) return <Given file={file} fault={fault(file.image)} remove={() => choose(undefined)} />;
  return (
    <>
      <label className={over ? 'drop over' : 'drop'}>
        <input
          type="file"
          className="spoken"
          accept=".bin,.gz,.signed,.uf2,application/octet-stream"
          onChange={({ currentTarget }) => {
            const [given] = currentTarget.files ?? [];
            currentTarget.value = '';
            if (given) void take(given);
          }}
        />
        <IconFileUpload size={28} stroke={1.5} aria-hidden />
        <span>
          <b>Drop the firmware here</b> or choose a file
          <small>
            <Prose text={hint} />
          </small>
        </span>
      </label>
      {library.length > 0 && (
        <NativeSelect
          label="Or one of the library"
          value=""
          onChange={(event) => void fetchOne(event.currentTarget.value)}
          data={[
            { value: '', label: 'Choose …' },
            ...[...library]
              .sort((a, b) => b.addedAt - a.addedAt)
              .map(({ id, name, version, what }) => ({
                value: id,
                label: [name, version, what].filter(Boolean).join(' · '),
              })),
          ]}
        />
      )}
      {error !== undefined && <ProblemNote error={error} />}
    </>
  );
}

interface GivenProps {
  readonly file: ChosenFile;
  readonly fault: ReturnType<typeof faultOf>;
  readonly remove: () => void;
}

function Given({ file: { name, image }, fault, remove }: GivenProps) {
  return (
    <>
      <div className="given">
        <div>
          <b>{name}</b>
          <small>
            {image.what}, {formatNumber(image.bytes)} bytes{image.build ? `, build ${image.build}` : ''}
          </small>
        </div>
        <button type="button" className="plain" onClick={remove}>
          <IconX size={16} aria-hidden /> Another file
        </button>
      </div>
      {fault ? (
        <ProblemNote problem={fault} />
      ) : (
        image.warnings.map(({ code, what, fix }) => (
          <p key={code} className="careful">
            <Prose text={`${sentence(what)} ${sentence(fix)}`} />
          </p>
        ))
      )}
    </>
  );
}

async function bytesOf({ id }: Firmware): Promise<Uint8Array> {
  const response = await fetch(`/api/firmware/${id}/bytes`);
  if (!response.ok)
    throw new Refused(response.status, {
      code: 'firmware-gone',
      what: 'this firmware is not in the library any more',
      why: 'somebody removed it',
      fix: 'choose another one, or drop the file',
    });
  return new Uint8Array(await response.arrayBuffer());
}

/** Files dropped anywhere on the page; true while one is held over it. */
function useDrop(take: (file: File) => void): boolean {
  const [over, setOver] = useState(false);
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    const stop = new AbortController();
    const on = (kind: 'dragover' | 'dragleave' | 'drop', then: (event: DragEvent) => void): void =>
      document.addEventListener(kind, then, { signal: stop.signal });
    on('dragover', (event) => {
      event.preventDefault();
      setOver(true);
    });
    on('dragleave', (event) => {
      if (event.relatedTarget === null) setOver(false);
    });
    on('drop', (event) => {
      event.preventDefault();
      setOver(false);
      const [file] = event.dataTransfer?.files ?? [];
      if (file) latest.current(file);
    });
    return () => stop.abort();
  }, []);
  return over;
}

const tooLarge = ({ name }: File) => ({
  code: 'file-too-large',
  what: `${name} is larger than any flash chip`,
  why: 'a firmware has some hundred KB to a few MB',
  fix: 'choose the .bin of the build',
});
const unreadable = ({ name }: File) => ({
  code: 'file-unreadable',
  what: `${name} can’t be read`,
  why: 'a folder, or a file that was moved meanwhile',
  fix: 'choose the .bin file itself',
});
