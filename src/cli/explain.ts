/** whyota explain: the page on one cause, or the list of all. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { causeOf, causes, pageOf } from '#doctor/index.ts';
import { done, type Ending, type Setting, usage } from './command.ts';

export async function explain(
  [id]: readonly string[],
  _options: Record<string, unknown>,
  { desk }: Setting,
): Promise<Ending> {
  if (!id) {
    const widest = Math.max(...causes.map((cause) => cause.id.length));
    for (const cause of causes) {
      desk.say(`${cause.id.padEnd(widest)}  ${cause.title}`);
      desk.event({ type: 'cause', id: cause.id, title: cause.title });
    }
    return done;
  }
  const cause = causeOf(id);
  if (!cause) {
    const near = causes.filter((one) => one.id.includes(id)).map((one) => one.id);
    return usage(
      `"${id}" is not a cause that WhyOTA knows`,
      near.length ? `did you mean ${near.join(', ')}?` : '`whyota explain` lists them all',
    );
  }
  const page = await readPage(id);
  desk.say(page.trimEnd());
  desk.event({ type: 'page', id, title: cause.title, text: page });
  return done;
}

/** From the docs folder of the checkout, or of the installed package. */
async function readPage(id: string): Promise<string> {
  for (const root of ['../../', '../'])
    try {
      return await readFile(fileURLToPath(new URL(root + pageOf(id), import.meta.url)), 'utf8');
    } catch {
      // the other place
    }
  throw new Error(`the page of ${id} is missing beside the program`);
}
