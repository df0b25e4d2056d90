// How soon the console is there, and how it does with 10,000 devices: Chromium, a hub of this process, its real API.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { newId } from '#hub/ids.ts';
import { buildConsole } from '../scripts/build-console.ts';
import { launchChromium } from '../scripts/chromium.ts';
import { type Before, runHub } from '../test/console.fixture.ts';
import { median, printTable } from './print.ts';

const devices = 10_000;
const rounds = 5;
const targets = { paint: 1500, list: 200 };

export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'whyota-console-'));
  const { firstBytes } = await buildConsole(folder);
  const running = await runHub('127.0.35.3', folder, fill);
  const browser = await launchChromium();
  try {
    const state = await owner(browser, running.ownerLink);
    const found = { paint: [] as number[], list: [] as number[], back: [] as number[], search: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      // A context of its own has an empty cache.
      const context = await browser.newContext({ storageState: state, reducedMotion: 'reduce' });
      const page = await context.newPage();
      await page.addInitScript(noteFirstRow);
      await page.goto(`${running.url}/#/devices`);
      await page.locator('.row').first().waitFor();
      found.paint.push(await number(page, `performance.getEntriesByName('first-contentful-paint')[0].startTime`));
      found.list.push(await number(page, sinceAnswer));
      found.search.push(await number(page, search));
      found.back.push(await number(page, back));
      await context.close();
    }
    const row = (what: string, values: readonly number[], target: number): string[] => [
      what,
      `${median(values).toFixed(0)} ms`,
      `${Math.max(...values).toFixed(0)} ms`,
      `${target} ms`,
    ];
    console.log(
      `first screen: ${(firstBytes / 1024).toFixed(0)} KB compressed; ${devices} devices, ${rounds} rounds\n`,
    );
    printTable(
      ['', 'median', 'worst', 'target'],
      [
        row('first paint, empty cache', found.paint, targets.paint),
        row('list drawn, from the answer', found.list, targets.list),
        row('list found through, from the key', found.search, targets.list),
        row('list drawn, back from a device', found.back, targets.list),
      ],
    );
  } finally {
    await browser.close();
    await running.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fill({ db }: Before): Promise<void> {
  const row = (at: number) => ({
    id: newId(),
    name: `node-${at}`,
    ways: '["espota"]',
    tags: at % 3 ? '[]' : '["light"]',
    created_at: Date.now(),
    address: `10.1.${at >> 8}.${at & 255}`,
    port: 8266,
    mac: (0x5ccf7f000000 + at).toString(16),
    family: 'esp8266',
    core: '3.1.2',
    firmware: 'sensor',
    build: `1.${at % 9}`,
    group_name: `Floor ${at % 5}`,
  });
  await db.transaction().execute(async (step) => {
    for (let from = 0; from < devices; from += 500)
      await step
        .insertInto('devices')
        .values(Array.from({ length: 500 }, (_, at) => row(from + at)) as never)
        .execute();
  });
}

async function owner(browser: Browser, link: string) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(link);
  await page.getByLabel('Name').fill('anna');
  await page.getByRole('textbox', { name: 'Password' }).fill('a short sentence');
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.locator('.row').first().waitFor();
  const state = await context.storageState();
  await context.close();
  return state;
}

const number = async (page: Page, script: string): Promise<number> => Number(await page.evaluate(script));

/** Runs in the page, before it: when the first row was drawn. */
const noteFirstRow = `new MutationObserver((_, observer) => {
  if (!document.querySelector('.row')) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => { globalThis.firstRow = performance.now(); }));
}).observe(document, { childList: true, subtree: true })`;

const sinceAnswer = `new Promise((done) => setTimeout(() => {
  const [answer] = performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/api/devices'));
  done(globalThis.firstRow - answer.responseEnd);
}, 50))`;

const drawn = `const drawn = (is) => new Promise((done) => {
  const look = () => is() ? requestAnimationFrame(() => setTimeout(() => done(performance.now()))) : setTimeout(look, 1);
  look();
});`;

const search = `(async () => {
  ${drawn}
  const field = document.querySelector('[aria-label="Search"]');
  const begun = performance.now();
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, 'node-9999');
  field.dispatchEvent(new Event('input', { bubbles: true }));
  return (await drawn(() => document.querySelectorAll('.row').length === 1)) - begun;
})()`;

const back = `(async () => {
  ${drawn}
  document.querySelector('.row a').click();
  await drawn(() => document.querySelector('.back'));
  const begun = performance.now();
  document.querySelector('.back').click();
  return (await drawn(() => document.querySelectorAll('.row').length > 5)) - begun;
})()`;
