import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { launchBrowser, startServer, waitForDemo, type RunningServer } from './harness.ts';
import { ask, openChat, patience, playStory, visible } from './story.ts';

describe('the whole path with the built-in answerer', () => {
  let server: RunningServer;
  let browser: Browser;
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchBrowser()]);
    await waitForDemo(server);
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  it('answers, hands off, and lets a person answer in the same thread', async () => {
    await playStory(browser, server, {
      answerable: 'How long is a gift card valid?',
      answer: /4 years from the day of purchase/,
      citedPage: /\/demo\/gift-cards/,
      unanswerable: 'Can I pay with bitcoin?',
    });
  });

  it('asks back where a word leaves a choice, and answers the one that is clicked', async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const chat = await openChat(await context.newPage(), server);
    await ask(chat, 'Delivery');
    const choice = chat.getByRole('group').getByRole('button', { name: 'Delivery abroad' });
    await choice.click(patience);
    await visible(chat.getByRole('log').getByText(/European Union/));
    const source = chat
      .getByRole('link')
      .filter({ hasText: /Delivery abroad/ })
      .first();
    await source.waitFor({ ...patience, state: 'attached' });
    expect(await source.getAttribute('href')).toMatch(/\/demo\/delivery-abroad/);
    await context.close();
  });
});
