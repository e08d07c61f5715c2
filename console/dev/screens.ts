/**
 * Takes pictures of every screen at desktop and phone width, light and dark, and runs axe on each:
 * `node console/dev/screens.ts <folder> [name part]`. Ends with the list of accessibility faults.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Page } from 'playwright-core';
import { fakeIndex, fakeIndexBuild, fakeSources } from './fake-knowledge.ts';
import { startFakeServer } from './fake-server.ts';

type Server = Awaited<ReturnType<typeof startFakeServer>>;
interface Screen {
  name: string;
  path: (server: Server) => string;
  access?: 'setup' | 'login';
  prepare?: (page: Page, server: Server) => Promise<unknown>;
}

const conversation = (server: Server, state: string, skip = 0): string => {
  const found = [...server.desk.conversations.values()].filter((one) => one.state === state)[skip];
  return `inbox/${found?.id ?? ''}`;
};
const source = (name: string): string =>
  `knowledge/${fakeSources.find((one) => one.name === name)?.id ?? ''}?site=demo`;

/** What the fake server says of its reranker, and what a real one says of one that does not answer. */
const answered = JSON.stringify({ outcome: 'answered', reason: null });
const moves = /,"reranked":\{[^}]*\}/g;
const late = JSON.stringify({
  outcome: 'timed-out',
  reason: 'The reranker did not help: no answer within 2000 ms.',
});

/** What the server says to a question that another pair has. */
const taken = {
  type: 'about:blank',
  title: 'Conflict',
  status: 409,
  code: 'conflict',
  detail: 'Another pair of this list has that question.',
  fix: 'Change that pair, or word the question otherwise.',
};

/** Shows the screen again as it is while another embedder's vectors are made. */
const whileBuilding = (change: Partial<typeof fakeIndexBuild>) => async (page: Page) => {
  const body = JSON.stringify({ ...fakeIndex, build: { ...fakeIndexBuild, ...change } });
  await page.route('**/sites/*/index', (route) => route.fulfill({ contentType: 'application/json', body }));
  await page.reload();
  await page.getByRole('region', { name: 'Search index' }).scrollIntoViewIfNeeded();
  await page.unroute('**/sites/*/index');
};

const addMenu = async (page: Page, choice: string) => {
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('menuitem', { name: choice }).click();
  await page.getByRole('dialog').waitFor();
};

const screens: Screen[] = [
  { name: 'setup', path: () => 'setup', access: 'setup' },
  { name: 'login', path: () => 'login', access: 'login' },
  { name: 'inbox', path: () => 'inbox' },
  { name: 'waiting', path: (server) => conversation(server, 'waiting') },
  { name: 'mine', path: (server) => conversation(server, 'human') },
  { name: 'other', path: (server) => conversation(server, 'human', 1) },
  {
    name: 'streaming',
    path: (server) => conversation(server, 'ai'),
    prepare: async (page, server) => {
      await page.getByRole('log').waitFor();
      void server.desk.stream();
      await page.getByText('within two to three working days', { exact: false }).last().waitFor();
      await page.getByText('If yours is').first().waitFor();
    },
  },
  { name: 'help', path: () => 'inbox', prepare: (page) => page.keyboard.press('?') },
  { name: 'knowledge', path: () => 'knowledge?site=demo' },
  { name: 'index-build', path: () => 'knowledge?site=demo', prepare: whileBuilding({}) },
  {
    name: 'index-build-ann',
    path: () => 'knowledge?site=demo',
    prepare: whileBuilding({
      ...{ state: 'indexing', done: 12_480, perSecond: null, secondsLeft: null },
      ann: { phase: 'loading tuples', share: 0.428 },
    }),
  },
  {
    name: 'index-build-failed',
    path: () => 'knowledge?site=demo',
    prepare: whileBuilding({
      state: 'failed',
      perSecond: null,
      secondsLeft: null,
      reason: 'The embedding server refused the key (401). Check OPENAI_API_KEY and EMBEDDING_BASE_URL.',
      fix: 'Mend what it says, or set the former embedding model again. It is tried again by itself.',
      retryAt: new Date(Date.now() + 240_000).toISOString(),
    }),
  },
  { name: 'index-build-ai', path: () => 'settings/ai?site=demo', prepare: whileBuilding({}) },
  {
    name: 'index-ai',
    path: () => 'settings/ai?site=demo',
    prepare: (page) => page.getByRole('region', { name: 'Search index' }).scrollIntoViewIfNeeded(),
  },
  { name: 'knowledge-empty', path: () => 'knowledge?site=default' },
  {
    name: 'add-website',
    path: () => 'knowledge?site=demo',
    prepare: (page) => addMenu(page, 'Website'),
  },
  { name: 'add-pages', path: () => 'knowledge?site=demo', prepare: (page) => addMenu(page, 'Single pages') },
  {
    name: 'add-website-more',
    path: () => 'knowledge?site=demo',
    prepare: async (page) => {
      await addMenu(page, 'Website');
      await page.getByText('Which pages, and how fast').click();
    },
  },
  { name: 'ledger-upload', path: () => source('Sizing guide and care cards') },
  { name: 'add-files', path: () => 'knowledge?site=demo', prepare: (page) => addMenu(page, 'Files') },
  { name: 'add-answers', path: () => 'knowledge?site=demo', prepare: (page) => addMenu(page, 'Questions') },
  { name: 'ledger-answers', path: () => source('Opening hours') },
  {
    name: 'edit-answer',
    path: () => source('Opening hours'),
    prepare: async (page) => {
      await page.getByRole('button', { name: /^Edit / }).click();
      await page.getByLabel('Answer', { exact: true }).waitFor();
    },
  },
  {
    name: 'edit-answer-refused',
    path: () => source('Opening hours'),
    prepare: async (page) => {
      await page.route('**/pairs/*', (route) =>
        route.request().method() === 'PATCH'
          ? route.fulfill({
              status: 409,
              contentType: 'application/problem+json',
              body: JSON.stringify(taken),
            })
          : route.fallback(),
      );
      await page.getByRole('button', { name: /^Edit / }).click();
      await page.getByLabel('Answer', { exact: true }).fill('From ten to five.');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByText('Another pair of this list').waitFor();
    },
  },
  { name: 'ledger-running', path: () => source('Help pages') },
  {
    name: 'change-source',
    path: () => source('Old community forum'),
    prepare: async (page) => {
      await page.getByRole('button', { name: 'More actions' }).click();
      await page.getByRole('menuitem', { name: 'Name and schedule' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'account-menu',
    path: () => 'inbox',
    prepare: (page) => page.getByRole('button', { name: /Account menu/ }).click(),
  },
  { name: 'ledger-failed', path: () => source('Old community forum') },
  { name: 'documents', path: () => 'knowledge?site=demo&view=documents' },
  { name: 'synonyms', path: () => 'knowledge?site=demo&view=synonyms' },
  {
    name: 'synonyms-edit',
    path: () => 'knowledge?site=demo&view=synonyms',
    prepare: (page) =>
      page
        .getByRole('button', { name: /^Edit / })
        .first()
        .click(),
  },
  { name: 'document-pair', path: () => 'documents/qa-1?site=demo' },
  {
    name: 'document-pair-edit',
    path: () => 'documents/qa-1?site=demo',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Edit', exact: true }).click();
      await page.getByLabel('Answer', { exact: true }).waitFor();
    },
  },
  { name: 'document', path: () => 'documents/https%3A%2F%2Fshop.example%2Fhelp%2Fdelivery?site=demo' },
  {
    name: 'document-ask',
    path: () => 'documents/https%3A%2F%2Fshop.example%2Fhelp%2Fdelivery?site=demo',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Another way to ask for passage 2' }).click();
      await page.getByRole('textbox', { name: 'Way to ask for passage 2' }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'playground',
    path: () => 'playground?site=demo',
    prepare: async (page) => {
      await page
        .getByLabel('Question', { exact: true })
        .fill('How long does delivery take, and what does it cost?');
      await page.keyboard.press('Enter');
      await page.getByText('The AI answers').waitFor();
    },
  },
  {
    name: 'playground-reranker-late',
    path: () => 'playground?site=demo',
    prepare: async (page) => {
      await page.route('**/answers?explain=1', async (route) => {
        const response = await route.fetch();
        const said = (await response.text()).replace(answered, late).replaceAll(moves, '');
        await route.fulfill({ response, body: said });
      });
      await page.getByLabel('Question', { exact: true }).fill('How long does delivery take?');
      await page.keyboard.press('Enter');
      await page.getByText('The reranker was too slow').scrollIntoViewIfNeeded();
    },
  },
  { name: 'playground-empty', path: () => 'playground?site=demo' },
  ...['general', 'ai', 'widget', 'people', 'keys', 'account'].map((section) => ({
    name: `settings-${section}`,
    path: () => `settings/${section}?site=demo`,
  })),
  {
    name: 'ai-report',
    path: () => 'settings/ai?site=demo',
    prepare: (page) => page.getByText('What checking the model').scrollIntoViewIfNeeded(),
  },
  {
    name: 'ai-examples',
    path: () => 'settings/ai?site=demo',
    prepare: (page) => page.getByLabel('Other hosts').scrollIntoViewIfNeeded(),
  },
  { name: 'settings-index', path: () => 'settings' },
];

const sizes = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

async function take(page: Page, screen: Screen, server: Server, file: string): Promise<string[]> {
  server.access.status = screen.access ?? 'in';
  await page.goto(`${server.url}/console/${screen.path(server)}`);
  await page.waitForLoadState('networkidle');
  await screen.prepare?.(page, server);
  await page.waitForTimeout(350);
  await page.screenshot({ path: file });
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.any[0]?.message ?? ''}`),
  );
}

const [folder = 'screens', part = ''] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
const faults: string[] = [];
for (const [size, viewport] of Object.entries(sizes)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    const server = await startFakeServer(0);
    const context = await browser.newContext({ viewport, colorScheme });
    const page = await context.newPage();
    page.on('console', (entry) => {
      // Chromium logs the refusal that a screen is there to show.
      const isRefusal = entry.text().includes('409 (Conflict)');
      if (entry.type() === 'error' && !isRefusal)
        faults.push(`${size} ${colorScheme} console: ${entry.text()}`);
    });
    page.on('pageerror', (error) => faults.push(`${size} ${colorScheme} page: ${error.message}`));
    for (const screen of screens.filter(({ name }) => name.includes(part))) {
      const file = path.join(folder, `${screen.name}-${size}-${colorScheme}.png`);
      const found = await take(page, screen, server, file);
      faults.push(...found.map((fault) => `${screen.name} ${size} ${colorScheme} ${fault}`));
    }
    await context.close();
    server.close();
  }
}
await browser.close();
process.stdout.write(faults.length === 0 ? 'no faults\n' : `${[...new Set(faults)].join('\n')}\n`);
