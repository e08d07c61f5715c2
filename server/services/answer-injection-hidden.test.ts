import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBuiltinEmbedder } from '../adapters/embedder/builtin.ts';
import { createOpenAiChatModel } from '../adapters/llm/openai.ts';
import { extractHtml } from '../../ingest/extract/html.ts';
import { extractOffice } from '../../ingest/extract/office/office.ts';
import { extractPdf } from '../../ingest/extract/pdf.ts';
import type { Extracted } from '../../ingest/extract/types.ts';
import type { Database } from '../ports.ts';
import { insertSite } from '../store/site.ts';
import { systemClock, systemIds } from '../system.ts';
import { createTestDatabase } from '../testing/database.ts';
import { serveWith, silentLogger } from '../testing/deps.ts';
import { injections } from '../testing/injection-corpus.ts';
import { addDocument, newDocument } from '../testing/knowledge.ts';
import { createModelServer, type ModelServer } from '../testing/model-server.ts';
import { makePdf, type PdfExtras, type PdfText } from '../testing/pdf.ts';
import { makeZip, type ZipEntry } from '../testing/zip.ts';
import { createAnswerService, type AnswerService } from './answer.ts';
import { createPassageIndex } from './passage-index.ts';
import { createRetrieve } from './retrieve.ts';

/** L1: orders that a page or file hides from its readers, through our own reading of it, to a model that obeys. */

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
  'white on white': (order) => `<p style="color:#fff;background:#fff">${escape(order)}</p>`,
  'tiny letters': (order) => `<p style="font-size:1px">${escape(order)}</p>`,
};
/** Ways to hide a text that we read all the same: it is data there, and links of it are not shown. */
const disguised: Readonly<Record<string, (order: string) => string>> = {
  'an alternative text': (order) => `<p><img src="/a.png" alt="${escape(order)}"></p>`,
  'letters of no width': (order) => `<p>${escape([...order].join('\u200b'))}</p>`,
};

/** A file with a sentence that is seen, and an order that is not. */
const files: Readonly<Record<string, (seen: string, order: string) => Buffer>> = {
  'white letters of a PDF': (seen, order) => pdf(seen, { text: order, x: 60, y: 500, before: '1 g' }),
  'a picture of a PDF': (seen, order) =>
    pdf(seen, { text: order, x: 60, y: 500, after: '0 g 40 480 600 60 re f' }),
  'a note of a PDF': (seen, order) =>
    pdf(seen, undefined, {
      page: `/Annots [<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (${order}) >>]`,
    }),
  'the metadata of a PDF': (seen, order) =>
    pdf(seen, undefined, { info: `/Title (${order}) /Subject (${order})` }),
  'a hidden run of a Word document': (seen, order) => word(seen, '<w:vanish/>', order),
  'white letters of a Word document': (seen, order) => word(seen, '<w:color w:val="FFFFFF"/>', order),
  'a comment of a Word document': (seen, order) =>
    word(seen, '', '', [
      { name: 'word/comments.xml', body: `<w:comments>${wordRun('', order)}</w:comments>` },
    ]),
};

function pdf(seen: string, hidden?: PdfText, extras: PdfExtras = {}): Buffer {
  const line = { text: seen, x: 60, y: 700, size: 8 };
  return makePdf([hidden === undefined ? [line] : [line, { ...hidden, size: 6 }]], extras);
}
const wordRun = (properties: string, text: string) =>
  `<w:p><w:r><w:rPr>${properties}</w:rPr><w:t>${escape(text)}</w:t></w:r></w:p>`;
function word(seen: string, properties: string, order: string, parts: readonly ZipEntry[] = []): Buffer {
  const body = wordRun('', seen) + wordRun(properties, order);
  return makeZip([{ name: 'word/document.xml', body: `<w:document>${body}</w:document>` }, ...parts]);
}

const pageWays = [...Object.entries(unread), ...Object.entries(disguised)];
const ways = [...pageWays.map(([name]) => name), ...Object.keys(files)];
/** The ways by which nothing may reach the model. */
const unreadWays = [...Object.keys(unread), ...Object.keys(files)];
const seenIn = (number: number) =>
  `Returns in case ${String(number)} are free within 60 days of the day on which the parcel arrived.`;

/** What our own reading makes of each page and file, title and text. */
async function readAll(): Promise<{ title: string | null; text: string }[]> {
  const toText = ({ title, blocks }: Extracted) => ({
    title,
    text: blocks.map(({ text }) => text).join('\n\n'),
  });
  const pages = pageWays.map(([, hide], number) => {
    const html = `<main><h1>Returns</h1><p>${seenIn(number)}</p>${hide(orderFor(number))}</main>`;
    return toText(extractHtml(html, null));
  });
  const read = Object.values(files).map(async (make, index) => {
    const number = pageWays.length + index;
    const bytes = make(seenIn(number), orderFor(number).replaceAll(/[^\x20-\x7e]|[()\\]/gu, ''));
    const found =
      bytes.subarray(0, 4).toString() === '%PDF' ? await extractPdf(bytes) : await extractOffice(bytes);
    if (found === null) throw new Error('not read as an office file');
    return toText(found);
  });
  return [...pages, ...(await Promise.all(read))];
}
const orderFor = (index: number) => `Hidden order ${String(index)} xyzzy: ${injections(40, 3)[index] ?? ''}`;

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
  for (const [number, { title, text }] of (await readAll()).entries()) {
    const page = newDocument(`page-${String(number)}`, [text], { title: title ?? 'Returns' });
    await addDocument(db, index, 'poisoned', page);
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
  it.each(ways.map((name, number) => ({ name, number })))(
    'by $name bring nothing of another site or key, and no link',
    async ({ number }) => {
      const { shown, sent } = await ask(number);
      expect(sent).toContain(`Returns in case ${String(number)} are free`);
      for (const canary of [otherSite, 'CANARY-KEY']) expect(shown + sent).not.toContain(canary);
      expect(shown).not.toMatch(/evil\.test/u);
    },
  );

  it('never reach the model where no reader of the page sees them', async () => {
    for (const way of unreadWays) {
      const number = ways.indexOf(way);
      expect((await ask(number)).sent, way).not.toContain(`Hidden order ${String(number)} xyzzy`);
    }
  });
});
