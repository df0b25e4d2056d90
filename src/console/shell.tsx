/** The frame around every page: where one can go, and whether the hub is heard. */
import {
  IconBolt,
  IconCpu,
  IconLifebuoy,
  IconPackage,
  IconSettings,
  IconUsb,
  type TablerIcon,
} from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useRef } from 'react';
import type { Me } from '#hub/contract/index.ts';
import { useLive } from './live.ts';
import { DevicePage } from './pages/device.tsx';
import { Devices } from './pages/devices.tsx';
import { Boundary } from './parts/boundary.tsx';
import { Waiting } from './parts/small.tsx';
import { hrefOf, type Place } from './place.ts';

const Flash = lazy(() => import('./pages/flash.tsx'));
const Batch = lazy(() => import('./pages/batch.tsx'));
const UpdatePage = lazy(() => import('./pages/update.tsx'));
const FirmwarePage = lazy(() => import('./pages/firmware.tsx'));
const FirstFlash = lazy(() => import('./pages/first-flash.tsx'));
const Why = lazy(() => import('./pages/why.tsx'));
const SettingsPage = lazy(() => import('./pages/settings.tsx'));

interface Goal {
  readonly place: Place;
  readonly name: string;
  readonly Icon: TablerIcon;
  readonly under: readonly Place['page'][];
}
const goals: readonly Goal[] = [
  { place: { page: 'devices' }, name: 'Devices', Icon: IconCpu, under: ['devices', 'device'] },
  { place: { page: 'flash', to: [] }, name: 'Flash', Icon: IconBolt, under: ['flash', 'batch', 'update'] },
  { place: { page: 'firmware' }, name: 'Firmware', Icon: IconPackage, under: ['firmware'] },
  { place: { page: 'first-flash' }, name: 'First flash', Icon: IconUsb, under: ['first-flash'] },
  { place: { page: 'why' }, name: 'Why did it fail?', Icon: IconLifebuoy, under: ['why'] },
  { place: { page: 'settings' }, name: 'Settings', Icon: IconSettings, under: ['settings'] },
];

export function Shell({ me, place }: { readonly me: Me; readonly place: Place }) {
  const heard = useLive();
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  const where = JSON.stringify([place.page, 'id' in place && place.id]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is for a new place, whatever else changes.
  useEffect(() => {
    // Those who hear the page or use the keyboard begin at the top of a new place.
    if (!first.current) main.current?.focus({ preventScroll: true });
    first.current = false;
    scrollTo(0, 0);
  }, [where]);
  return (
    <div className="shell">
      <button type="button" className="skip" onClick={() => main.current?.focus()}>
        Skip to the page
      </button>
      <nav className="rail" aria-label="Console">
        <p className="brand">
          <img src="./icon.svg" alt="" width="28" height="28" />
          WhyOTA
        </p>
        <ul>
          {goals.map(({ place: goal, name, Icon, under }) => (
            <li key={name}>
              <a href={hrefOf(goal)} aria-current={under.includes(place.page) ? 'page' : undefined}>
                <Icon size={20} stroke={1.7} aria-hidden />
                <span>{name}</span>
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <main ref={main} id="content" tabIndex={-1}>
        {!heard && (
          <p className="lost" role="status">
            The hub is not heard. What you see may be old; it goes on by itself when the hub answers.
          </p>
        )}
        <Boundary where={where}>
          <Suspense fallback={<Waiting what="Loading" />}>
            <Page place={place} me={me} />
          </Suspense>
        </Boundary>
      </main>
    </div>
  );
}

function Page({ place, me }: { readonly place: Place; readonly me: Me }) {
  switch (place.page) {
    case 'device':
      return <DevicePage key={place.id} id={place.id} />;
    case 'flash':
      return <Flash to={place.to} firmware={place.firmware} />;
    case 'batch':
      return <Batch key={place.id} id={place.id} />;
    case 'update':
      return <UpdatePage key={place.id} id={place.id} />;
    case 'firmware':
      return <FirmwarePage />;
    case 'first-flash':
      return <FirstFlash />;
    case 'why':
      return <Why />;
    case 'settings':
      return <SettingsPage me={me} />;
    default:
      return <Devices />;
  }
}
