/** What the doctor found by probing a device now. */
import { lazy, Suspense } from 'react';
import type { useCall } from '../data.ts';
import { ProblemNote } from './problem.tsx';
import { Card, Waiting } from './small.tsx';

const Diagnosis = lazy(() => import('./diagnosis.tsx'));

type Call = ReturnType<typeof useCall<'POST /api/devices/:id/diagnose'>>;

export function Diagnosing({ diagnose }: { readonly diagnose: Call }) {
  if (diagnose.isPending)
    return (
      <Card>
        <Waiting what="Asking the board and the network" />
      </Card>
    );
  if (diagnose.error) return <ProblemNote error={diagnose.error} />;
  return diagnose.data ? (
    <Suspense fallback={<Waiting what="Loading" />}>
      <Card title="Diagnosis">
        <Diagnosis of={diagnose.data.diagnosis} />
      </Card>
    </Suspense>
  ) : null;
}
