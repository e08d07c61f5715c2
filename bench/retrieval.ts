import { parseArgs } from 'node:util';
import { z } from 'zod';
import { migrate, readMigrations } from '../server/adapters/db/migrate.ts';
import { createPostgresDatabase } from '../server/adapters/db/postgres.ts';
import type { Database, Embedder } from '../server/ports.ts';
import { createPassageIndex } from '../server/services/passage-index.ts';
import { createRetrieve } from '../server/services/retrieve.ts';
import { createInlineIndexer } from '../server/services/inline-indexer.ts';
import { mergeSegments } from '../server/services/segment-merge.ts';
import { countPassages } from '../server/store/lexical-merge.ts';
import { createAnnIndex, nearestPassagesByAnn } from '../server/store/passage-ann.ts';
import { nearestPassages, vectorText } from '../server/store/passage-index.ts';
import { createTestDatabase } from '../server/testing/database.ts';
import { serveWith, silentLogger } from '../server/testing/deps.ts';
import { addDocument } from '../server/testing/knowledge.ts';
import {
  benchDocument,
  benchQuestion,
  benchVector,
  createRandom,
  passagesPerDocument,
} from './retrieval/corpus.ts';
import { loadCorpus } from './retrieval/load.ts';
import { measure } from './retrieval/measure.ts';

/**
 * Speed of search over a large site, on PGlite or on the server of TEST_DATABASE_URL: time per step, sizes,
 * publishing, merging, asking while others publish; spread over many sites with `--sites`. Words and vectors are made up (Zipf's law; noisy clusters), so it tells nothing of
 * quality. CPU is that of this process, database not included: a busy machine changes it little.
 */
const { values } = parseArgs({
  options: {
    passages: { type: 'string', default: '20000' },
    dimensions: { type: 'string', default: '384' },
    questions: { type: 'string', default: '300' },
    /** The passages are spread evenly over so many sites, and each question goes to the next one. */
    sites: { type: 'string', default: '1' },
    /** A database that stays, and is loaded when it is empty: its address. */
    database: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const passages = Number(values.passages);
const dimensions = Number(values.dimensions);
const questionCount = Number(values.questions);
const siteIds = Array.from({ length: Number(values.sites) }, (_, number) =>
  number === 0 ? 'bench' : `bench-${String(number)}`,
);
const passagesEach = Math.ceil(passages / siteIds.length);
const siteOf = (number: number): string => siteIds[number % siteIds.length] ?? 'bench';
const clusters = 2000;
/** Documents published while nobody asks. */
const publishedAlone = 100;
const k = 8;

const vectors = createRandom(7);
/** Stands for a remote model: vectors near the corpus' clusters, no time of its own. */
const embedder: Embedder = {
  id: `bench-${String(dimensions)}`,
  dimensions,
  embed: (texts) => Promise.resolve(texts.map(() => benchVector(vectors, dimensions, clusters))),
};

async function recallOfAnn(db: Database): Promise<number> {
  let found = 0;
  const rounds = 50;
  for (let round = 0; round < rounds; round += 1) {
    const vector = benchVector(vectors, dimensions, clusters);
    const query = { siteId: siteOf(0), embedder, vector: vectorText(vector) };
    const exact = await nearestPassages(db, query, 5);
    const near = new Set(
      (await nearestPassagesByAnn(db, query, 100, passages)).slice(0, 5).map((each) => each.passageId),
    );
    found += exact.filter((each) => near.has(each.passageId)).length;
  }
  return found / (rounds * 5);
}

async function sizes(db: Database) {
  const [row] = await db.query(
    `select pg_total_relation_size('lexical_block') + pg_total_relation_size('lexical_segment') as lexical,
       pg_table_size('passage_embedding') as vectors, pg_indexes_size('passage_embedding') as indexes,
       (select count(*) from lexical_segment where state = 'live') as segments`,
    [],
    z.object({ lexical: z.number(), vectors: z.number(), indexes: z.number(), segments: z.number() }),
  );
  return row;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function load(db: Database): Promise<Record<string, number>> {
  const report = { loadMs: 0, mergeMs: 0, annBuildMs: 0 };
  const indexer = createInlineIndexer();
  const merging = { db, indexer, logger: silentLogger };
  for (const siteId of siteIds) {
    const corpus = { siteId, passages: passagesEach, embedderId: embedder.id, dimensions };
    report.loadMs += await timed(() => loadCorpus(db, corpus));
    report.mergeMs += await timed(() => mergeSegments(merging, siteId));
  }
  // smaller sites have none in the product either
  if (db.kind === 'postgres' && siteIds.length === 1)
    report.annBuildMs = await timed(() => createAnnIndex(db, { siteId: siteOf(0), embedder }, passages));
  await db.execute('analyze');
  return report;
}

async function run(db: Database): Promise<Record<string, unknown>> {
  const report: Record<string, unknown> = {
    database: db.kind,
    passages,
    dimensions,
    sites: siteIds.length,
  };
  if ((await countPassages(db, siteOf(0))) === 0) Object.assign(report, await load(db));
  report['sizes'] = await sizes(db);
  const clock = { now: () => performance.now() };
  const retrieve = createRetrieve({ db, embedders: serveWith(embedder), clock, logger: silentLogger });
  const documents = Math.ceil(passagesEach / passagesPerDocument);
  // made beforehand: making one costs as much as a fifth of a search
  const questions = Array.from({ length: questionCount }, (_, number) => benchQuestion(number, documents));
  const ask = async (number: number) => {
    const query = questions[number] ?? '';
    const found = await retrieve({ siteId: siteOf(number), query, k, history: [] });
    if (found.passages.length !== k) throw new Error('A search came back short.');
    return found.timings;
  };
  report['first'] = await measure(1, ask);
  report['cold'] = await measure(questionCount, ask);
  report['warm'] = await measure(questionCount, ask);
  if (db.kind === 'postgres' && siteIds.length === 1) report['annRecallAt5'] = await recallOfAnn(db);
  const index = createPassageIndex({ embedder, logger: silentLogger });
  const publish = async (number: number) => {
    await addDocument(db, index, siteOf(number), benchDocument(documents + number));
    await index.merge(db, siteOf(number));
    return {};
  };
  report['publish'] = await measure(publishedAlone, publish);
  report['afterPublishing'] = await measure(questionCount, ask);
  report['whilePublishing'] = await whilePublishing(publish, () => measure(questionCount, ask));
  report['rssMb'] = Math.round(process.memoryUsage().rss / 2 ** 20);
  return report;
}

/** What `work` measures while documents are published one after the other, and how many were. */
async function whilePublishing(publish: (number: number) => Promise<object>, work: () => Promise<object>) {
  let isDone = false;
  let published = 0;
  const publishing = (async () => {
    for (; !isDone; published += 1) await publish(publishedAlone + published);
  })();
  const measured = await work();
  isDone = true;
  await publishing;
  return { ...measured, published };
}

async function openKept(url: string): Promise<Database> {
  const kept = createPostgresDatabase({ url, logger: silentLogger });
  await migrate(kept, await readMigrations());
  return kept;
}

const db = values.database === undefined ? await createTestDatabase() : await openKept(values.database);
try {
  const report = await run(db);
  console.log(values.json ? JSON.stringify(report) : JSON.stringify(report, null, 2));
} finally {
  await db.close();
}
