/** Elements, made of tags, attributes and text. There is no way to hand in HTML: what comes from outside stays text. */
export type Child = Node | string | false | undefined | readonly Child[];

type Attributes = Readonly<Record<string, string | boolean | ((event: Event) => void) | undefined>>;

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, '');
    else if (typeof value === 'string') element.setAttribute(name, value);
  }
  append(element, children);
  return element;
}

function append(element: HTMLElement, children: readonly Child[]): void {
  for (const child of children) {
    if (typeof child === 'string') element.append(visible(child));
    else if (child instanceof Node) element.append(child);
    else if (child) append(element, child);
  }
}

/** Characters that turn the direction of text around are shown as what they are: they can make a line look like another. */
const visible = (text: string): string =>
  text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, '\uFFFD');

/** The element of the page with this id. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no element #${id}`);
  return element as T;
}

/** A sentence: first letter large, full stop. */
export const sentence = (text: string): string => {
  const whole = text.trim();
  return `${whole.charAt(0).toUpperCase()}${whole.slice(1)}${/[.!?…:]$/.test(whole) ? '' : '.'}`;
};

/** Text whose `code` and menu entries (Tools > Flash Size > …) stand out. */
export const prose = (text: string): Child[] =>
  text.split(/(`[^`]+`|\b(?:Tools|File|Sketch)(?: > [^.,;:]+)+)/).map((part) => {
    if (/^`.+`$/.test(part)) return h('code', {}, part.slice(1, -1));
    return / > /.test(part) ? h('b', { class: 'menu' }, part) : part;
  });

/** Puts text on the clipboard; false when the browser does not let us. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
