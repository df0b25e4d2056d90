// The page "Why did my upload fail?", built and opened in a real browser: from the disk and from a plain static server.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { diagnose, short } from '#doctor/index.ts';
import { makeEsp8266Image } from '#firmware/make.ts';
import { packFacts, unpackFacts } from '#page/index.ts';
import { readAnything } from '#readers/index.ts';
import { fact } from '#values/facts.ts';
import { buildPage, mostBytes } from '../scripts/build-page.ts';
import { launchChromium } from '../scripts/chromium.ts';
import { needs } from './needs.ts';

const missing = needs('chromium');

/** A busy machine is no slow page. */
const soon = { timeout: 15_000 };

const log = readFileSync('src/page/examples/no-response.txt', 'utf8');
const sketch = readFileSync('test/fixtures/sketches/seed/first.ino', 'utf8');
const tooBig = /3\.3 KB too big to update itself/;

describe('facts in a link', () => {
  it('come back as they went in', () => {
    const { facts } = readAnything(log);
    const read = unpackFacts(`#${packFacts(facts)}`);
    expect(read).toMatchObject({ ok: true });
    expect(read?.ok && read.value.facts).toEqual(facts);
    expect(read?.ok && read.value.ignored).toEqual([]);
  });

  it('fit in a link that a forum takes', () => {
    expect(packFacts(readAnything(log).facts).length).toBeLessThan(2_000);
  });

  it('are checked when they come back', () => {
    const forged = [fact('board.chip', 'esp8266', 'log'), { fact: 'board.chip', value: '<b>', source: 'log' }];
    const read = unpackFacts(packFacts(forged as never));
    expect(read).toMatchObject({ ok: true, value: { facts: [{ value: 'esp8266' }], ignored: [expect.any(String)] } });
  });

  it('never throw, whatever stands in the link', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(unpackFacts(text)?.ok).not.toBe(true);
        expect(unpackFacts(`#facts=${text}`)?.ok).toBe(false);
      }),
    );
    expect(unpackFacts(`#facts=${'A'.repeat(1_000_000)}`)?.ok).toBe(false);
  });
});

describe.skipIf(missing.length > 0)(
  `the page in Chromium${missing.length ? ` (missing: ${missing.join()})` : ''}`,
  () => {
    let browser: Browser;
    let server: Server;
    let folder = '';
    let file = '';
    let onDisk = '';
    let onServer = '';

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'whyota-page-'));
      file = await buildPage(folder);
      onDisk = pathToFileURL(file).href;
      server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(readFileSync(file)));
      await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
      onServer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/why`;
      browser = await launchChromium();
    });
    afterAll(async () => {
      await browser?.close();
      server?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    /** Everything the page asked for or complained of. */
    let requests: string[] = [];
    let complaints: string[] = [];

    async function open(url: string, options: BrowserContextOptions = {}): Promise<Page> {
      requests = [];
      complaints = [];
      const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      page.on('request', (request) => requests.push(request.url()));
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => complaints.push(message.text()));
      page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`));
      await page.goto(url);
      return page;
    }

    afterEach(async () => {
      for (const context of browser.contexts()) await context.close();
    });

    const headline = (page: Page) => page.locator('#answer .headline');
    const paste = (page: Page, text: string, into = '#output') => page.locator(into).fill(text);

    it('is one file of at most 4 MB', () => {
      expect(statSync(file).size).toBeLessThanOrEqual(mostBytes);
    });

    it.each([
      ['the disk', () => onDisk],
      ['a static server', () => onServer],
    ])('answers a log and a sketch, opened from %s, and asks the network for nothing', async (_, url) => {
      const page = await open(url());
      await paste(page, log);
      await paste(page, sketch, '#sketch');
      await expect.poll(() => headline(page).textContent(), soon).toMatch(tooBig);
      await page.getByText('In your sketch').waitFor();
      const answer = ((await page.locator('#answer').textContent()) ?? '').replace(/\s+/g, ' ');
      expect(answer).toContain('Assuming the running sketch is about as large as this one.');
      expect(answer).toContain('Tools > Flash Size > 1M (64K SPIFFS)');
      expect(answer).toContain('Blynk.begin(auth, ssid, pass);');
      expect(requests).toEqual([url()]);
      expect(complaints).toEqual([]);
    });

    it('gives the answer of the terminal', async () => {
      const page = await open(onDisk);
      await paste(page, log);
      await headline(page).waitFor();
      const [first, ...rest] = short(diagnose(readAnything(log).facts));
      const verdict = await page.locator('#answer .verdict').textContent();
      expect(`${verdict}: ${await headline(page).textContent()}`.toLowerCase()).toBe(`${first}.`.toLowerCase());
      const steps = await page.locator('#answer .steps li').allTextContents();
      for (const step of rest.filter((line) => /^ +\d\. /.test(line)))
        expect(steps).toContain(step.replace(/^ +\d\. /, ''));
    });

    it('answers a pasted log within a second', async () => {
      const page = await open(onDisk);
      const took = await page.evaluate(`(${timeToAnswer})(${JSON.stringify(log)})`);
      expect(took).toBeLessThan(1_000);
    });

    it('finds the sketch that was pasted together with the log', async () => {
      const page = await open(onDisk);
      await paste(page, `Please help!\n\n${log}\nand this is my code\n\n${sketch}`);
      await page.getByText('In your sketch').waitFor();
      expect(await headline(page).textContent()).toMatch(tooBig);
    });

    it('carries its facts in a link that shows the same answer, without log, sketch or password', async () => {
      const page = await open(onServer);
      await paste(page, log.replace('--auth=', '--auth=hunter2'));
      await headline(page).waitFor();
      await page.getByRole('button', { name: 'Copy a link' }).click();
      const link = await page.getByLabel('Link to this answer').inputValue();
      const carried = unpackFacts(new URL(link).hash);
      expect(JSON.stringify(carried)).not.toMatch(/hunter2|192\.168|lamp\.ino/);

      const other = await open(link);
      await headline(other).waitFor();
      expect(await headline(other).textContent()).toBe(await headline(page).textContent());
      expect(await other.locator('.shared').textContent()).toContain('shared these facts');
      expect(requests).toEqual([link.replace(/#.*/, '')]);

      await other.getByRole('button', { name: 'Start anew' }).click();
      await expect.poll(() => other.url(), soon).not.toContain('#');
      expect(await other.locator('#answer').textContent()).toBe('');
    });

    it('says when a link is damaged', async () => {
      const page = await open(`${onDisk}#facts=AAAA`);
      expect(await headline(page).textContent()).toContain('damaged');
      expect(complaints).toEqual([]);
    });

    it('shows what is hostile as text', async () => {
      const attack = '<img src=x onerror=alert(1)><script>alert(2)</script>';
      const page = await open(onDisk);
      await paste(page, `${log.replace('1M (512K SPIFFS)', `1M (512K SPIFFS)${attack}`)}\n${attack}`);
      await paste(
        page,
        sketch.replace('Blynk.begin(auth, ssid, pass);', `Blynk.begin(auth, ssid, pass); // ${attack}`),
        '#sketch',
      );
      await page
        .locator('#files')
        .setInputFiles([
          { name: `${attack}.ino`, mimeType: 'text/plain', buffer: Buffer.from(`#include "${attack}"\n`) },
        ]);
      await page.getByText('In your sketch').waitFor();
      expect(await page.locator('#answer pre').first().textContent()).toContain(attack);
      expect(await page.locator('#answer img, #answer script, #file-list img').count()).toBe(0);
      expect(complaints).toEqual([]);
    });

    it('takes the .bin and says what it is, and what is wrong with a wrong one', async () => {
      const page = await open(onDisk);
      const file = (name: string, bytes: Uint8Array) => ({ name, mimeType: '', buffer: Buffer.from(bytes) });
      await page
        .locator('#files')
        .setInputFiles([file('lamp.ino.bin', makeEsp8266Image({ bytes: 253_168, core: '2.3.0' }))]);
      await expect.poll(() => page.locator('#file-list').textContent(), soon).toMatch(/ESP8266 sketch.*253,168 bytes/);
      await page
        .locator('#files')
        .setInputFiles([file('saved.bin', Buffer.from('<!doctype html><html><body>404</body></html>'))]);
      await expect.poll(() => page.locator('#file-list').textContent(), soon).toMatch(/web page/i);
    });

    it('asks one question and weighs the answer', async () => {
      const page = await open(onDisk);
      await paste(page, '11:42:10 [ERROR]: No response from the ESP');
      const question = page.locator('.ask h3');
      await question.waitFor();
      const asked = await question.textContent();
      await page.locator('.ask .choices button').first().click();
      await expect.poll(async () => ((await question.count()) ? question.textContent() : ''), soon).not.toBe(asked);
    });

    it('fits a phone, empty and answered, everything unfolded', async () => {
      const page = await open(onDisk, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
      const overflow = () => page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect(await overflow()).toBe(0);
      await paste(page, log);
      await paste(page, sketch, '#sketch');
      await page.getByText('In your sketch').waitFor();
      await page.evaluate(unfold);
      expect(await overflow()).toBe(0);
    });

    it.each(['light', 'dark'] as const)('can be read in the %s', async (colorScheme) => {
      const page = await open(onDisk, { colorScheme });
      await paste(page, log);
      await paste(page, sketch, '#sketch');
      await page.getByText('In your sketch').waitFor();
      await page.evaluate(unfold);
      expect(await page.evaluate(faintTexts)).toEqual([]);
    });

    it('can be used with the keyboard alone', async () => {
      const page = await open(onDisk);
      const focused = () => page.evaluate('document.activeElement.textContent || document.activeElement.id');
      for (let presses = 0; (await focused()) !== 'No response from device'; presses++) {
        expect(presses).toBeLessThan(10);
        await page.keyboard.press('Tab');
      }
      await page.keyboard.press('Enter');
      await page.getByText('In your sketch').waitFor();
      expect(await page.getByRole('status').textContent()).toMatch(tooBig);
      for (let presses = 0; (await focused()) !== 'How WhyOTA knows'; presses++) {
        expect(presses).toBeLessThan(60);
        await page.keyboard.press('Tab');
      }
      await page.keyboard.press('Enter');
      expect(await page.getByText('The sum', { exact: true }).isVisible()).toBe(true);
    });
  },
);

const unfold = `for (const each of document.querySelectorAll('details')) each.open = true`;

/** Milliseconds from a paste to its answer. Runs in the page. */
const timeToAnswer = `(text) => new Promise((done) => {
  const output = document.querySelector('#output');
  const begun = performance.now();
  new MutationObserver(() => done(performance.now() - begun)).observe(document.querySelector('#answer'), { childList: true });
  output.value = text;
  output.dispatchEvent(new InputEvent('input', { inputType: 'insertFromPaste' }));
})`;

/** Texts with less contrast than WCAG AA asks for (4.5:1). Runs in the page. */
const faintTexts = `(() => {
  const numbers = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const light = (color) => {
    const [r, g, b] = numbers(color).map((v) => ((v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if ((numbers(color)[3] ?? 1) > 0) return color;
    }
  };
  const faint = [];
  for (const element of document.querySelectorAll('body *')) {
    if (!element.checkVisibility() || element.closest('.spoken, script, svg')) continue;
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    const [a, b] = [light(getComputedStyle(element).color), light(ground(element))];
    if ((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5) faint.push(element.className + ': ' + element.textContent.slice(0, 40));
  }
  return faint;
})()`;
