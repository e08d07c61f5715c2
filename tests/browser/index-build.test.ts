import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { indexStatusSchema } from '../../server/protocol/http-knowledge.ts';
import { createModelServer, type ModelServer } from '../../server/testing/model-server.ts';
import { apiKey, callApi, launchBrowser, startServer, waitUntilRead, type RunningServer } from './harness.ts';
import { shoot, signIn, visible } from './story.ts';

const documents = 300;
/** The sweep that begins a build comes every ten seconds. */
const patience = { timeout: 60_000 };

let model: ModelServer;
let server: RunningServer;
let browser: Browser;
let page: Page;
/** The third request for vectors of tents waits for it, and all after it. */
let open = () => {};
const gate = new Promise<void>((resolve) => (open = resolve));
let requests = 0;

async function add(site: string, count: number, text: string) {
  const lines = Array.from({ length: count }, (_, n) =>
    JSON.stringify({
      id: `${site}-${n}`,
      title: `Page ${n}`,
      text: `${text} ${n}, as it is sold in the shop.`,
    }),
  );
  const response = await fetch(`${server.url}/api/v1/sites/${site}/documents`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/x-ndjson' },
    body: lines.join('\n'),
  });
  expect(response.status).toBe(202);
  await waitUntilRead(server, site);
}

const statusOf = async (site: string) =>
  indexStatusSchema.parse(await callApi(server, 'GET', `/sites/${site}/index`));

beforeAll(async () => {
  model = await createModelServer({
    embed: (text) => (text.includes('unreadable') ? [0, 0, 0, 0] : [text.length, 1, 2, 3]),
    beforeEmbed: async (texts) => {
      if (!texts.some((text) => text.includes('tent number'))) return;
      requests += 1;
      if (requests > 2) await gate;
    },
  });
  server = await startServer();
  browser = await launchBrowser();
  page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await add('default', documents, 'Everything about tent number');
  await callApi(server, 'POST', '/sites', { id: 'broken', name: 'Broken' });
  await add('broken', 3, 'Something unreadable for the new model, number');
});
afterAll(async () => {
  open();
  await browser.close();
  await server.stop();
  await model.close();
});

const card = () => page.getByRole('region', { name: 'Search index' });

it('shows an owner how far another embedding model is, through a reload, until it is in use', async () => {
  await server.killAndRestart({ EMBEDDING_BASE_URL: model.url, EMBEDDING_MODEL: 'scripted' });
  await signIn(page, server);
  await page.goto(`${server.url}/console/knowledge?site=default`);
  await card().getByText(`192 of ${documents} passages`).waitFor(patience);
  await visible(card().getByText('Building'));
  await visible(card().getByText(/per second, about .* left/));
  await visible(
    card().getByText(/being read by scripted on .* search uses the built-in model; nothing is missing/),
  );
  await shoot(page, 'index-build');
  await page.reload();
  await card().getByText(`192 of ${documents} passages`).waitFor(patience);
  expect((await statusOf('default')).build).toMatchObject({
    state: 'embedding',
    done: 192,
    total: documents,
  });
  open();
  await card().getByText('Done').waitFor(patience);
  await visible(card().getByText(/meanings with scripted on/));
  expect(await statusOf('default')).toMatchObject({ build: null, live: { dimensions: 4 } });
  await page.goto(`${server.url}/console/settings/ai?site=default`);
  await visible(card().getByText(/meanings with scripted/));
});

it('says why it broke off, what to do, and when it is tried again', async () => {
  await page.goto(`${server.url}/console/knowledge?site=broken`);
  await card().getByText('Broke off').waitFor(patience);
  await visible(card().getByText(/unusable vector.*Check EMBEDDING_MODEL/));
  await visible(card().getByText(/set the former embedding model again/));
  await visible(card().getByText(/to be read by scripted on/));
  await shoot(page, 'index-build-failed');
});
