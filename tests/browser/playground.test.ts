import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { scoreTexts, startRerankServer, type RerankServer } from '../../server/testing/rerank-server.ts';
import { launchBrowser, startServer, waitForDemo, type RunningServer } from './harness.ts';
import { patience, shoot, signIn } from './story.ts';

type Reply = Parameters<typeof startRerankServer>[0];

/** What the reranker does with the next request. */
let reply: Reply;
let reranker: RerankServer;
let server: RunningServer;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  reranker = await startRerankServer((request, response) => reply(request, response));
  [server, browser] = await Promise.all([
    startServer({ RERANK_BASE_URL: reranker.url, RERANK_MODEL: 'scripted' }),
    launchBrowser(),
  ]);
  await waitForDemo(server);
  page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await signIn(page, server);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  await reranker.close();
});

/** Asks on a fresh playground and gives what it says of passages and of times. */
async function tryOut(): Promise<{ passages: string; times: string }> {
  await page.goto(`${server.url}/console/playground?site=demo`);
  await page.getByLabel('Question', { exact: true }).fill('How long does delivery take?');
  await page.keyboard.press('Enter');
  const times = page.getByRole('region', { name: 'Time per step' });
  await times.waitFor(patience);
  const passages = page.getByRole('region', { name: 'Passages' });
  return { passages: await passages.innerText(), times: await times.innerText() };
}

it('shows how a reranker moved each passage, and its time', async () => {
  // the last of those found comes first
  reply = (request, response) => {
    const texts = request.documents ?? [];
    scoreTexts((text) => texts.indexOf(text) / texts.length)(request, response);
  };
  const { passages, times } = await tryOut();
  await shoot(page, 'playground-reranked');
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await shoot(page, 'playground-reranked-390');
  await page.setViewportSize({ width: 1440, height: 900 });
  const count = reranker.requests.at(-1)?.documents?.length ?? 0;
  expect(count).toBeGreaterThan(8);
  expect(passages).toContain('The reranker put these in order');
  expect(passages).toMatch(
    new RegExp(`From place ${String(count)} \\(score [\\d.]+\\) to 1 \\([\\d.]+\\) · reranker`),
  );
  expect(times.toLowerCase()).toContain('rerank');
});

it.each([
  ['failed', 'The reranker failed', (_request, response) => response.writeHead(500).end()],
  ['timed-out', 'The reranker was too slow', () => {}],
] as const satisfies readonly (readonly [string, string, Reply])[])(
  'says that a reranker %s, and that the order is that of the search',
  async (name, words, answer) => {
    reply = answer;
    const { passages, times } = await tryOut();
    await shoot(page, `playground-reranker-${name}`);
    expect(passages).toContain(words);
    expect(passages).toContain('did not help');
    expect(passages).not.toContain('From place');
    expect(times.toLowerCase()).toContain('rerank');
  },
);
