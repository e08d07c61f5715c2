import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { callApi, launchBrowser, startServer, waitForDemo, type RunningServer } from './harness.ts';
import { patience, shoot, signIn, visible } from './story.ts';

let server: RunningServer;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  await waitForDemo(server);
  page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await signIn(page, server);
  await page.goto(`${server.url}/console/settings/ai?site=demo`);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

const answered = 'How long is a gift card valid?';
const unanswered = 'Can I pay with bitcoin?';
const mistaken = 'How long does delivery take?';
const csv = [
  'question,expected',
  '"Can I return worn boots?",worn',
  'Do you rent out skis?,',
  'Do you sell concert tickets?,',
  'Where can I see tigers?,',
  'Who is the president of France?,',
  'How do I bake bread?,',
  'What is the weather tomorrow?,',
  'Do you repair cars?,',
].join('\n');

const questions = () => page.getByRole('region', { name: 'Test questions' });
const line = (question: string) => questions().getByRole('listitem').filter({ hasText: question });
const verdict = (question: string, word: string) => visible(line(question).getByText(word, { exact: true }));

async function add(question: string, expected: string): Promise<void> {
  await questions().getByLabel('Question', { exact: true }).fill(question);
  await questions().getByLabel('Words that a right answer holds').fill(expected);
  await questions().getByRole('button', { name: 'Add', exact: true }).click();
  await line(question).waitFor(patience);
}

async function runAll(count: number): Promise<void> {
  const passes = page.waitForResponse((response) => response.url().includes('/answers/curve'), {
    timeout: 120_000,
  });
  await questions().getByRole('button', { name: 'Run all' }).click();
  await passes;
  await visible(questions().getByText(new RegExp(`^\\d+ of ${String(count)} right$`)));
}

it('takes questions by hand and from CSV, and says what is not one', async () => {
  await visible(page.getByText(/After ten questions you see here/));
  await add(answered, '4 years');
  await add(unanswered, '');
  await add(mistaken, 'within seventy weeks');
  await verdict(answered, 'not run yet');
  await visible(line(unanswered).getByText('Should go to a person'));
  const upload = (name: string, text: string) =>
    questions()
      .getByLabel('Import CSV')
      .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  await upload('nothing.csv', 'question,expected\n');
  await visible(questions().getByText('The file holds no questions.', { exact: false }));
  await upload('questions.csv', csv);
  await line('Do you repair cars?').waitFor(patience);
  expect(await questions().getByRole('listitem').count()).toBe(11);
});

it('runs them, shows each verdict, and draws the curve from what was learnt', async () => {
  await runAll(11);
  await verdict(answered, 'right');
  await verdict(unanswered, 'right');
  await verdict(mistaken, 'wrong');
  expect(await questions().getByText('not run yet').count()).toBe(0);
  await visible(page.getByText(/It rests on \d+ judged answers?\./));
  await visible(page.getByRole('img', { name: /Share of questions answered/ }));
  await questions().scrollIntoViewIfNeeded();
  await shoot(page, 'golden-run');
});

it('moves the limit, by hand and to a target, and the next pass is judged by it', async () => {
  const limit = page.getByRole('slider', { name: /Hand over when the AI is less than/ });
  const words = page.getByText(/^Of 100 recent questions the AI would answer \d+/);
  const before = await words.innerText();
  await limit.fill('100');
  await expect.poll(() => words.innerText(), patience).not.toBe(before);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await runAll(11);
  await verdict(answered, 'wrong');
  await verdict(unanswered, 'right');

  await page.getByLabel(/Keep it to at most/).selectOption('20');
  const set = page.getByRole('button', { name: /^Set \d+ %$/ });
  await set.waitFor(patience);
  const wanted = /\d+/.exec(await set.innerText())?.[0] ?? '';
  await set.click();
  expect(await limit.inputValue()).toBe(String(Math.round(Number(wanted) / 5) * 5));
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect
    .poll(async () => {
      const site = z.object({ settings: z.object({ handoffThreshold: z.number() }) });
      return site.parse(await callApi(server, 'GET', '/sites/demo')).settings.handoffThreshold;
    }, patience)
    .toBeLessThan(1);
  await shoot(page, 'golden-target');
});

it('forgets one that is removed, and keeps the rest through a reload', async () => {
  await line(mistaken)
    .getByRole('button', { name: `Remove ${mistaken}` })
    .click();
  await line(mistaken).waitFor({ state: 'detached', ...patience });
  await page.reload();
  await line(answered).waitFor(patience);
  expect(await questions().getByRole('listitem').count()).toBe(10);
  expect(await line(mistaken).count()).toBe(0);
  const list = z.array(z.object({ question: z.string() }));
  const stored = list.parse(await callApi(server, 'GET', '/sites/demo/golden-questions'));
  expect(stored.map(({ question }) => question)).not.toContain(mistaken);
});
