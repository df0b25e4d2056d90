/** Log in. */
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { remember } from '../api.ts';
import { askMe, useCall } from '../data.ts';
import { ProblemNote } from '../parts/problem.tsx';
import { Alone } from './alone.tsx';

export function Enter() {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const enter = useCall('POST /api/session', (queries, me) => {
    queries.setQueryData(askMe.queryKey, remember(me));
    void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' });
  });
  return (
    <Alone title="Log in">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          enter.mutate({ body: { name, password } });
        }}
      >
        <TextInput
          label="Name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          autoComplete="username"
          autoFocus
          required
          withAsterisk={false}
        />
        <PasswordInput
          label="Password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          required
          withAsterisk={false}
        />
        {enter.error && <ProblemNote error={enter.error} />}
        <Button type="submit" loading={enter.isPending} fullWidth size="md">
          Log in
        </Button>
        <p className="fine">
          Forgotten? Start the hub once with <code>whyota hub --reset-owner</code>: it prints a new link.
        </p>
      </form>
    </Alone>
  );
}
