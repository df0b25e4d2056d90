/** The hub's settings, tokens for programs, and who did what. */
import { Button, NativeSelect, SegmentedControl, TextInput, useMantineColorScheme } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Me, Scope } from '#hub/contract/index.ts';
import { askAudit, askSettings, askStatus, askTokens, useCall } from '../data.ts';
import { ProblemNote, say, tell } from '../parts/problem.tsx';
import { Ago, Card, Facts, Head, Secret, Waiting } from '../parts/small.tsx';
import { exactly } from '../words.ts';

export default function SettingsPage({ me }: { readonly me: Me }) {
  const { data: status } = useQuery(askStatus);
  return (
    <>
      <Head title="Settings" sub={status && `WhyOTA ${status.version}`} />
      <div className="two even">
        <div>
          <You me={me} />
          {me.scope === 'admin' && <HubSettings />}
        </div>
        <div>{me.scope === 'admin' && <Tokens />}</div>
      </div>
      {me.scope === 'admin' && <Audit />}
    </>
  );
}

function You({ me }: { readonly me: Me }) {
  const queries = useQueryClient();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const leave = useCall('DELETE /api/session', () => {
    queries.clear();
    location.reload();
  });
  return (
    <Card title="You">
      <Facts
        facts={[
          ['Name', me.name],
          ['May', scopeWords[me.scope]],
        ]}
      />
      <p className="labelled">Look</p>
      <SegmentedControl
        aria-label="Look"
        data={[
          { value: 'auto', label: 'As the system' },
          { value: 'light', label: 'Light' },
          { value: 'dark', label: 'Dark' },
        ]}
        value={colorScheme}
        onChange={(value) => setColorScheme(value as typeof colorScheme)}
      />
      {me.scope === 'admin' && (
        <p className="fine spaced">
          A new password: run <code>whyota hub --reset-owner</code> on the hub’s computer, and open the link that it
          prints.
        </p>
      )}
      <div className="actions">
        <Button variant="default" loading={leave.isPending} onClick={() => leave.mutate({}, { onError: tell })}>
          Log out
        </Button>
      </div>
    </Card>
  );
}

function HubSettings() {
  const { data, error } = useQuery(askSettings);
  if (error) return <ProblemNote error={error} />;
  return (
    <Card title="Hub">
      {data ? <SettingFields webhook={data.webhook ?? ''} keepPins={data.keepPins} /> : <Waiting what="Asking" />}
    </Card>
  );
}

function SettingFields(was: { readonly webhook: string; readonly keepPins: number | undefined }) {
  const [webhook, setWebhook] = useState(was.webhook);
  const [keep, setKeep] = useState(String(was.keepPins ?? ''));
  const change = useCall('PATCH /api/settings', (queries, settings) =>
    queries.setQueryData(askSettings.queryKey, settings),
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const body = { webhook: webhook.trim() || null, ...(keep && { keepPins: Number(keep) }) };
        change.mutate({ body }, { onSuccess: () => say('Saved.') });
      }}
    >
      <TextInput
        label="Webhook"
        description="Is told by POST, as JSON, when a board vanishes, comes and goes, notifies, or an update ends."
        placeholder="https://example.org/hook"
        type="url"
        value={webhook}
        onChange={(event) => setWebhook(event.currentTarget.value)}
      />
      <TextInput
        label="Days that pin values are kept"
        description="Hourly means are kept for two years."
        inputMode="numeric"
        pattern="[0-9]{1,4}"
        value={keep}
        onChange={(event) => setKeep(event.currentTarget.value)}
      />
      {change.error && <ProblemNote error={change.error} />}
      <div className="actions">
        <Button type="submit" loading={change.isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}

const scopeWords: Readonly<Record<Scope, string>> = {
  read: 'see everything',
  control: 'see, move pins, restart',
  flash: 'see, control, flash',
  admin: 'do everything',
};

function Tokens() {
  const { data: tokens, error } = useQuery(askTokens);
  const [name, setName] = useState('');
  const [scope, setScope] = useState<Scope>('read');
  const make = useCall('POST /api/tokens', (queries) => {
    setName('');
    void queries.invalidateQueries(askTokens);
  });
  const end = useCall('DELETE /api/tokens/:id', (queries) => queries.invalidateQueries(askTokens));
  return (
    <Card title="Tokens for programs">
      <p>
        A script, Home Assistant or another computer’s command line gets in with a token, and may do no more than it
        says.
      </p>
      {error && <ProblemNote error={error} />}
      <ul className="plain-list">
        {tokens?.map(({ id, name: called, scope: may, createdAt, usedAt }) => (
          <li key={id} className="token">
            <div>
              <b>{called}</b> <span className="label">{may}</span>
              <small>
                made <Ago at={createdAt} />,{' '}
                {usedAt === undefined ? (
                  'never used'
                ) : (
                  <>
                    used <Ago at={usedAt} />
                  </>
                )}
              </small>
            </div>
            <Button
              variant="subtle"
              color="red"
              size="compact-sm"
              aria-label={`End ${called}`}
              onClick={() => end.mutate({ params: { id } }, { onError: tell })}
            >
              End
            </Button>
          </li>
        ))}
      </ul>
      {make.data && <Secret label="Shown only now" text={make.data.token} />}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate({ body: { name: name.trim(), scope } });
        }}
      >
        <div className="pair">
          <TextInput
            label="For"
            placeholder="Home Assistant"
            value={name}
            maxLength={64}
            required
            withAsterisk={false}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <NativeSelect
            label="May"
            data={Object.entries(scopeWords).map(([value, label]) => ({ value, label }))}
            value={scope}
            onChange={(event) => setScope(event.currentTarget.value as Scope)}
          />
        </div>
        {make.error && <ProblemNote error={make.error} />}
        <div className="actions">
          <Button type="submit" variant="light" loading={make.isPending}>
            Make a token
          </Button>
        </div>
      </form>
    </Card>
  );
}

function Audit() {
  const { data: lines, error } = useQuery(askAudit);
  return (
    <Card title="Who did what">
      {error && <ProblemNote error={error} />}
      {lines && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
        <ol className="log" tabIndex={0} aria-label="Who did what, newest first">
          {lines.map(({ id, at, who, what, whom, detail }) => (
            <li key={id}>
              <time dateTime={new Date(at).toISOString()} title={exactly(at)}>
                {new Date(at).toLocaleString()}
              </time>
              <span className="text">
                <b className="kind">{who}</b>
                {[what, whom, detail].filter(Boolean).join(' · ')}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}
