// Pictures of the page for the docs: on a desk, on a phone, light and dark, with the answer to a beginner's question.
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { launchChromium } from './chromium.ts';

const desk = { width: 1360, height: 900 };
const phone = { width: 390, height: 844 };

interface Shot {
  readonly name: string;
  readonly viewport: { readonly width: number; readonly height: number };
  readonly scheme?: 'dark';
  /** Which example to press; none: the page as it opens. */
  readonly example?: string;
}

const example = 'No response from device';
const shots: readonly Shot[] = [
  { name: 'page-desk', viewport: desk, example },
  { name: 'page-desk-dark', viewport: desk, example, scheme: 'dark' },
  { name: 'page-desk-empty', viewport: desk },
  { name: 'page-phone', viewport: phone, example },
  { name: 'page-phone-dark', viewport: phone, example, scheme: 'dark' },
  { name: 'page-phone-empty', viewport: phone },
];

export async function takeScreenshots(file: string, folder = 'docs/images'): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const browser = await launchChromium();
  try {
    for (const shot of shots) await take(browser, file, shot, folder);
  } finally {
    await browser.close();
  }
}

async function take(browser: Browser, file: string, shot: Shot, folder: string): Promise<void> {
  const context = await browser.newContext({
    viewport: shot.viewport,
    deviceScaleFactor: shot.viewport === phone ? 2 : 1,
    colorScheme: shot.scheme ?? 'light',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(error));
  page.on('console', (message) => console.error(message.text()));
  await page.goto(pathToFileURL(resolve(file)).href);
  if (shot.example) {
    await page.getByRole('button', { name: shot.example }).click();
    await page.getByText('In your sketch').waitFor();
  }
  const path = `${folder}/${shot.name}.png`;
  await page.screenshot({ path, fullPage: shot.viewport === phone && !shot.example });
  console.log(path);
  await context.close();
}
