import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, openChat, patience, signIn, visible } from './story.ts';
import { launchBrowser, startServer, waitForDemo, type RunningServer } from './harness.ts';

/** Judgements of everybody who may give one are counted before the owner's eyes. */

let server: RunningServer;
let browser: Browser;
let owner: Page;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  await waitForDemo(server);
  owner = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await signIn(owner, server);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

const question = 'How long is a gift card valid?';
/** Opens the owner's settings and gives what they say of judgements. */
async function judgements(): Promise<string> {
  await owner.goto(`${server.url}/console/settings/ai?site=demo`);
  const words = owner.getByText(/^\d+ answers? judged/);
  await words.waitFor(patience);
  return words.innerText();
}

it('counts a visitor’s thumb and an agent’s correction, and says how many more are wanted', async () => {
  expect(await judgements()).toMatch(/^0 answers judged, 20 more and the confidence follows your own site/);
  const visitor = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  const chat = await openChat(visitor, server);
  await ask(chat, question);
  await chat.getByRole('button', { name: 'This answer helped' }).click(patience);
  await expect.poll(judgements, patience).toMatch(/^1 answer judged, 19 more/);

  await ask(chat, 'Can I cancel my order?');
  await expect.poll(() => chat.getByRole('button', { name: 'This answer helped' }).count(), patience).toBe(2);
  await owner.goto(`${server.url}/console/inbox`);
  await owner.getByRole('group', { name: 'Show' }).getByRole('button', { name: /^AI/ }).click(patience);
  await owner
    .getByRole('region', { name: 'Conversations' })
    .getByRole('listitem')
    .first()
    .getByRole('link')
    .click(patience);
  const wrong = owner.getByRole('button', { name: 'The answer is wrong' });
  await expect.poll(() => wrong.count(), patience).toBe(2);
  await wrong.last().click();
  await visible(owner.getByText('Noted'));
  expect(await judgements()).toMatch(/^2 answers judged, 18 more/);
  await visitor.context().close();
});
