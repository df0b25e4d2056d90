/** First start: the one-time link makes the owner's account. */
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { remember } from '../api.ts';
import { askMe, askStatus, useCall } from '../data.ts';
import { ProblemNote } from '../parts/problem.tsx';
import { hrefOf } from '../place.ts';
import { moveTo } from '../use-place.ts';
import { Alone } from './alone.tsx';

const shortest = 10;

export function Start({ secret, hasOwner }: { readonly secret: string; readonly hasOwner: boolean }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const make = useCall('POST /api/owner', (queries, me) => {
    moveTo({ page: 'devices' });
    queries.setQueryData(askStatus.queryKey, (status) => status && { ...status, hasOwner: true });
    queries.setQueryData(askMe.queryKey, remember(me));
  });
  if (!secret)
    return (
      <Alone title="Welcome">
        <p>
          This hub has no owner yet. Open the one-time link that <code>whyota hub</code> printed when it started: it
          leads to this page and lets you choose a name and a password.
        </p>
        <p className="fine">The link is lost? Stop the hub and start it again: it prints a new one.</p>
      </Alone>
    );
  return (
    <Alone title={hasOwner ? 'Choose a new password' : 'Welcome'}>
      <p>
        {hasOwner
          ? 'This link makes a new owner account in place of the one before.'
          : 'This hub is yours once you choose a name and a password. You need them to log in, here and on other devices.'}
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate({ body: { link: secret, name, password } });
        }}
      >
        <TextInput
          label="Name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          autoComplete="username"
          autoFocus
          required
          maxLength={64}
          withAsterisk={false}
        />
        <PasswordInput
          label="Password"
          description={`At least ${shortest} characters; a short sentence is easy to remember.`}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="new-password"
          minLength={shortest}
          required
          withAsterisk={false}
        />
        {make.error && <ProblemNote error={make.error} />}
        <Button type="submit" loading={make.isPending} fullWidth size="md">
          Make the account
        </Button>
      </form>
      {hasOwner && (
        <p className="fine">
          <a href={hrefOf({ page: 'devices' })}>Log in instead</a>
        </p>
      )}
    </Alone>
  );
}
