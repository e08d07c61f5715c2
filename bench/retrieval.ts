import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { Database, Embedder } from '../server/ports.ts';
import { createPassageIndex } from '../server/services/passage-index.ts';
import { createRetrieve } from '../server/services/retrieve.ts';
import { mergeSegments } from '../server/services/segment-merge.ts';
import { createAnnIndex, nearestPassagesByAnn } from '../server/store/passage-ann.ts';
import { nearestPassages } from '../server/store/passage-index.ts';
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

/**
 * Speed of search over a large site, on PGlite or on the server of TEST_DATABASE_URL: time per step, sizes,
 * publishing, merging. Words and vectors are made up (Zipf's law; noisy clusters), so it tells nothing of
 * quality. CPU is that of this process, database not included: a busy machine changes it little.
 */
const { values } = parseArgs({
  options: {
    passages: { type: 'string', default: '20000' },
    dimensions: { type: 'string', default: '384' },
    questions: { type: 'string', default: '300' },
    json: { type: 'boolean', default: false },
  },
});
const passages = Number(values.passages);
const dimensions = Number(values.dimensions);
const questionCount = Number(values.questions);
const siteId = 'bench';
const clusters = 2000;
const k = 8;

const vectors = createRandom(7);
/** Stands for a remote model: vectors near the corpus' clusters, no time of its own. */
const embedder: Embedder = {
  id: `bench-${String(dimensions)}`,
  dimensions,
  embed: (texts) => Promise.resolve(texts.map(() => benchVector(vectors, dimensions, clusters))),
};

function quantile(samples: readonly number[], share: number): number {
  return (
    samples.toSorted((a, b) => a - b)[Math.min(samples.length - 1, Math.floor(samples.length * share))] ?? 0
  );
}

interface Figures {
  p50Ms: number;
  p99Ms: number;
  /** Of this process, per call. */
  cpuMs: number;
  /** Means of the steps. */
  steps: Record<string, number>;
}

async function measure(count: number, call: (number: number) => Promise<Readonly<Record<string, number>>>) {
  const samples: number[] = [];
  const steps: Record<string, number> = {};
  const cpu = process.cpuUsage();
  for (let number = 0; number < count; number += 1) {
    const start = performance.now();
    const timings = await call(number);
    samples.push(performance.now() - start);
    for (const [step, ms] of Object.entries(timings)) steps[step] = (steps[step] ?? 0) + ms / count;
  }
  const used = process.cpuUsage(cpu);
  const figures: Figures = {
    p50Ms: quantile(samples, 0.5),
    p99Ms: quantile(samples, 0.99),
    cpuMs: (used.user + used.system) / 1000 / count,
    steps,
  };
  return figures;
}

async function recallOfAnn(db: Database): Promise<number> {
  const space = { embedderId: embedder.id, dimensions };
  let found = 0;
  const rounds = 50;
  for (let round = 0; round < rounds; round += 1) {
    const vector = benchVector(vectors, dimensions, clusters);
    const exact = await nearestPassages(db, siteId, embedder.id, vector, 5);
    const near = new Set(
      (await nearestPassagesByAnn(db, siteId, space, vector, 5)).map((each) => each.passageId),
    );
    found += exact.filter((each) => near.has(each.passageId)).length;
  }
  return found / (rounds * 5);
}

async function sizes(db: Database) {
  const [row] = await db.query(
    `select pg_total_relation_size('lexical_block') + pg_total_relation_size('lexical_segment') as lexical,
       pg_table_size('passage_embedding') as vectors, pg_indexes_size('passage_embedding') as indexes,
       (select count(*) from lexical_segment where site_id = $1 and state = 'live') as segments`,
    [siteId],
    z.object({ lexical: z.number(), vectors: z.number(), indexes: z.number(), segments: z.number() }),
  );
  return row;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function run(db: Database): Promise<Record<string, unknown>> {
  const report: Record<string, unknown> = { database: db.kind, passages, dimensions };
  report['loadMs'] = await timed(() =>
    loadCorpus(db, { siteId, passages, embedderId: embedder.id, dimensions }),
  );
  report['mergeMs'] = await timed(() => mergeSegments({ db, logger: silentLogger }, siteId));
  const space = { embedderId: embedder.id, dimensions };
  if (db.kind === 'postgres') report['annBuildMs'] = await timed(() => createAnnIndex(db, space));
  await db.execute('analyze');
  report['sizes'] = await sizes(db);
  const clock = { now: () => performance.now() };
  const retrieve = createRetrieve({ db, embedders: serveWith(embedder), clock, logger: silentLogger });
  const documents = Math.ceil(passages / passagesPerDocument);
  // made beforehand: making one costs as much as a fifth of a search
  const questions = Array.from({ length: questionCount }, (_, number) => benchQuestion(number, documents));
  const ask = async (number: number) => {
    const query = questions[number] ?? '';
    const found = await retrieve({ siteId, query, k, history: [] });
    if (found.passages.length !== k) throw new Error('A search came back short.');
    return found.timings;
  };
  report['cold'] = await measure(questionCount, ask);
  report['warm'] = await measure(questionCount, ask);
  if (db.kind === 'postgres') report['annRecallAt5'] = await recallOfAnn(db);
  const index = createPassageIndex({ embedder, logger: silentLogger });
  report['publish'] = await measure(100, async (number) => {
    await addDocument(db, index, siteId, benchDocument(documents + number));
    await index.merge(db, siteId);
    return {};
  });
  report['afterPublishing'] = await measure(questionCount, ask);
  report['rssMb'] = Math.round(process.memoryUsage().rss / 2 ** 20);
  return report;
}

const db = await createTestDatabase();
try {
  const report = await run(db);
  console.log(values.json ? JSON.stringify(report) : JSON.stringify(report, null, 2));
} finally {
  await db.close();
}
