import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { callApi, launchBrowser, startServer, waitForDemo, type RunningServer } from './harness.ts';
import { patience, shoot, signIn, visible } from './story.ts';

/** An owner says how visitors ask for one passage of a page, and carries that as a file. */

let server: RunningServer;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  await waitForDemo(server);
  page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await signIn(page, server);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

const question = 'Is my dachshund allowed to chew on it first?';
const passagesOf = z.object({
  passages: z.array(z.object({ text: z.string(), questions: z.array(z.string()) })),
});

/** The document whose id ends so. */
async function documentId(end: string): Promise<string> {
  const list = z.object({ documents: z.array(z.object({ id: z.string() })) });
  const { documents } = list.parse(await callApi(server, 'GET', '/sites/demo/documents?limit=200'));
  const found = documents.find(({ id }) => id.endsWith(end));
  if (found === undefined) throw new Error(`no document ends with ${end}`);
  return found.id;
}

async function questionsOf(id: string): Promise<string[]> {
  const view = passagesOf.parse(
    await callApi(server, 'GET', `/sites/demo/documents/${encodeURIComponent(id)}`),
  );
  return view.passages.flatMap(({ questions }) => questions);
}

/** The page of the best passage. */
async function ask(text: string): Promise<string> {
  await page.goto(`${server.url}/console/playground?site=demo`);
  await page.getByLabel('Question', { exact: true }).fill(text);
  await page.keyboard.press('Enter');
  const passages = page.getByRole('region', { name: 'Passages' });
  const first = passages.getByRole('link').first();
  await first.waitFor(patience);
  return first.innerText();
}

let id: string;

it('says another way to ask for a passage, and the next question finds that passage first', async () => {
  id = await documentId('/returns');
  await page.goto(`${server.url}/console/documents/${encodeURIComponent(id)}?site=demo`);
  const toggle = page.getByRole('button', { name: 'Another way to ask for passage 1', exact: true });
  await toggle.click(patience);
  await page.getByLabel('Way to ask for passage 1', { exact: true }).fill(question);
  await page.getByLabel('Way to ask for passage 1', { exact: true }).press('Enter');
  await visible(page.getByRole('button', { name: `Remove “${question}”` }));
  await shoot(page, 'ways-passage-1440');
  await page.setViewportSize({ width: 390, height: 844 });
  await toggle.scrollIntoViewIfNeeded();
  await shoot(page, 'ways-passage-390');
  await page.setViewportSize({ width: 1440, height: 900 });
  expect(await questionsOf(id)).toEqual([question]);
  expect(await ask(question)).toContain('Returning something');
});

it('carries all ways to ask as a file: down, away, and up again', async () => {
  await page.goto(`${server.url}/console/documents?site=demo`);
  const file = page.getByRole('region', { name: 'Other ways to ask, as a file' });
  await file.waitFor(patience);
  await shoot(page, 'ways-file-1440');
  await page.setViewportSize({ width: 390, height: 844 });
  await shoot(page, 'ways-file-390');
  await page.setViewportSize({ width: 1440, height: 900 });
  const started = page.waitForEvent('download', patience);
  await file.getByRole('link', { name: 'Download CSV' }).click();
  const download = await started;
  expect(download.suggestedFilename()).toBe('ways-to-ask-demo.csv');
  const csv = readFileSync(await download.path(), 'utf8');
  expect(csv).toContain(question);

  const path = `/sites/demo/documents/${encodeURIComponent(id)}`;
  const view = z
    .object({ passages: z.array(z.object({ id: z.string() })) })
    .parse(await callApi(server, 'GET', path));
  await callApi(server, 'PATCH', `${path}/passages/${view.passages[0]?.id ?? ''}`, { questions: [] });
  expect(await questionsOf(id)).toEqual([]);

  const upload = (name: string, text: string) =>
    file.getByLabel('Upload CSV').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  await upload('wrong.csv', 'question,document\nx,y');
  await visible(page.getByText(/Row 2: question/));
  await upload('ways.csv', csv);
  await visible(page.getByText('Search knows 1 of them now.'));
  expect(await questionsOf(id)).toEqual([question]);
});
