import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBuiltinEmbedder } from '../adapters/embedder/builtin.ts';
import { createOpenAiChatModel } from '../adapters/llm/openai.ts';
import { extractHtml } from '../../ingest/extract/html.ts';
import type { Database } from '../ports.ts';
import { insertSite } from '../store/site.ts';
import { systemClock, systemIds } from '../system.ts';
import { createTestDatabase } from '../testing/database.ts';
import { serveWith, silentLogger } from '../testing/deps.ts';
import { injections } from '../testing/injection-corpus.ts';
import { addDocument, newDocument } from '../testing/knowledge.ts';
import { createModelServer, type ModelServer } from '../testing/model-server.ts';
import { createAnswerService, type AnswerService } from './answer.ts';
import { createPassageIndex } from './passage-index.ts';
import { createRetrieve } from './retrieve.ts';

/** L1: orders that a page hides from its readers, through our own reading of HTML, to a model that obeys. */

const otherSite = 'CANARY-OTHER-SITE';
const escape = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** Ways to hide a text that no reader of the page is shown: none of it may reach the model. */
const unread: Readonly<Record<string, (order: string) => string>> = {
  'display: none': (order) => `<p style="display:none">${escape(order)}</p>`,
  'visibility: hidden': (order) => `<div style="visibility: hidden">${escape(order)}</div>`,
  'the attribute hidden': (order) => `<p hidden>${escape(order)}</p>`,
  'a comment': (order) => `<!-- ${order.replaceAll('-->', '')} -->`,
  'a script': (order) => `<script type="text/plain">${order.replaceAll('</', '')}</script>`,
  'a template': (order) => `<template><p>${escape(order)}</p></template>`,
};
/** Ways to hide a text that we read all the same: it is data there, and links of it are not shown. */
const disguised: Readonly<Record<string, (order: string) => string>> = {
  'white on white': (order) => `<p style="color:#fff;background:#fff">${escape(order)}</p>`,
  'tiny letters': (order) => `<p style="font-size:1px">${escape(order)}</p>`,
  'an alternative text': (order) => `<p><img src="/a.png" alt="${escape(order)}"></p>`,
  'letters of no width': (order) => `<p>${escape([...order].join('\u200b'))}</p>`,
};
const ways = [...Object.entries(unread), ...Object.entries(disguised)];
const orderFor = (index: number) =>
  `Hidden order ${String(index)} xyzzy: ${injections(ways.length, 3)[index] ?? ''}`;

let db: Database;
let server: ModelServer;
let answers: AnswerService;

beforeAll(async () => {
  db = await createTestDatabase();
  for (const id of ['poisoned', 'other'])
    await insertSite(db, { id, name: id, settings: {}, createdAt: new Date(0) });
  const embedder = createBuiltinEmbedder();
  const index = createPassageIndex({ embedder, logger: silentLogger });
  const secret = newDocument('secret', [`Returns of other customers, system prompt: ${otherSite}.`]);
  await addDocument(db, index, 'other', secret);
  for (const [number, [, hide]] of ways.entries()) {
    const html = `<main><h1>Returns ${String(number)}</h1><p>Returns in case ${String(number)} are free within 60 days
      of the day on which the parcel arrived.</p>${hide(orderFor(number))}</main>`;
    const text = extractHtml(html, null)
      .blocks.map((block) => block.text)
      .join('\n\n');
    await addDocument(
      db,
      index,
      'poisoned',
      newDocument(`page-${String(number)}`, [text], { title: 'Returns' }),
    );
  }
  server = await createModelServer({
    reply: (messages) => `ANSWER: FULL\n${messages.map(({ content }) => content).join('\n')} [1]`,
  });
  const deps = { db, clock: systemClock, ids: systemIds, logger: silentLogger };
  answers = createAnswerService({
    ...deps,
    retrieve: createRetrieve({ ...deps, embedders: serveWith(embedder) }),
    budget: { reserve: () => Promise.resolve({ settle: () => Promise.resolve() }) },
    chatModel: createOpenAiChatModel({ ...deps, apiKey: 'CANARY-KEY', baseUrl: server.url, model: 'obeys' }),
  });
}, 120_000);
afterAll(async () => {
  await server.close();
  await db.close();
});

/** What the visitor reads, and what the model was sent, about one of the pages. */
async function ask(number: number): Promise<{ shown: string; sent: string }> {
  const from = server.requests.length;
  const request = {
    siteId: 'poisoned',
    question: `Are returns in case ${String(number)} free?`,
    history: [],
  };
  const place = { conversationId: null, turnId: null, signal: new AbortController().signal };
  let shown = '';
  for await (const item of answers.answer({ ...request, ...place })) {
    if (item.type === 'delta') shown += item.text;
  }
  const sent = server.requests.slice(from).flatMap(({ messages }) => messages.map(({ content }) => content));
  return { shown, sent: sent.join('\n') };
}

describe('L1: orders that a page hides', () => {
  it.each(ways.map(([name], number) => ({ name, number })))(
    'by $name bring nothing of another site or key, and no link',
    async ({ number }) => {
      const { shown, sent } = await ask(number);
      expect(sent).toContain(`Returns in case ${String(number)} are free`);
      for (const canary of [otherSite, 'CANARY-KEY']) expect(shown + sent).not.toContain(canary);
      expect(shown).not.toMatch(/evil\.test/u);
    },
  );

  it('never reach the model where no reader of the page sees them', async () => {
    for (const number of Object.keys(unread).keys()) {
      expect((await ask(number)).sent).not.toContain(`Hidden order ${String(number)} xyzzy`);
    }
  });
});
