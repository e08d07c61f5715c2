import { afterAll, beforeAll, describe, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { launchBrowser, startServer, waitForDemo, type RunningServer } from './harness.ts';
import { playStory } from './story.ts';

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
});
