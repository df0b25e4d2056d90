/** Nothing is here yet: three ways to get a board here. */
import { Button } from '@mantine/core';
import { IconBroadcast, IconPlugConnected, IconUsb } from '@tabler/icons-react';
import { hrefOf } from '../place.ts';
import { serverWords } from '../words.ts';
import { Copy } from './small.tsx';

const begin = (): string => `Blynk.begin(auth, ssid, pass, ${serverWords()});`;

export const NoDevices = ({ add }: { readonly add: () => void }) => (
  <section className="empty" aria-label="No boards yet">
    <h2>No boards yet. Three ways to get one here:</h2>
    <div className="ways">
      <div className="card">
        <IconBroadcast size={30} stroke={1.5} aria-hidden />
        <h3>It is on this network already</h3>
        <p>
          Boards with <code>ArduinoOTA</code>, ESPHome, WLED or Tasmota announce themselves. Switch one on: it appears
          here within a minute.
        </p>
      </div>
      <div className="card">
        <IconPlugConnected size={30} stroke={1.5} aria-hidden />
        <h3>Its sketch uses Blynk</h3>
        <p>
          Put this address in place of the old server’s. A board with an unknown token knocks here, and you let it in.
        </p>
        <p className="secret">
          <code>{begin()}</code>
          <Copy text={begin()} />
        </p>
        <Button variant="light" onClick={add}>
          Make a token for it
        </Button>
      </div>
      <div className="card">
        <IconUsb size={30} stroke={1.5} aria-hidden />
        <h3>It is new, or only on a cable</h3>
        <p>Its first firmware goes over USB. From then on it is updated over the air.</p>
        <Button variant="light" component="a" href={hrefOf({ page: 'first-flash' })}>
          First flash
        </Button>
      </div>
    </div>
  </section>
);
