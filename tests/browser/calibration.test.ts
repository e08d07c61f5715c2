import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, openChat, patience, shoot, signIn, visible } from './story.ts';
import { launchBrowser, startServer, waitForDemo, type RunningServer } from './harness.ts';

/** Judgements of everybody who may give one move the confidence and the curve, before the owner's eyes. */

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
/** Questions that the pages answer, and an owner for whom every answer is wrong. */
const asked = [
  'How do I clean boots?',
  'How often should I wax boots?',
  'How do I break in new boots?',
  'How do I wash a down jacket?',
  'How do I wash a down sleeping bag?',
  'How do I pitch the tent for the first time?',
  'How do I store a tent?',
  'How do I wash a waterproof jacket?',
  'How do I wash merino wool?',
  'Can I change my order?',
  'Can I cancel my order?',
  'Which countries do you deliver to?',
  'What does delivery abroad cost?',
  'Who pays customs duties?',
  'How do I find my boot size?',
  'Do boots stretch?',
  'How do I delete my account?',
  'Can I cancel a course?',
  'How long do you keep my parcel in the store?',
  'Can I add old guest orders to my account?',
  'How should I store down?',
  'How often should I wash a waterproof jacket?',
  'What do I need to bring to pick up my order?',
  'My parcel arrived damaged, what now?',
];

/** Opens the owner's settings and gives what they say of judgements. */
async function judgements(): Promise<string> {
  await owner.goto(`${server.url}/console/settings/ai?site=demo`);
  const words = owner.getByText(/^\d+ answers? judged/);
  await words.waitFor(patience);
  return words.innerText();
}

/** How sure the AI is of the question now, in percent. */
async function confidence(): Promise<number> {
  await owner.goto(`${server.url}/console/playground?site=demo`);
  await owner.getByLabel('Question', { exact: true }).fill(question);
  await owner.keyboard.press('Enter');
  const decision = owner.getByRole('region', { name: 'Decision' });
  await decision.waitFor(patience);
  return Number(/(\d+) %$/m.exec(await decision.locator('summary').innerText())?.[1]);
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

it('follows the owner’s test questions: the confidence falls, and the curve says why', async () => {
  const before = await confidence();
  await owner.goto(`${server.url}/console/settings/ai?site=demo`);
  const questions = owner.getByRole('region', { name: 'Test questions' });
  const csv = ['question,expected', ...asked.map((each) => `${each},words that no page holds`)].join('\n');
  const file = { name: 'questions.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) };
  await questions.getByLabel('Import CSV').setInputFiles(file);
  await questions.getByRole('listitem').filter({ hasText: 'Do boots stretch?' }).waitFor(patience);
  await shoot(owner, 'calibration-before-1440');
  const passes = owner.waitForResponse((response) => response.url().includes('/answers/curve'), {
    timeout: 120_000,
  });
  await questions.getByRole('button', { name: 'Run all' }).click();
  await passes;
  await visible(owner.getByText(/^\d+ answers judged: the confidence follows your site/));
  const share = owner.getByText(/^Of 100 recent questions the AI would answer \d+/);
  await share.waitFor(patience);
  await shoot(owner, 'calibration-after-1440');
  await owner.setViewportSize({ width: 390, height: 844 });
  await share.scrollIntoViewIfNeeded();
  await shoot(owner, 'calibration-after-390');
  await owner.setViewportSize({ width: 1440, height: 900 });
  expect(await confidence()).toBeLessThan(before - 20);
});
