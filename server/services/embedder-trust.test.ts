import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOpenAiEmbedder } from '../adapters/embedder/openai.ts';
import { unknownFit } from '../domain/retrieval/embedder-fit.ts';
import type { Database, Embedder } from '../ports.ts';
import { createTestDatabase } from '../testing/database.ts';
import { fakeClock, recordingLogger, serveWith, silentLogger } from '../testing/deps.ts';
import { addDocument, newDocument } from '../testing/knowledge.ts';
import { createModelServer, type ModelServer } from '../testing/model-server.ts';
import { createEmbedderTrust } from './embedder-trust.ts';
import { createPassageIndex } from './passage-index.ts';
import { createRetrieve } from './retrieve.ts';

const pageCount = 24;
const subjects = Array.from({ length: pageCount }, (_, page) => `subject${String.fromCharCode(97 + page)}`);
const pages = subjects.map(
  (subject) =>
    `This page tells all about ${subject} and how ${subject} is used by people who know ${subject} well, in every season.`,
);

/** One dimension a subject: a model that knows what a text is about. */
const bySubject = (text: string) => [...subjects.map((subject) => text.split(subject).length - 1), 0.2];

/** A model gone wrong: all texts about the last subject, to each its own noise. */
function toLast(text: string): number[] {
  let state = [...text].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) >>> 0, 7);
  return [...subjects, ''].map(() => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 13) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
}

let db: Database;
const servers: ModelServer[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(async () => {
  for (const server of servers) await server.close();
  await db.close();
});

async function siteWith(siteId: string, embed: (text: string) => number[]): Promise<Embedder> {
  const server = await createModelServer({ embed });
  servers.push(server);
  const embedder = await createOpenAiEmbedder({ apiKey: 'k', baseUrl: server.url, model: siteId });
  const index = createPassageIndex({ embedder, logger: silentLogger });
  await db.execute('insert into site (id, name) values ($1, $1)', [siteId]);
  for (const [page, text] of pages.entries())
    await addDocument(db, index, siteId, newDocument(`page-${String(page)}`, [text], { title: '' }));
  return embedder;
}

const search = (siteId: string, embedder: Embedder, query: string) =>
  createRetrieve({ db, embedders: serveWith(embedder), clock: fakeClock(), logger: silentLogger })({
    siteId,
    query,
    k: 5,
    history: [],
  });

describe('what an embedder is worth on a site', () => {
  it('is learnt once from pieces of its passages, and kept', async () => {
    const embedder = await siteWith('knows', bySubject);
    const logger = recordingLogger();
    const trust = createEmbedderTrust({ db, clock: fakeClock(), logger });
    const fits = await Promise.all([1, 2].map(() => trust.fitOf('knows', embedder, pageCount)));
    expect(fits[0]).toMatchObject({ trust: 1, hitRate: 1 });
    expect(fits[1]).toBe(fits[0]);
    expect(logger.lines.map(({ event }) => event)).toEqual(['embedder-checked']);
    await trust.fitOf('knows', embedder, 2 * pageCount);
    expect(logger.lines).toHaveLength(2);
  });

  it('makes vectors count, for the order and for the confidence', async () => {
    const embedder = await siteWith('counts', bySubject);
    const { passages, signals } = await search('counts', embedder, 'subjectc');
    expect(passages[0]?.externalId).toBe('page-2');
    expect(signals.nearness).toBeGreaterThan(0.9);
    const stray = await search('counts', embedder, 'Who won the cup?');
    expect(stray.signals.nearness).toBeLessThan(0.5);
  });

  it('leaves the order of words alone where vectors mean nothing', async () => {
    const embedder = await siteWith('random', toLast);
    for (const [page, subject] of subjects.entries()) {
      const { passages, signals } = await search('random', embedder, `how is ${subject} used`);
      expect(passages[0]?.externalId).toBe(`page-${String(page)}`);
      const scores = passages.map(({ score, lexicalScore }) => score - lexicalScore);
      expect(Math.max(...scores)).toBeLessThan(0.1 * (passages[0]?.lexicalScore ?? 0));
      expect(Math.abs((signals.nearness ?? 0) - 0.5)).toBeLessThan(0.05);
    }
  });

  it('is unknown while the embedder is away, and asked for again later', async () => {
    const embedder = await siteWith('away', bySubject);
    const clock = fakeClock();
    let isAway = true;
    const flaky: Embedder = {
      ...embedder,
      embed: (...given) => (isAway ? Promise.reject(new Error('away')) : embedder.embed(...given)),
    };
    const logger = recordingLogger();
    const trust = createEmbedderTrust({ db, clock, logger });
    expect(await trust.fitOf('away', flaky, pageCount)).toBe(unknownFit);
    isAway = false;
    expect(await trust.fitOf('away', flaky, pageCount)).toBe(unknownFit);
    clock.advance(60_000);
    expect(await trust.fitOf('away', flaky, pageCount)).toMatchObject({ trust: 1 });
    expect(logger.lines.map(({ event }) => event)).toEqual(['embedder-not-checked', 'embedder-checked']);
  });
});
