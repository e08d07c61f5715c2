import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { helpPage, startTestSite, type TestSite } from '../../server/testing/web-site.ts';
import { callApi, launchBrowser, startServer, type RunningServer } from './harness.ts';
import { patience, shoot, signIn, visible } from './story.ts';

const text = 'A customer finds here, in a sentence of some length, what is worth knowing about this.';
/** Set by a test that wants to look at a reading while it lasts; pages wait for it. */
let gate: Promise<void> = Promise.resolve();

let server: RunningServer;
let site: TestSite;
let browser: Browser;
let page: Page;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'deskbell-files-'));
  site = await startTestSite({
    '/': helpPage('Start', `${text} Start.`, ['/help/tents', '/blog/news', '/help/boots']),
    '/help/tents': helpPage('Tents', `${text} Tents.`),
    '/blog/news': helpPage('News', `${text} News.`),
    '/help/boots': (_request, response) => {
      void gate.then(() =>
        response.setHeader('content-type', 'text/html').end(helpPage('Boots', `${text} Boots.`)),
      );
    },
    '/locked': { status: 401, body: 'who are you?' },
  });
  server = await startServer({ FETCH_ALLOW: '127.0.0.0/8' });
  browser = await launchBrowser();
  page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await signIn(page, server);
}, 120_000);
afterAll(async () => {
  await browser.close();
  await Promise.all([server.stop(), site.close(), rm(folder, { recursive: true })]);
});

async function openDialog(choice: string) {
  await page.goto(`${server.url}/console/knowledge?site=default`);
  await page.getByRole('button', { name: /^Add/ }).first().click(patience);
  await page.getByRole('menuitem', { name: choice }).click(patience);
  const dialog = page.getByRole('dialog');
  await dialog.waitFor(patience);
  return dialog;
}
const row = (name: string) =>
  page.getByRole('region', { name: 'Ledger' }).getByRole('listitem').filter({ hasText: name });
const isRead = () =>
  visible(page.getByRole('region', { name: 'Progress' }).getByText('Read', { exact: true }));

it('adds a website with settings of its own, and shows its ledger live through a reload', async () => {
  let open = () => {};
  gate = new Promise((resolve) => (open = resolve));
  const dialog = await openDialog('Website');
  await dialog.getByLabel('Address').fill(site.origin);
  await dialog.getByText('Which pages, and how fast').click();
  await dialog.getByLabel('Leave out these paths').fill('/blog/**');
  await dialog.getByLabel('Pages at most').fill('20');
  await shoot(page, 'add-website');
  await dialog.getByRole('button', { name: 'Read site' }).click();
  await visible(row('Tents').getByText('Stored'));
  await visible(page.getByRole('region', { name: 'Progress' }).getByText('Reading'));
  await page.reload();
  await visible(row('Tents').getByText('Stored'));
  await visible(row('/help/boots').getByText(/Found|Fetched/));
  await shoot(page, 'ledger-live');
  open();
  await isRead();
  await visible(row('Boots').getByText('Stored'));
  await visible(row('/blog/news').getByText('Skipped'));
  expect(site.hits).not.toContain('/blog/news');
});

it('changes how it is read and when', async () => {
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Name and schedule' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Our help');
  await dialog.getByLabel('Read again').selectOption({ label: 'Every day' });
  await dialog.getByText('Which pages, and how fast').click();
  expect(await dialog.getByLabel('Leave out these paths').inputValue()).toBe('/blog/**');
  await dialog.getByLabel('Leave out these paths').fill('');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await visible(page.getByRole('heading', { name: 'Our help' }));
  await visible(page.getByText(/Read again every day/));
  await page.getByRole('button', { name: 'Read site again' }).click();
  await visible(row('News').getByText('Stored'));
});

it('adds single pages, and says why one that is locked gave nothing', async () => {
  const dialog = await openDialog('Single pages');
  await dialog.getByLabel('Addresses').fill(`${site.origin}/locked`);
  await dialog.getByRole('button', { name: 'Read page' }).click();
  await visible(page.getByText('Nothing could be read from this site'));
  await visible(row('/locked').getByText('Blocked'));
  await visible(row('/locked').getByText(/demands a login \(401\)/));
  await shoot(page, 'crawl-failed');
});

it('uploads files, reads them again, and opens a document with its passages', async () => {
  const file = path.join(folder, 'care.md');
  await writeFile(
    file,
    '# Care\n\nWash down jackets at thirty degrees.\n\n# Repairs\n\nWe mend zips for life.',
  );
  const dialog = await openDialog('Files');
  await dialog.locator('input[type=file]').setInputFiles(file);
  await visible(dialog.getByText('care.md'));
  await dialog.getByRole('button', { name: 'Upload' }).click();
  await visible(row('care.md').getByText('Stored'));
  await isRead();
  await page.getByRole('button', { name: 'Read files again' }).click();
  await visible(row('care.md').getByText('Unchanged'));
  await row('care.md').getByRole('link').click();
  await visible(page.getByText('Wash down jackets at thirty degrees.'));
  await visible(page.getByText('We mend zips for life.'));
  await shoot(page, 'document');
});

it('takes answers that are typed, and answers from CSV with its faulty rows', async () => {
  const typed = await openDialog('Questions and answers');
  await typed.getByLabel('Question').fill('Do you ship abroad?');
  await typed.getByLabel('Answer', { exact: true }).fill('Yes, to all of Europe.');
  await typed.getByRole('button', { name: 'Save answer' }).click();
  await visible(row('Do you ship abroad?').getByText('Stored'));
  const csv = path.join(folder, 'answers.csv');
  await writeFile(csv, 'question,answer\nIs there a shop?,In Linz.\n,nothing\n');
  const list = await openDialog('Questions and answers');
  await list.locator('input[type=file]').setInputFiles(csv);
  await visible(row('Is there a shop?').getByText('Stored'));
  await page
    .getByRole('group', { name: 'Show' })
    .getByRole('button', { name: /Failed/ })
    .click();
  await visible(row('row 3').getByText(/question: it is empty/));
  await expect.poll(() => row('Is there a shop?').count(), patience).toBe(0);
});

/** The answer that a visitor gets. */
async function answerTo(question: string): Promise<string> {
  const { answer } = (await callApi(server, 'POST', '/sites/default/answers', { question })) as {
    answer: string;
  };
  return answer;
}

it('changes a question and its answer in the list, and on the page of its own', async () => {
  const list = await openDialog('Questions and answers');
  await list.getByLabel('Question').fill('When does the café open?');
  await list.getByLabel('Answer', { exact: true }).fill('The café opens at **eight**.');
  await list.getByRole('button', { name: 'Save answer' }).click();
  await visible(row('When does the café open?').getByText('Stored'));
  await row('When does the café open?').getByRole('button', { name: /^Edit/ }).click();
  const dialog = page.getByRole('dialog');
  await expect
    .poll(() => dialog.getByLabel('Answer', { exact: true }).inputValue(), patience)
    .toContain('**eight**');
  await dialog.getByLabel('Answer', { exact: true }).fill('The café opens at **half past nine**.');
  await dialog.getByLabel('Other ways to ask it').fill('Is there breakfast?');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await visible(page.getByText('Saved. The next answer knows it.'));
  await visible(row('When does the café open?').getByText(/changed by hand/));
  expect(await answerTo('When does the café open?')).toContain('half past nine');
  expect(await answerTo('Is there breakfast?')).toContain('half past nine');

  await row('When does the café open?').getByRole('link').click();
  await visible(page.getByText('half past nine'));
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await expect
    .poll(() => dialog.getByLabel('Other ways to ask it').inputValue(), patience)
    .toBe('Is there breakfast?');
  await dialog.getByLabel('Question', { exact: true }).fill('When can I have coffee?');
  await dialog.getByLabel('Answer', { exact: true }).fill('The café opens at **ten**.');
  await shoot(page, 'document-pair-edit');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await visible(page.getByRole('heading', { name: 'When can I have coffee?' }));
  await visible(page.getByText('The café opens at ten.').or(page.getByText('The café opens at **ten**.')));
  await expect.poll(() => page.getByText('half past nine').count(), patience).toBe(0);
  expect(await answerTo('When can I have coffee?')).toContain('ten');
  await page.reload();
  await visible(page.getByRole('heading', { name: 'When can I have coffee?' }));
});

it('offers no change on the page of a document that is no pair', async () => {
  await page.goto(`${server.url}/console/knowledge?site=default&view=documents`);
  await page.getByRole('link', { name: /Care/ }).first().click(patience);
  await visible(page.getByText('We mend zips for life.'));
  expect(await page.getByRole('button', { name: 'Edit', exact: true }).count()).toBe(0);
});
