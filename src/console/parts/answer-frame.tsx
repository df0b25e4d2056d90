/** Elements of the page "Why did my upload fail?" with that page's style, which reaches nothing else. */
import { useComputedColorScheme } from '@mantine/core';
import { useLayoutEffect, useRef } from 'react';
import style from '../../page/style.css?inline';

/** Its colours follow the console's choice instead of the system's alone. */
const [day = '', night = ''] =
  /:root \{(.*?)\}\s*@media \(prefers-color-scheme: dark\) \{\s*:root \{(.*?)\}\s*\}/s.exec(style)?.slice(1) ?? [];
const frame = `
  :host { ${day} font-size: 1rem; color: var(--ink); display: block; }
  :host([data-dark]) { ${night} color-scheme: dark; }
  .card { border: 0; padding: 0; background: none; }
`;

export function AnswerFrame({ content }: { readonly content: HTMLElement | undefined }) {
  const place = useRef<HTMLDivElement>(null);
  const dark = useComputedColorScheme('light', { getInitialValueInEffect: false }) === 'dark';
  useLayoutEffect(() => {
    const host = place.current!;
    const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
    if (root.adoptedStyleSheets.length === 0) root.adoptedStyleSheets = [sheet(style), sheet(frame)];
    const open = new Map(
      [...root.querySelectorAll<HTMLDetailsElement>('details[id]')].map(({ id, open }) => [id, open]),
    );
    root.replaceChildren(...(content ? [content] : []));
    for (const details of root.querySelectorAll<HTMLDetailsElement>('details[id]'))
      details.open = open.get(details.id) ?? details.open;
  }, [content]);
  return <div ref={place} data-dark={dark || undefined} />;
}

function sheet(text: string): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
}
