import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createOpenAiEmbedder } from '../adapters/embedder/openai.ts';
import type { Retrieve } from './retrieve.ts';
import { scenarios } from '../testing/model-scenarios.ts';
import { createModelServer, type ModelServer, type ModelServerOptions } from '../testing/model-server.ts';
import { createTestDatabase } from '../testing/database.ts';
import { serveWith, silentLogger } from '../testing/deps.ts';
import { createWorkbench, type Workbench } from '../testing/ingest.ts';
import { systemClock } from '../system.ts';
import { createPassageIndex } from './passage-index.ts';
import { createRetrieve } from './retrieve.ts';

/** Whole jobs against an embedding server that misbehaves: what becomes of the rows, and what visitors find. */
const dimensions = 3;
const count = 6;
let bench: Workbench;
let server: ModelServer;
let retrieve: Retrieve;
let behave: NonNullable<ModelServerOptions['embedReply']> = () => null;
let embed: (text: string) => readonly number[];
let asked: string[][] = [];

const sound = (text: string) => [text.length, 1, text.codePointAt(0) ?? 1];

beforeAll(async () => {
  server = await createModelServer({
    embed: (text) => embed(text),
    embedReply: (texts, attempt) => {
      asked.push([...texts]);
      return behave(texts, attempt);
    },
  });
  const endpoint = { apiKey: 'k', baseUrl: server.url, model: 'scripted', dimensions, maxAttempts: 2 };
  const embedder = await createOpenAiEmbedder(endpoint);
  const db = await createTestDatabase();
  const index = createPassageIndex({ embedder, logger: silentLogger });
  bench = await createWorkbench({ db, index });
  retrieve = createRetrieve({ db, embedders: serveWith(embedder), clock: systemClock, logger: silentLogger });
  embed = sound;
  await importPages('old', count);
});
afterEach(() => {
  behave = () => null;
  embed = sound;
  asked = [];
});
afterAll(async () => {
  await bench.close();
  await server.close();
});

const textOf = (word: string, n: number) =>
  `The ${word} sentence about tents, number ${String(n)}, stands here alone.`;

/** Imports documents whose texts are all new; gives the source with its rows as `id: state`. */
async function importPages(word: string, pages: number) {
  const lines = Array.from({ length: pages }, (_, n) =>
    JSON.stringify({ id: `page-${String(n)}`, title: 'Page', text: textOf(word, n) }),
  );
  async function* stream() {
    yield Buffer.from(lines.join('\n'));
  }
  const id = await bench.sources.createDocuments(bench.siteId, word, stream());
  const [job] = bench.jobs.held.splice(0);
  const error: unknown = await bench.pipeline
    .run(job ?? { sourceId: id, run: 1 }, new AbortController().signal)
    .then(
      () => null,
      (reason: unknown) => reason,
    );
  const source = await bench.sources.get(bench.siteId, id);
  const rows = source.items.map((item) => `${item.state}: ${item.reason ?? ''}`);
  return { id, job, error, state: source.state, reason: source.reason, rows };
}

async function words(): Promise<string[]> {
  const rows = await bench.db.query(
    `select distinct substring(text from 'The (\\w+) sentence') as word from passage`,
    [],
    z.object({ word: z.string() }),
  );
  return rows.map(({ word }) => word);
}

/** The old version is whole and is found. */
async function expectOldServes(): Promise<void> {
  expect(await words()).toEqual(['old']);
  const [row] = await bench.db.query(
    'select count(*) as n from passage_embedding',
    [],
    z.object({ n: z.number() }),
  );
  expect(row?.n).toBe(count);
  const found = await retrieve({ siteId: bench.siteId, query: 'sentence about tents', k: 3, history: [] });
  expect(found.passages.map(({ text }) => text.startsWith('The old sentence'))).toEqual([true, true, true]);
}

const json = (body: string) => ({ status: 200, headers: { 'content-type': 'application/json' }, body });
const vectors = (texts: readonly string[], of: (text: string) => unknown) =>
  json(JSON.stringify({ data: texts.map((text, index) => ({ index, embedding: of(text) })) }));

describe('E7: an import whose embedding server', () => {
  it.each<[string, NonNullable<ModelServerOptions['embedReply']>]>([
    ['says NaN', (texts) => json(vectors(texts, () => 'x').body.replaceAll('"x"', '[NaN, 1, 2]'))],
    ['says null for numbers', (texts) => vectors(texts, () => [null, 1, 2])],
    ['gives numbers that overflow', (texts) => vectors(texts, () => [1.7e308, 1.7e308, 1.7e308])],
    ['gives zero vectors', (texts) => vectors(texts, () => [0, 0, 0])],
    ['gives another length, since its model was changed', (texts) => vectors(texts, () => [1, 2, 3, 4])],
    ['gives too few vectors', (texts) => vectors(texts.slice(1), sound)],
    ['gives too many', (texts) => vectors([...texts, 'more'], sound)],
    [
      'gives one twice and one not at all',
      (texts) => json(JSON.stringify({ data: texts.map((text) => ({ index: 0, embedding: sound(text) })) })),
    ],
  ])('%s ends in rows that say so, and the old version serves on', async (name, reply) => {
    behave = reply;
    // One text can be neither too few nor twice: those are faults of a batch.
    const isOfBatch = name.includes('twice');
    const { state, rows, error } = await importPages('new', count);
    if (isOfBatch) {
      // Each is then tried by itself, where the server is right.
      expect(state).toBe('done');
      await importPages('old', count);
      return expectOldServes();
    }
    expect({ error, state }).toEqual({ error: null, state: 'failed' });
    for (const row of rows) expect(row).toMatch(/^failed: .{20}/);
    await expectOldServes();
  });

  it('refuses one text of a batch: that one alone fails, with the reason', async () => {
    behave = (texts) =>
      texts.some((text) => text.includes('number 2,'))
        ? {
            status: 400,
            headers: { 'content-type': 'application/json' },
            body: '{"error":{"message":"bad input"}}',
          }
        : null;
    const { state, rows } = await importPages('isolated', count);
    expect(state).toBe('done');
    expect(rows.filter((row) => row.startsWith('indexed'))).toHaveLength(count - 1);
    expect(rows.find((row) => row.startsWith('failed'))).toMatch(/^failed: .*refused.*EMBEDDING_MODEL/);
    behave = () => null;
    await importPages('old', count);
    await expectOldServes();
  });

  it('refuses the key: fails at once, asks once for each group, and says what to do', async () => {
    behave = () => scenarios.unauthorised().raw ?? null;
    const { error, state, rows, reason } = await importPages('locked', count);
    const told = [String(error), reason ?? '', ...rows].join('\n');
    expect(told).toMatch(/OPENAI_API_KEY and EMBEDDING_BASE_URL/);
    expect(state === 'failed' || error !== null).toBe(true);
    // Of a group, and then of each by itself, but never the same again.
    expect(asked.length).toBeLessThanOrEqual(count + 2);
    await expectOldServes();
    behave = () => null;
    await bench.db.execute(`delete from source where state <> 'done'`);
  });

  it('asks for patience: waits as long as it is told, and ends whole', async () => {
    let refused = 0;
    behave = () => {
      if (refused >= 3) return null;
      refused += 1;
      return scenarios.rateLimited(0).raw ?? null;
    };
    const { state, rows } = await importPages('patient', count);
    expect({ state, refused }).toEqual({ state: 'done', refused: 3 });
    expect(rows.every((row) => row.startsWith('indexed'))).toBe(true);
    behave = () => null;
    await importPages('old', count);
  });

  it('changes its mind midway: what was read before stays whole, what came after says so', async () => {
    behave = (texts) =>
      texts.some((text) => text.includes('number 5,')) ? vectors(texts, () => [1, 2, 3, 4]) : null;
    const { rows } = await importPages('midway', count);
    expect(rows.filter((row) => row.startsWith('failed'))).toHaveLength(1);
    expect((await words()).toSorted()).toEqual(['midway', 'old']);
    behave = () => null;
    await importPages('old', count);
    await expectOldServes();
  });
});

describe('E7: a worker that is killed between paying and storing', () => {
  it('does not pay twice', async () => {
    const stop = new AbortController();
    async function* stream() {
      yield Buffer.from(JSON.stringify({ id: 'paid', title: 'Paid', text: textOf('paid', 1) }));
    }
    await bench.sources.createDocuments(bench.siteId, 'paid', stream());
    const [job] = bench.jobs.held.splice(0);
    if (job === undefined) throw new Error('there is no job');
    // The vectors are there; whatever is stored in a transaction from now on is stored by nobody.
    const dead = {
      ...bench.db,
      transaction: async () => {
        stop.abort(new Error('killed'));
        throw new Error('killed');
      },
    };
    await expect(bench.pipelineOn(dead).run(job, stop.signal)).rejects.toThrow('killed');
    expect(asked.flat().filter((text) => text.includes('The paid sentence'))).toHaveLength(1);
    await bench.pipeline.run(job, new AbortController().signal);
    expect((await bench.sources.get(bench.siteId, job.sourceId)).state).toBe('done');
    expect(asked.flat().filter((text) => text.includes('The paid sentence'))).toHaveLength(1);
  });
});
