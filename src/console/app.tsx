/** Who may see the console: first the owner is made, then one logs in, then all pages are there. */
import { useQuery } from '@tanstack/react-query';
import { Refused } from './api.ts';
import { askMe, askStatus } from './data.ts';
import { Enter } from './pages/enter.tsx';
import { Start } from './pages/start.tsx';
import { ProblemNote } from './parts/problem.tsx';
import { Waiting } from './parts/small.tsx';
import { Shell } from './shell.tsx';
import { usePlace } from './use-place.ts';

export function App() {
  const place = usePlace();
  const status = useQuery(askStatus);
  const me = useQuery({ ...askMe, enabled: status.data?.hasOwner === true });
  if (place.page === 'start') return <Start secret={place.secret} hasOwner={status.data?.hasOwner === true} />;
  if (status.data?.hasOwner === false) return <Start secret="" hasOwner={false} />;
  if (me.error instanceof Refused && me.error.status === 401) return <Enter />;
  if (me.data) return <Shell me={me.data} place={place} />;
  const error = status.error ?? me.error;
  return <main className="alone">{error ? <ProblemNote error={error} /> : <Waiting what="Asking the hub" />}</main>;
}
