// The console in Chromium, against a hub of this process and virtual boards on real sockets.
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { rolldown } from 'rolldown';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeEsp8266Image } from '#firmware/make.ts';
import { buildConsole } from '../scripts/build-console.ts';
import { launchChromium } from '../scripts/chromium.ts';
import { virtualBoard } from './cli.fixture.ts';
import { type RunningHub, runHub } from './console.fixture.ts';
import { needs } from './needs.ts';

const missing = needs('chromium');
const address = '127.0.35.1';
const board = { kitchen: '127.0.35.11', porch: '127.0.35.12', fan: '127.0.35.13' };
const password = 'a short sentence';
/** A busy machine may take its time. */
const soon = { timeout: 15_000 };
const nobody = { cookies: [], origins: [] };
const hostile = '<img src=x onerror=alert(1)>';

const file = (name: string, bytes: Uint8Array) => ({ name, mimeType: '', buffer: Buffer.from(bytes) });
const newSketch = file('lamp.ino.bin', makeEsp8266Image({ bytes: 200_000, core: '3.1.2' }));

describe.skipIf(missing.length > 0)(`the console${missing.length ? ` (missing: ${missing.join()})` : ''}`, () => {
  let browser: Browser;
  let running: RunningHub;
  let folder = '';
  let session: BrowserContextOptions['storageState'];
  let complaints: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'whyota-console-'));
    await buildConsole(folder);
    running = await runHub(address, folder, async ({ devices, pins, known }) => {
      const about = { family: 'esp8266', core: '3.1.2', port: 8266 };
      const kitchen = await known({
        name: 'sink-lamp',
        address: board.kitchen,
        firmware: 'lamp',
        build: '1.3',
        ...about,
      });
      await devices.change(kitchen, { layout: '4M2M', group: 'Ground floor', tags: ['light'] });
      await known({ name: 'porch-bell', address: board.porch, ...about });
      pins.set(kitchen, 'V1', ['0']);
      await pins.change(kitchen, 'V1', { name: 'Lamp', control: 'switch', min: 0, max: 1 });
      for (const value of ['20.5', '21.5']) pins.set(kitchen, 'V5', [value]);
      await pins.change(kitchen, 'V5', { name: 'Warmth', control: 'value', unit: '°C' });
      await devices.log(kitchen, 'print', hostile);
      await devices.knocked({ way: 'blynk', address: '192.168.1.57', token: 'f00dcafe'.repeat(4), what: hostile });
    });
    browser = await launchChromium();
    const page = await open(running.ownerLink, {}, nobody);
    await page.getByLabel('Name').fill('anna');
    await page.getByRole('textbox', { name: 'Password' }).fill(password);
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.getByRole('heading', { name: 'Devices' }).waitFor();
    session = await page.context().storageState();
    await page.context().close();
  });
  afterAll(async () => {
    await browser?.close();
    await running?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });

  async function open(
    url: string,
    options: BrowserContextOptions = {},
    storageState: BrowserContextOptions['storageState'] = session,
  ): Promise<Page> {
    complaints = [];
    const context = await browser.newContext({
      reducedMotion: 'reduce',
      ...(storageState && { storageState }),
      ...options,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`));
    await page.goto(url.startsWith('#') ? `${running.url}/${url}` : url);
    return page;
  }
  const device = async (name: string, options: BrowserContextOptions = {}): Promise<Page> => {
    const page = await open('#/devices', options);
    // Other boards of this machine may be in the list, and only a part of it is drawn.
    await page.getByLabel('Search').fill(name);
    await page.getByRole('link', { name: new RegExp(`^${name}`) }).click();
    await page.getByRole('heading', { name, level: 1 }).waitFor();
    return page;
  };

  it('asks the owner to log in, and says when the password is wrong', async () => {
    const page = await open('#/devices', {}, nobody);
    await page.getByLabel('Name').fill('anna');
    await hasNoFault(page, 'login');
    await page.getByRole('textbox', { name: 'Password' }).fill('something else');
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect.poll(() => page.getByRole('alert').textContent(), soon).toMatch(/name or password/i);
    await page.getByRole('textbox', { name: 'Password' }).fill(password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: 'Devices' }).waitFor();
  });

  it('makes an owner by the one-time link only once', async () => {
    const page = await open(running.ownerLink, {}, nobody);
    await page.getByLabel('Name').fill('eve');
    await page.getByRole('textbox', { name: 'Password' }).fill('another sentence');
    await page.getByRole('button', { name: 'Make the account' }).click();
    await expect.poll(() => page.getByRole('alert').textContent(), soon).toMatch(/link/i);
  });

  it('finds a board by what it is, and by its group', async () => {
    const page = await open('#/devices');
    const rows = page.locator('.row');
    await expect.poll(() => rows.count(), soon).toBeGreaterThan(1);
    await page.getByLabel('Search').fill(board.kitchen);
    await expect.poll(() => rows.allTextContents(), soon).toEqual([expect.stringContaining('sink-lamp')]);
    await page.getByLabel('Search').fill('nobody');
    await page.getByText('No board is like that.').waitFor();
    await page.getByLabel('Search').fill('');
    await page.getByLabel('Group or tag').selectOption('Tag light');
    await expect.poll(() => rows.count(), soon).toBe(1);
  });

  it('gives a new device a token, shown once', async () => {
    const page = await open('#/devices');
    await page.getByRole('button', { name: 'Add a device' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Cellar');
    await page.getByRole('button', { name: 'Add it' }).click();
    const token = page.locator('.secret code').first();
    await expect.poll(() => token.textContent(), soon).toMatch(/^[\w-]{32}$/);
    // As on a hub without HTTPS.
    await page.evaluate(`Object.defineProperty(navigator, 'clipboard', { value: undefined })`);
    await page.getByRole('button', { name: 'Copy' }).first().click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('heading', { name: 'Cellar', level: 1 }).waitFor();
    expect(await page.locator('.secret').count()).toBe(0);
  });

  it('shows in one window what is changed in another', async () => {
    const watching = await open('#/devices');
    await watching.getByText('sink-lamp').waitFor();
    const page = await device('porch-bell');
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: /Name, group/ }).click();
    await page.getByLabel('Group', { exact: true }).fill('Attic');
    await page.getByRole('button', { name: 'Save' }).click();
    await watching.locator('.label', { hasText: 'Attic' }).waitFor();
  });

  it('shows a board coming online while one watches', async () => {
    const page = await open('#/devices');
    const row = page.locator('.row', { hasText: 'attic-fan' });
    await page.getByText('sink-lamp').waitFor();
    expect(await row.count()).toBe(0);
    await virtualBoard(['--name', 'attic-fan', '--address', board.fan]);
    await row.getByText('Online').waitFor();
  });

  it('shows what a board writes to a pin, and writes to the board', async () => {
    const page = await open('#/devices');
    await page.getByRole('button', { name: 'Add a device' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Greenhouse');
    await page.getByRole('button', { name: 'Add it' }).click();
    const token = (await page.locator('.secret code').first().textContent())!;
    await page.getByRole('button', { name: 'Done' }).click();
    const wire = await blynkBoard(running, token);
    await page.locator('.sub').getByText('Online').waitFor();
    wire.write('V7', '17.5');
    await page.locator('.pin').getByText('17.5').waitFor();
    await page.getByRole('button', { name: 'Change V7' }).click();
    await page.getByLabel('Shown as').selectOption('text');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('textbox', { name: 'V7' }).fill('21');
    await page.getByRole('button', { name: 'Set' }).click();
    await expect.poll(() => wire.got(), soon).toContain('vw\x007\x0021');
    wire.close();
    await page.locator('.sub').getByText('Offline').waitFor();
  });

  it('moves a pin, and shows its history', async () => {
    const page = await device('sink-lamp');
    const other = await device('sink-lamp');
    const lamp = page.getByRole('switch', { name: 'Lamp' });
    await page.locator('label', { has: lamp }).first().click();
    await expect.poll(() => other.getByRole('switch', { name: 'Lamp' }).isChecked(), soon).toBe(true);
    await page.getByRole('button', { name: 'History of Warmth' }).click();
    await page.locator('.line canvas').waitFor();
  });

  it('never takes for HTML what a device says', async () => {
    const page = await device('sink-lamp');
    await page.getByText(hostile).waitFor();
    await page.goto(`${running.url}/#/devices`);
    await page.getByText(hostile).waitFor();
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('adopts a board that knocks with one click, and forgets it', async () => {
    const page = await open('#/devices');
    await page.getByRole('button', { name: 'Adopt' }).click();
    await page.getByRole('heading', { name: hostile, level: 1 }).waitFor();
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Forget' }).click();
    await page.getByRole('button', { name: 'Forget it' }).click();
    await page.getByRole('heading', { name: 'Devices' }).waitFor();
    expect(await page.getByText(hostile).count()).toBe(0);
  });

  it('takes a dropped file from its check to the board that is back', async () => {
    // Its sketch also asks the hub for updates, and so tells which build it runs.
    const asks = ['--pull', `${running.url}/update`, '--pull-every', '1'];
    await virtualBoard(['--name', 'sink-lamp', '--address', board.kitchen, '--layout', '4M2M', ...asks]);
    const page = await device('sink-lamp');
    await page.getByRole('link', { name: 'Flash', exact: true }).last().click();
    await page.getByRole('heading', { name: 'Flash', level: 1 }).waitFor();
    await drop(page, newSketch);
    await page.getByText('ESP8266 sketch, core 3.1.2, 200,000 bytes').waitFor();
    await page.getByRole('img', { name: /of flash.*running sketch.*new firmware/ }).waitFor();
    await page.getByRole('button', { name: 'Flash sink-lamp' }).click();
    await page.getByRole('heading', { name: 'lamp.ino.bin' }).waitFor();
    await expect.poll(() => page.locator('.update').textContent(), { timeout: 20_000 }).toMatch(/Confirmed/);
    await page.locator('.update a').click();
    await page.getByText('The board calls, and gets the first bytes.').waitFor();
    await page.goto(`${running.url}/#/firmware`);
    await page.getByRole('heading', { name: 'lamp.ino.bin' }).waitFor();
  });

  it('brings a failed flash to its diagnosis', async () => {
    await virtualBoard(['--name', 'porch-bell', '--address', board.porch, '--password', 'another', '--no-mdns']);
    const page = await open('#/flash');
    await page.locator('input[type=file]').setInputFiles(newSketch);
    await page.getByRole('checkbox', { name: /porch-bell/ }).check();
    await page.getByRole('button', { name: 'Flash porch-bell' }).click();
    await page.getByText('Why porch-bell failed').waitFor({ timeout: 40_000 });
    await page.getByText('What to do').waitFor();
    await hasNoFault(page, 'updates');
    await page.getByRole('button', { name: 'Give the hub its OTA password' }).click();
    await page.getByRole('textbox', { name: 'OTA password' }).fill('another');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'lamp.ino.bin to porch-bell' }).waitFor();
    await page.locator('.timeline').getByText('Stored').waitFor();
    await hasNoFault(page, 'an update');
  });

  it('refuses a file that is for no board, and says which one to take', async () => {
    const page = await open('#/flash');
    await page.locator('input[type=file]').setInputFiles(file('page.bin', Buffer.from('<!doctype html><html></html>')));
    await expect.poll(() => page.getByRole('alert').textContent(), soon).toMatch(/web page/i);
    expect(await page.getByRole('button', { name: 'Flash', exact: true }).isDisabled()).toBe(true);
  });

  it('flashes a board on this computer’s cable, and asks for the power-cycle', async () => {
    const page = await open('#/first-flash');
    await page.context().addInitScript({ content: await standIn() });
    await page.reload();
    const small = makeEsp8266Image({ bytes: 60_000, core: '3.1.2', flashBytes: 4 * 1024 * 1024 });
    await page.locator('input[type=file]').setInputFiles(file('first.bin', small));
    await page.getByRole('button', { name: 'Choose the port and flash' }).click();
    await page.getByText('Power off, power on').waitFor({ timeout: 30_000 });
    expect(await page.evaluate(`flashed(${small.length})`)).toEqual([...small]);
    expect(complaints).toEqual([]);
  });

  it('says what to do where a browser can’t reach the cable', async () => {
    const page = await open('#/first-flash');
    await page.context().addInitScript({ content: 'delete Navigator.prototype.serial' });
    await page.reload();
    await page.getByText('whyota serial flash firmware.bin').waitFor();
  });

  it('explains a failed upload, as the page of that name does', async () => {
    const page = await open('#/why');
    await page.getByRole('button', { name: 'No response from device' }).click();
    await expect.poll(() => page.locator('.headline').textContent(), soon).toMatch(/3\.3 KB too big to update itself/);
    await page.getByText('In your sketch').waitFor();
    expect(complaints).toEqual([]);
  });

  const pages = ['devices', 'flash', 'firmware', 'first-flash', 'why', 'settings'];

  it.each(['light', 'dark'] as const)('has no fault that axe knows of, in the %s', async (colorScheme) => {
    const page = await device('sink-lamp', { colorScheme });
    const look = (where: string): Promise<void> => hasNoFault(page, where, colorScheme);
    await look('a device');
    // Only colours differ in the dark, and these have them all.
    for (const name of colorScheme === 'light' ? pages : ['devices', 'why']) {
      await page.goto(`${running.url}/#/${name}`);
      await page.locator('h1').waitFor();
      await settled(page);
      await look(name);
    }
    await page.goto(`${running.url}/#/devices`);
    await page.getByRole('button', { name: 'Add a device' }).click();
    await page.getByRole('dialog').waitFor();
    await look('a dialog');
  });

  it('fits a phone', async () => {
    const page = await device('sink-lamp', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    for (const name of ['', ...pages]) {
      if (name) await page.goto(`${running.url}/#/${name}`);
      await page.locator('h1').waitFor();
      await settled(page);
      expect([name, await page.evaluate('document.documentElement.scrollWidth - innerWidth')]).toEqual([name, 0]);
    }
  });

  it('can be used with the keyboard alone', async () => {
    const page = await open('#/devices');
    await page.getByText('sink-lamp').waitFor();
    const focused = () =>
      page.evaluate('document.activeElement.getAttribute("aria-label") || document.activeElement.textContent');
    const tabTo = async (wanted: RegExp): Promise<void> => {
      for (let presses = 0; !wanted.test(String(await focused())); presses++) {
        expect(presses, String(wanted)).toBeLessThan(60);
        await page.keyboard.press('Tab');
      }
    };
    await tabTo(/^sink-lamp/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'sink-lamp', level: 1 }).waitFor();
    await expect.poll(() => page.evaluate('document.activeElement.id'), soon).toBe('content');
    await tabTo(/^Lamp$/);
    const lamp = page.getByRole('switch', { name: 'Lamp' });
    const was = await lamp.isChecked();
    await page.keyboard.press('Space');
    await expect.poll(() => lamp.isChecked(), soon).toBe(!was);
    await tabTo(/^More$/);
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Forget' }).waitFor();
    await page.keyboard.press('Escape');
  });

  it('gives a program a token with a scope, and ends it', async () => {
    const page = await open('#/settings');
    await page.getByLabel('For', { exact: true }).fill('Home Assistant');
    await page.getByLabel('May').selectOption('see, move pins, restart');
    await page.getByRole('button', { name: 'Make a token' }).click();
    const token = (await page.locator('.secret code').textContent()) ?? '';
    const ask = () => fetch(`${running.url}/api/devices`, { headers: { authorization: `Bearer ${token}` } });
    expect((await ask()).status).toBe(200);
    await page.getByRole('button', { name: 'End Home Assistant' }).click();
    await expect.poll(async () => (await ask()).status, soon).toBe(401);
  });
});

/** A board's Blynk connection, as far as pins go: commands 29 (login) and 20 (hardware), bodies with zeros between. */
async function blynkBoard({ hub }: RunningHub, token: string) {
  const socket = connect(hub.port, address);
  const got: string[] = [];
  const send = (command: number, body: string): void => {
    const bytes = Buffer.from(`\0\0\0\0\0${body}`, 'latin1');
    bytes.writeUInt8(command, 0);
    bytes.writeUInt16BE(1, 1);
    bytes.writeUInt16BE(body.length, 3);
    socket.write(bytes);
  };
  await new Promise<void>((connected) => socket.once('connect', connected));
  socket.on('data', (bytes) => got.push(bytes.toString('latin1')));
  send(29, token);
  return {
    write: (pin: string, value: string) => send(20, `vw\0${pin.slice(1)}\0${value}`),
    got: () => got.join(''),
    close: () => socket.destroy(),
  };
}

async function hasNoFault(page: Page, where: string, scheme: 'light' | 'dark' = 'light'): Promise<void> {
  const axe = new AxeBuilder({ page }).setLegacyMode();
  if (scheme === 'dark') axe.withRules('color-contrast');
  const { violations } = await axe.analyze();
  expect(violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${where}: ${id} ${html}`))).toEqual([]);
}

/** What was asked for is there. */
const settled = (page: Page): Promise<void> =>
  page.waitForFunction(`!document.querySelector('.waiting')`).then(() => {});

/** A file let go over the page. */
const drop = async (page: Page, { name, buffer }: typeof newSketch): Promise<void> => {
  const bytes = [...buffer];
  const transfer = await page.evaluateHandle(`(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(${JSON.stringify(bytes)})], ${JSON.stringify(name)}));
    return transfer;
  })()`);
  await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
};

async function standIn(): Promise<string> {
  const build = await rolldown({ input: 'test/console-serial.fixture.ts', platform: 'browser', logLevel: 'silent' });
  const { output } = await build.generate({ format: 'iife', codeSplitting: false });
  return output[0].code;
}
