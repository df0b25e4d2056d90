/** The first firmware of a board goes over its cable, from this computer. */
import { Button, Progress } from '@mantine/core';
import { IconUsb } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { chipName, type Identified, type WrongKind } from '#firmware/index.ts';
import type { FlashingStep } from '#serial/flash.ts';
import { webPorts } from '#serial/index.ts';
import type { Problem } from '#values/problem.ts';
import { formatBytes } from '#values/units.ts';
import { askDevices } from '../data.ts';
import { type ChosenFile, faultOf } from '../parts/check.ts';
import { ChooseFile } from '../parts/choose-file.tsx';
import { browserClock } from '../parts/clock.ts';
import { ProblemNote } from '../parts/problem.tsx';
import { Card, Copy, Head } from '../parts/small.tsx';
import { hrefOf } from '../place.ts';

/** Where the flash stands. */
type Stage =
  | { readonly at: 'choosing' }
  | { readonly at: 'flashing'; readonly steps: readonly FlashingStep[] }
  | { readonly at: 'failed'; readonly problem: Problem }
  | { readonly at: 'written'; readonly since: number };

/** How long a board without reset lines is waited for while somebody presses its buttons, ms. */
const byHandMs = 60_000;

export default function FirstFlash() {
  return (
    <>
      <Head title="First flash" sub="A board on this computer’s USB. From then on it is updated over the air." />
      {'serial' in navigator ? <Cable /> : <NoWebSerial />}
    </>
  );
}

const hint =
  'The .bin of the build. For an ESP32 that is empty the merged one, which holds boot loader and partition table too: sketch.ino.merged.bin, firmware.factory.bin';

const command = 'whyota serial flash firmware.bin';

const NoWebSerial = () => (
  <Card title="Not in this browser, not at this address">
    <p>
      {isSecureContext
        ? 'This browser can’t reach USB. Chrome, Edge and Opera on a computer can.'
        : 'Browsers reach USB only from a page that came over HTTPS, or from this same computer (localhost).'}
    </p>
    <p>The command line does the same, on the computer that the board is plugged into:</p>
    <p className="secret">
      <code>{command}</code>
      <Copy text={command} />
    </p>
    {!isSecureContext && (
      <p className="fine">
        Or start the hub with <code>--tls-self-signed</code>, and open this page with https.
      </p>
    )}
  </Card>
);

function Cable() {
  const [file, setFile] = useState<ChosenFile>();
  const [stage, setStage] = useState<Stage>({ at: 'choosing' });
  const [byHand, setByHand] = useState(false);
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);

  async function flash(chosen: ChosenFile): Promise<void> {
    let port: SerialPort;
    try {
      port = await navigator.serial.requestPort();
    } catch {
      // The person chose none.
      return;
    }
    const steps: FlashingStep[] = [];
    setStage({ at: 'flashing', steps });
    const { flashByCable } = await import('#serial/flash.ts');
    const { ports, info } = webPorts(port as Parameters<typeof webPorts>[0]);
    stop.current = new AbortController();
    const result = await flashByCable(
      { ports, info, clock: browserClock },
      { file: chosen.bytes, name: chosen.name },
      {
        os: osOf(navigator.userAgent),
        signal: stop.current.signal,
        ...(byHand && { byHand: byHandMs }),
        on: (step) => {
          if (step.kind === 'said') return;
          if (steps.at(-1)?.kind === step.kind) steps.pop();
          steps.push(step);
          setStage({ at: 'flashing', steps: [...steps] });
        },
      },
    );
    setStage(result.ok ? { at: 'written', since: Date.now() } : { at: 'failed', problem: result.problem });
  }

  return (
    <>
      <Card title="1. The firmware">
        <ChooseFile file={file} choose={setFile} fault={faultByCable} hint={hint} />
      </Card>
      <Card title="2. The board">
        {stage.at === 'written' ? (
          <p>
            <b>The firmware is on the board, and was read back right.</b>
          </p>
        ) : (
          <p>Plug it into this computer with a cable that carries data. The browser asks which port it is.</p>
        )}
        {byHand && stage.at !== 'written' && (
          <ol className="steps">
            <li>Hold GPIO0 to ground (on many boards: hold the button BOOT or FLASH).</li>
            <li>Press reset, or take its power away and give it back.</li>
            <li>Press the button below, then let go of GPIO0 when the flash has begun.</li>
          </ol>
        )}
        {stage.at === 'flashing' && <Steps steps={stage.steps} />}
        {stage.at === 'failed' && <ProblemNote problem={stage.problem} />}
        {stage.at === 'failed' && stage.problem.code === 'serial-no-boot-loader' && !byHand && (
          <Button variant="default" onClick={() => setByHand(true)}>
            It has no reset by USB: I press its buttons
          </Button>
        )}
        <div className="actions start">
          <Button
            leftSection={<IconUsb size={18} aria-hidden />}
            disabled={!file}
            loading={stage.at === 'flashing'}
            onClick={() => file && void flash(file)}
          >
            {stage.at === 'failed'
              ? 'Try again'
              : stage.at === 'written'
                ? 'Flash another board'
                : 'Choose the port and flash'}
          </Button>
          {stage.at === 'flashing' && (
            <Button variant="default" onClick={() => stop.current?.abort()}>
              Stop
            </Button>
          )}
        </div>
      </Card>
      {stage.at === 'written' && <PowerCycle since={stage.since} />}
    </>
  );
}

/** Over the cable goes what would be wrong over the air. */
const goesByCable: readonly WrongKind[] = ['merged-image', 'flash-dump', 'bootloader', 'partition-table', 'boot-app0'];

const faultByCable = (image: Identified): Problem | undefined =>
  image.kind === 'wrong' && goesByCable.includes(image.is) ? undefined : faultOf(image);

const osOf = (agent: string): 'linux' | 'macos' | 'windows' =>
  /Windows/.test(agent) ? 'windows' : /Mac OS/.test(agent) ? 'macos' : 'linux';

function Steps({ steps }: { readonly steps: readonly FlashingStep[] }) {
  const last = steps.at(-1);
  return (
    <div role="status">
      <ul className="cable">
        {steps.map((step) => (
          <li key={step.kind}>{words(step)}</li>
        ))}
      </ul>
      {last?.kind === 'writing' && (
        <Progress value={(100 * last.done) / Math.max(1, last.total)} size="md" aria-label="Written" />
      )}
    </div>
  );
}

function words(step: FlashingStep): string {
  switch (step.kind) {
    case 'connecting':
      return step.byHand ? 'Waiting for the boot loader …' : 'Calling the boot loader …';
    case 'found':
      return `${chipName(step.chip)} with ${formatBytes(step.flashBytes)} of flash, ${step.mac}`;
    case 'planned':
      return `${step.what}, ${formatBytes(step.pieces.reduce((sum, { bytes }) => sum + bytes, 0))}`;
    case 'erasing':
      return 'Erasing …';
    case 'writing':
      return `${formatBytes(step.done)} of ${formatBytes(step.total)} written`;
    case 'verified':
      return 'Read back, and right';
    case 'said':
      return step.words;
  }
}

/** An ESP8266 that was flashed over its cable can't restart by itself before it was without power once. */
function PowerCycle({ since }: { readonly since: number }) {
  const { data: devices = [] } = useQuery(askDevices);
  const news = devices.filter(
    ({ createdAt, lastSeen, presence }) => createdAt >= since || (presence === 'online' && (lastSeen ?? 0) >= since),
  );
  return (
    <Card title="3. Power off, power on">
      <p>
        Unplug the board, wait two seconds, and plug it in again. Until then it may start into the boot loader, and its
        first update over the air would fail.
      </p>
      {news.length > 0 ? (
        <ul className="plain-list" aria-live="polite">
          {news.map(({ id, name }) => (
            <li key={id}>
              <a href={hrefOf({ page: 'device', id })}>{name}</a> is here.
            </li>
          ))}
        </ul>
      ) : (
        <p className="nothing" role="status">
          If its sketch joins this network with ArduinoOTA or Blynk, it appears here by itself …
        </p>
      )}
    </Card>
  );
}
