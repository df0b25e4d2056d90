// Pictures of the console for the docs: every page, with virtual boards in a hub of this process.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { makeEsp8266Image } from '#firmware/make.ts';
import { type Before, type RunningHub, runHub } from '../test/console.fixture.ts';
import { buildConsole } from './build-console.ts';
import { launchChromium } from './chromium.ts';

const folder = 'docs/images/console';
const desk = { viewport: { width: 1280, height: 820 } };
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const address = '127.0.35.5';

const boards = [
  { name: 'kitchen-lamp', address: '127.0.35.21', layout: '4M2M', group: 'Ground floor', tags: ['light'], pull: true },
  { name: 'aquarium', address: '127.0.35.22', layout: '1M512', group: 'Ground floor', tags: [], running: 253_168 },
  { name: 'garage-door', address: '127.0.35.23', layout: '4M2M', group: 'Outside', tags: [], password: 'changed' },
  { name: 'greenhouse', address: '127.0.35.24', layout: '4M2M', group: 'Outside', tags: ['sensor'], pull: true },
] as const;

const lamp = makeEsp8266Image({ bytes: 253_168, core: '3.1.2' });
const file = { name: 'lamp.ino.bin', mimeType: '', buffer: Buffer.from(lamp) };

async function fill({ at: itIs, devices, pins, firmwares, known }: Before): Promise<void> {
  for (const { name, address: at, layout, group, tags, ...more } of boards) {
    const runningBytes = 'running' in more ? more.running : 300_000;
    const about = { family: 'esp8266', board: 'NodeMCU', core: '3.1.2', port: 8266, runningBytes, signal: -61 };
    const id = await known({ name, address: at, ...about });
    await devices.change(id, { layout, group, tags: [...tags] });
    if (name !== 'kitchen-lamp') continue;
    // A day of temperatures.
    const until = Date.now();
    for (let ago = 24 * 60; ago > 0; ago -= 20) {
      itIs(until - ago * 60_000);
      pins.set(id, 'V5', [(20.5 + 2.4 * Math.sin(ago / 230) + 0.3 * Math.sin(ago / 17)).toFixed(1)]);
      await pins.flush();
    }
    itIs(until);
    for (const [pin, value, change] of [
      ['V0', '1', { name: 'Lamp', control: 'switch', min: 0, max: 1 }],
      ['V1', '180', { name: 'Brightness', control: 'slider', min: 0, max: 255 }],
      ['V5', '21.4', { name: 'Temperature', control: 'value', unit: '°C' }],
      ['V9', 'Good morning', { name: 'Display', control: 'text' }],
    ] as const) {
      pins.set(id, pin, [value]);
      await pins.change(id, pin, change);
    }
    await devices.log(id, 'print', 'lamp 1.3, 21.4 °C');
    await devices.log(id, 'notify', 'Somebody is at the door');
  }
  await devices.knocked({ way: 'blynk', address: '192.168.1.57', token: 'f00dcafe'.repeat(4) });
  const older = makeEsp8266Image({ bytes: 250_000, core: '3.1.2', seed: 2 });
  await firmwares.add(older, { name: 'lamp.ino.bin', version: '1.3', notes: 'Fades in.', by: 'anna' });
}

async function startBoards(url: string): Promise<readonly ChildProcess[]> {
  const started: ChildProcess[] = [];
  for (const { name, address: at, layout, ...more } of boards) {
    const words = ['sim', '--json', '--boot-time', '1', '--name', name, '--address', at, '--layout', layout];
    if ('running' in more) words.push('--running', String(more.running));
    if ('password' in more) words.push('--password', more.password);
    if ('pull' in more) words.push('--pull', `${url}/update`, '--pull-every', '2');
    const child = spawn(process.execPath, ['src/cli/main.ts', ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
    started.push(child);
    await new Promise<void>((ready) => createInterface(child.stdout!).once('line', () => ready()));
  }
  return started;
}

async function take(browser: Browser, running: RunningHub): Promise<void> {
  const open = async (options: BrowserContextOptions): Promise<Page> => {
    const page = await (await browser.newContext({ reducedMotion: 'reduce', ...options })).newPage();
    page.on('pageerror', (error) => console.error(error));
    page.on('console', (message) => console.error(message.text()));
    return page;
  };
  const shot = async (page: Page, name: string, fullPage = false): Promise<void> => {
    while ((await page.locator('.waiting').count()) > 0) await page.waitForTimeout(50);
    await page.waitForTimeout(250);
    await page.screenshot({ path: `${folder}/${name}.png`, fullPage });
    console.log(`${folder}/${name}.png`);
  };
  const page = await open(desk);
  const go = async (fragment: string, on: Page = page): Promise<void> => {
    await on.goto(`${running.url}/#/${fragment}`);
    await on.locator('h1').waitFor();
  };
  const choose = async (firmware: typeof file): Promise<void> => {
    await go('devices');
    await go('flash');
    await page.locator('input[type=file]').setInputFiles(firmware);
  };

  await page.goto(running.ownerLink);
  await page.getByLabel('Name').fill('anna');
  await shot(page, 'first-start');
  await page.getByRole('textbox', { name: 'Password' }).fill('a short sentence');
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.locator('.row', { hasText: 'Online' }).nth(3).waitFor();
  const storageState = await page.context().storageState();

  await choose(file);
  await page.getByRole('checkbox', { name: /aquarium/ }).check();
  await shot(page, 'flash-does-not-fit', true);
  await page.getByRole('checkbox', { name: /aquarium/ }).uncheck();
  await page.getByRole('checkbox', { name: /greenhouse/ }).check();
  await shot(page, 'flash', true);
  await page.getByRole('checkbox', { name: /kitchen-lamp/ }).check();
  await page.getByRole('checkbox', { name: /garage-door/ }).check();
  await page.getByRole('button', { name: /^Flash 3/ }).click();
  await page.locator('.update', { hasText: 'Sending' }).first().waitFor();
  await shot(page, 'flashing');
  await page.locator('.update', { hasText: 'Confirmed' }).nth(1).waitFor({ timeout: 60_000 });
  await page.getByText('Why garage-door failed').waitFor({ timeout: 60_000 });
  await shot(page, 'flashed', true);
  await page.locator('.update', { hasText: 'kitchen-lamp' }).locator('a').click();
  await page.getByText('Transcript').waitFor();
  await shot(page, 'update', true);

  await go('devices');
  await shot(page, 'devices');
  await page.getByRole('link', { name: /^kitchen-lamp/ }).click();
  await page.getByRole('button', { name: 'History of Temperature' }).click();
  await shot(page, 'device', true);
  for (const name of ['firmware', 'first-flash', 'settings']) {
    await go(name);
    await shot(page, name);
  }
  await go('why');
  await page.getByRole('button', { name: 'No response from device' }).click();
  await page.getByText('In your sketch').waitFor();
  await shot(page, 'why');

  const dark = await open({ ...desk, colorScheme: 'dark', storageState });
  await go('devices', dark);
  await shot(dark, 'devices-dark');
  const small = await open({ ...phone, colorScheme: 'dark', storageState });
  await go('devices', small);
  await shot(small, 'phone-devices');
  await small.getByRole('link', { name: /^kitchen-lamp/ }).click();
  await small.locator('.pin').first().waitFor();
  await shot(small, 'phone-device');
}

/** A hub that nobody has used yet. */
async function takeEmpty(browser: Browser, built: string): Promise<void> {
  const running = await runHub('127.0.35.6', built);
  const page = await (await browser.newContext({ ...desk, reducedMotion: 'reduce' })).newPage();
  await page.goto(running.ownerLink);
  await page.getByLabel('Name').fill('anna');
  await page.getByRole('textbox', { name: 'Password' }).fill('a short sentence');
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.getByText('No boards yet').waitFor();
  await page.screenshot({ path: `${folder}/no-boards.png` });
  await running.close();
}

mkdirSync(folder, { recursive: true });
const built = mkdtempSync(join(tmpdir(), 'whyota-console-'));
await buildConsole(built);
const browser = await launchChromium();
let children: readonly ChildProcess[] = [];
try {
  await takeEmpty(browser, built);
  const running = await runHub(address, built, fill);
  children = await startBoards(running.url);
  await take(browser, running);
  await running.close();
} finally {
  await browser.close();
  for (const child of children) child.kill();
  rmSync(built, { recursive: true, force: true });
}
