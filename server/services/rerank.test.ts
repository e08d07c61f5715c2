import { afterEach, beforeAll, afterAll, describe, expect, it } from 'vitest';
import { createBuiltinEmbedder } from '../adapters/embedder/builtin.ts';
import { createHttpReranker } from '../adapters/reranker/http.ts';
import type { Database, Logger, Reranker } from '../ports.ts';
import { createTestDatabase } from '../testing/database.ts';
import { fakeClock, recordingLogger, serveWith, silentLogger } from '../testing/deps.ts';
import { addDocument, newDocument } from '../testing/knowledge.ts';
import { scoreTexts, startRerankServer, type RerankServer } from '../testing/rerank-server.ts';
import { createPassageIndex } from './passage-index.ts';
import { createRetrieve } from './retrieve.ts';

const embedder = createBuiltinEmbedder();
let db: Database;
let server: RerankServer;

beforeAll(async () => {
  db = await createTestDatabase();
  await db.execute(`insert into site (id, name) values ('shop', 'Shop'), ('lone', 'Lone')`, []);
  const index = createPassageIndex({ embedder, logger: silentLogger });
  for (const [id, text] of [
    ['boots', 'Boots are boots, and boots are sold in pairs.'],
    ['wax', 'Wax keeps boots dry.'],
    ['socks', 'Socks for boots.'],
  ] as const) {
    await addDocument(db, index, 'shop', newDocument(id, [text], { title: id }));
  }
  await addDocument(db, index, 'lone', newDocument('only', ['Keep boots dry.'], { title: 'only' }));
});
afterAll(() => db.close());
afterEach(() => server.close());

function search(reranker: Reranker | null, logger: Logger, siteId: string) {
  const embedders = serveWith(embedder);
  const retrieve = createRetrieve({ db, embedders, reranker, clock: fakeClock(), logger });
  return retrieve({ siteId, query: 'dry boots?', k: 2, history: [] });
}

async function ask(
  reply: Parameters<typeof startRerankServer>[0],
  timeoutMs = 60_000,
  siteId: 'shop' | 'lone' = 'shop',
) {
  server = await startRerankServer(reply);
  const reranker = createHttpReranker({ baseUrl: server.url, model: 'm', apiKey: null, timeoutMs });
  const logger = recordingLogger();
  const found = await search(reranker, logger, siteId);
  return { found, logger, ids: found.passages.map((passage) => passage.externalId) };
}

describe('a search with a reranker', () => {
  it('gives the passages in its order, with scores that fall', async () => {
    const { found, ids } = await ask(scoreTexts((text) => (text.includes('Socks') ? 9 : text.length / 100)));
    expect(ids).toEqual(['socks', 'boots']);
    const scores = found.passages.map((passage) => passage.score);
    expect(scores).toEqual(scores.toSorted((first, second) => second - first));
    expect(found.timings).toHaveProperty('rerank');
    expect(found.reranking).toEqual({ outcome: 'answered', reason: null });
    expect(server.requests[0]?.query).toBe('dry boots?');
    expect(server.requests[0]?.documents).toHaveLength(3);
  });

  it('tells of each passage where it stood, with what score, and what the reranker gave', async () => {
    const { found: plain } = await ask(scoreTexts(() => 1));
    await server.close();
    const { found } = await ask(scoreTexts((text) => (text.includes('Socks') ? 9 : text.length / 100)));
    const places = plain.passages.map(({ externalId }) => externalId);
    const scores = plain.passages.map(({ score }) => score);
    expect(places[0]).toBe('wax');
    const [socks, boots] = found.passages;
    expect(socks).toMatchObject({ externalId: 'socks', score: scores[0], reranked: { relevance: 9 } });
    const placed = [socks, boots].map((passage) => passage?.reranked?.placeBefore ?? 0);
    expect(placed.toSorted((first, second) => first - second)).toEqual([2, 3]);
    const second = [socks, boots].find((passage) => passage?.reranked?.placeBefore === 2);
    expect(second).toMatchObject({ externalId: places[1], reranked: { scoreBefore: scores[1] } });
  });

  it.each([
    ['refuses', (_: unknown, response: { end(text: string): void }) => response.end('no'), 60_000, 'failed'],
    ['hangs', () => {}, 200, 'timed-out'],
  ] as const)('goes on without one that %s, and says so', async (_name, reply, timeoutMs, outcome) => {
    const { found, logger, ids } = await ask(reply, timeoutMs);
    expect(ids).toHaveLength(2);
    expect(ids[0]).toBe('wax');
    expect(found.reranking).toEqual({ outcome, reason: expect.stringContaining('did not help') });
    expect(found.passages.every(({ reranked }) => reranked === undefined)).toBe(true);
    expect(logger.lines.map((line) => line.event)).toContain('rerank-failed');
  });

  it('does not ask it where there is nothing to put in order, and says so', async () => {
    const { found } = await ask(
      scoreTexts(() => 1),
      60_000,
      'lone',
    );
    expect(server.requests).toEqual([]);
    expect(found.reranking).toMatchObject({ outcome: 'skipped', reason: expect.stringContaining('order') });
  });

  it('says nothing of a reranker where none is configured', async () => {
    server = await startRerankServer(scoreTexts(() => 1));
    const found = await search(null, recordingLogger(), 'shop');
    expect(found.reranking).toBeUndefined();
    expect(found.timings).not.toHaveProperty('rerank');
  });
});
