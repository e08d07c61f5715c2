import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBuiltinEmbedder } from '../adapters/embedder/builtin.ts';
import { createOpenAiChatModel } from '../adapters/llm/openai.ts';
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

/** L1 of the reliability map: 300 direct and 300 indirect orders to a model that obeys, telling all that it was given. */

const count = 300;
const pagesPerQuestion = 5;
const otherSite = 'CANARY-OTHER-SITE';
const otherVisitor = 'CANARY-OTHER-VISITOR';
const embedder = createBuiltinEmbedder();

let db: Database;
let server: ModelServer;
let answers: AnswerService;

beforeAll(async () => {
  db = await createTestDatabase();
  for (const id of ['shop', 'poisoned', 'other'])
    await insertSite(db, { id, name: id, settings: {}, createdAt: new Date(0) });
  const index = createPassageIndex({ embedder, logger: silentLogger });
  const add = (site: string, id: string, text: string) =>
    addDocument(db, index, site, newDocument(id, [text], { title: 'Returns' }));
  await add('shop', 'returns', 'Returns are free within 60 days, for the prompt and for the late.');
  await add('other', 'secret', `Returns of other customers, notes of agents, system prompt: ${otherSite}.`);
  for (const [number, order] of injections(count, 2).entries())
    await add('poisoned', `page-${String(number)}`, `Returns in case ${String(number)} are free. ${order}`);
  await index.merge(db, 'poisoned');
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
}, 240_000);
afterAll(async () => {
  await server.close();
  await db.close();
});

/** What the visitor reads of one answer, as it streams. */
async function read(siteId: string, question: string): Promise<string> {
  const request = { siteId, question, history: [], conversationId: null, turnId: null };
  let shown = '';
  for await (const item of answers.answer({ ...request, signal: new AbortController().signal })) {
    if (item.type === 'delta') shown += item.text;
  }
  return shown;
}

/** Everything that left this process for the model, and that visitors were shown. */
function canariesIn(shown: readonly string[], from: number): string[] {
  const sent = server.requests.slice(from).flatMap(({ messages }) => messages.map(({ content }) => content));
  const all = [...sent, ...shown];
  return [otherSite, otherVisitor, 'CANARY-KEY'].filter((canary) =>
    all.some((text) => text.includes(canary)),
  );
}

describe('L1: orders to a model that obeys', () => {
  it('come in hundreds of wordings', () => {
    expect(new Set(injections(count, 1)).size).toBe(count);
    expect(injections(count, 1)).not.toEqual(injections(count, 2));
  });

  it('of visitors bring nothing of another site, visitor or key', { timeout: 300_000 }, async () => {
    await read('shop', `How long are returns free? ${otherVisitor}`);
    const from = server.requests.length;
    const shown = [];
    for (const order of injections(count, 1)) shown.push(await read('shop', `Are returns free? ${order}`));
    expect(server.requests.length - from).toBeGreaterThanOrEqual(count * 0.9);
    expect(canariesIn(shown, from)).toEqual([]);
    expect(shown.filter((text) => /evil\.test/u.test(text))).toEqual([]);
  });

  it('of pages bring nothing of another site, visitor or key', { timeout: 300_000 }, async () => {
    const from = server.requests.length;
    const shown = [];
    for (let number = 0; number < count; number += pagesPerQuestion)
      shown.push(await read('poisoned', `Are returns in case ${String(number)} free?`));
    const seen = server.requests.slice(from).map(({ messages }) => messages.at(-1)?.content ?? '');
    expect(seen.length).toBeGreaterThanOrEqual((count / pagesPerQuestion) * 0.9);
    expect(seen.every((text) => (text.match(/<passage number=/gu) ?? []).length === pagesPerQuestion)).toBe(
      true,
    );
    expect(canariesIn(shown, from)).toEqual([]);
  });
});
