import { createElement, Fragment } from 'react';

/** Text whose `code` and menu entries (Tools > Flash Size > …) stand out. */
export const Prose = ({ text }: { readonly text: string }) => createElement(Fragment, null, ...partsOf(text));

const partsOf = (text: string) => text.split(/(`[^`]+`|\b(?:Tools|File|Sketch)(?: > [^.,;:]+)+)/).map(shown);

const shown = (part: string) => {
  if (/^`.+`$/.test(part)) return <code>{part.slice(1, -1)}</code>;
  return / > /.test(part) ? <b>{part}</b> : part;
};
