import { type ReactNode, useEffect } from 'react';

/** A page before login: one thing to do, in the middle. */
export function Alone({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} – WhyOTA`;
  }, [title]);
  return (
    <main className="alone">
      <p className="brand">
        <img src="./icon.svg" alt="" width="36" height="36" />
        WhyOTA
      </p>
      <div className="card">
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  );
}
