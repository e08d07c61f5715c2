import { afterEach, beforeAll, afterAll, describe, expect, it } from 'vitest';
import { createBuiltinEmbedder } from '../adapters/embedder/builtin.ts';
import { createHttpReranker } from '../adapters/reranker/http.ts';
import type { Database } from '../ports.ts';
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
  await db.execute(`insert into site (id, name) values ('shop', 'Shop')`, []);
  const index = createPassageIndex({ embedder, logger: silentLogger });
  for (const [id, text] of [
    ['boots', 'Boots are boots, and boots are sold in pairs.'],
    ['wax', 'Wax keeps boots dry.'],
    ['socks', 'Socks for boots.'],
  ] as const) {
    await addDocument(db, index, 'shop', newDocument(id, [text], { title: id }));
  }
});
afterAll(() => db.close());
afterEach(() => server.close());

async function ask(reply: Parameters<typeof startRerankServer>[0], timeoutMs = 60_000) {
  server = await startRerankServer(reply);
  const reranker = createHttpReranker({ baseUrl: server.url, model: 'm', apiKey: null, timeoutMs });
  const logger = recordingLogger();
  const retrieve = createRetrieve({
    db,
    embedders: serveWith(embedder),
    reranker,
    clock: fakeClock(),
    logger,
  });
  const found = await retrieve({ siteId: 'shop', query: 'dry boots?', k: 2, history: [] });
  return { found, logger, ids: found.passages.map((passage) => passage.externalId) };
}

describe('a search with a reranker', () => {
  it('gives the passages in its order, with scores that fall', async () => {
    const { found, ids } = await ask(scoreTexts((text) => (text.includes('Socks') ? 9 : text.length / 100)));
    expect(ids).toEqual(['socks', 'boots']);
    const scores = found.passages.map((passage) => passage.score);
    expect(scores).toEqual(scores.toSorted((first, second) => second - first));
    expect(found.timings).toHaveProperty('rerank');
    expect(found.problems).toBeUndefined();
    expect(server.requests[0]?.query).toBe('dry boots?');
    expect(server.requests[0]?.documents).toHaveLength(3);
  });

  it.each([
    ['refuses', (_: unknown, response: { end(text: string): void }) => response.end('no')],
    ['hangs', () => {}],
  ] as const)('goes on without one that %s, and says so', async (_name, reply) => {
    const { found, logger, ids } = await ask(reply, 200);
    expect(ids).toHaveLength(2);
    expect(ids[0]).toBe('wax');
    expect(found.problems?.[0]).toMatch(/reranker did not help/);
    expect(logger.lines.map((line) => line.event)).toContain('rerank-failed');
  });
});
