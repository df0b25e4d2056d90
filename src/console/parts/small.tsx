/** Small things that many pages show. */
import { Loader } from '@mantine/core';
import { type ReactNode, useEffect, useState, useSyncExternalStore } from 'react';
import { ago, exactly, type Tone } from '../words.ts';
import { copyText } from './copy.ts';

/** A coloured dot with its words: nothing is said by colour alone. */
export const Mark = ({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) => (
  <span className={`mark ${tone}`}>{children}</span>
);

export const Waiting = ({ what }: { readonly what: string }) => (
  <p className="waiting" role="status">
    <Loader size="sm" aria-hidden /> {what} …
  </p>
);

/** The heading of a page, with what one can do there. */
export function Head({
  title,
  children,
  sub,
}: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly sub?: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} – WhyOTA`;
  }, [title]);
  return (
    <header className="head">
      <div>
        <h1>{title}</h1>
        {sub && <p className="sub">{sub}</p>}
      </div>
      {children && <div className="actions">{children}</div>}
    </header>
  );
}

export const Card = ({
  title,
  children,
  actions,
}: {
  readonly title?: string;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}) => (
  <section className="card">
    {title && (
      <div className="card-head">
        <h2>{title}</h2>
        {actions}
      </div>
    )}
    {children}
  </section>
);

let now = Date.now();
const listeners = new Set<() => void>();
setInterval(() => {
  now = Date.now();
  for (const told of listeners) told();
}, 20_000);
const watch = (told: () => void): (() => void) => {
  listeners.add(told);
  return () => listeners.delete(told);
};

/** How long ago, kept true. */
export function Ago({ at }: { readonly at: number }) {
  const then = useSyncExternalStore(watch, () => ago(at, now));
  return (
    <time dateTime={new Date(at).toISOString()} title={exactly(at)}>
      {then}
    </time>
  );
}

/** Name and value, one under the other on a phone. */
export const Facts = ({ facts }: { readonly facts: readonly (readonly [string, ReactNode])[] }) => (
  <dl className="facts">
    {facts
      .filter(([, value]) => value !== undefined && value !== false && value !== '')
      .map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
  </dl>
);

/** What is seen once and must be taken along. */
export const Secret = ({ label, text }: { readonly label: string; readonly text: string }) => (
  <p className="secret">
    <span>{label}</span>
    <code>{text}</code>
    <Copy text={text} />
  </p>
);

export function Copy({ text }: { readonly text: string }) {
  const [words, setWords] = useState('Copy');
  return (
    <button
      type="button"
      className="plain"
      onClick={async () => setWords((await copyText(text)) ? 'Copied' : 'Copy it by hand')}
    >
      {words}
    </button>
  );
}
