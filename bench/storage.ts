/**
 * What a text search is stored in: the product's immutable segments, a row per word and passage with BM25 in SQL,
 * and pgvector's sparse vectors, on the server of TEST_DATABASE_URL with the same made-up texts. For each: how many
 * of exact BM25's five best it gives, the time of a question, its size, and the time to store one more document.
 * `npm run bench -- storage [--passages 10000] [--questions 200] [--only segments,rows,sparse] [--json]`
 */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { createPostgresDatabase } from '../server/adapters/db/postgres.ts';
import { createAnalyzer } from '../server/domain/analysis/analyze.ts';
import { createFreshDatabase, testDatabaseUrl } from '../server/testing/database.ts';
import { silentLogger } from '../server/testing/deps.ts';
import { passagesPerDocument } from './retrieval/corpus.ts';
import { quantile } from './retrieval/measure.ts';
import { countDocument, createExactIndex, storageQuestion } from './storage/corpus.ts';
import { createRowStorage } from './storage/rows.ts';
import { createSegmentStorage } from './storage/segments.ts';
import { createSparseStorage } from './storage/sparse.ts';
import type { Storage } from './storage/storage.ts';

const { values: options } = parseArgs({
  options: {
    passages: { type: 'string', default: '10000' },
    questions: { type: 'string', default: '200' },
    only: { type: 'string', default: 'segments,rows,sparse' },
    json: { type: 'boolean', default: false },
  },
});
if (testDatabaseUrl === null) throw new Error('Set TEST_DATABASE_URL: this measures a real PostgreSQL.');
const documents = Math.ceil(Number(options.passages) / passagesPerDocument);
const questionCount = Number(options.questions);
const updates = 50;
const documentsAtOnce = 50;

const analyzer = createAnalyzer();
const exact = createExactIndex();
for (let number = 0; number < documents; number += 1) {
  for (const passage of countDocument(analyzer, number)) exact.add(passage);
}
const questions = Array.from({ length: questionCount }, (_, number) =>
  storageQuestion(analyzer, number, documents),
);
const wanted = questions.map(({ stems }) => exact.best(stems));

async function timeAll<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>) {
  const times: number[] = [];
  for (const item of items) {
    const begun = performance.now();
    await work(item);
    times.push(performance.now() - begun);
  }
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

const round = (value: number) => Number(value.toFixed(2));

async function measure(storage: Storage, sizeOf: (table: string) => Promise<number>) {
  const loadBegun = performance.now();
  for (let from = 0; from < documents; from += documentsAtOnce) {
    const count = Math.min(documentsAtOnce, documents - from);
    const numbers = Array.from({ length: count }, (_, index) => from + index);
    await storage.load(numbers.flatMap((number) => countDocument(analyzer, number)));
  }
  await storage.finish();
  const loadSeconds = (performance.now() - loadBegun) / 1000;
  let shared = 0;
  const cold = await timeAll(questions, async (question) => {
    const best = new Set(await storage.best(question));
    shared += (wanted[questions.indexOf(question)] ?? []).filter((ordinal) => best.has(ordinal)).length;
  });
  const warm = await timeAll(questions, (question) => storage.best(question));
  let bytes = 0;
  for (const table of storage.tables) bytes += await sizeOf(table);
  const added = Array.from({ length: updates }, (_, index) => countDocument(analyzer, documents + index));
  const update = await timeAll(added, (passages) => storage.update(passages));
  return {
    storage: storage.name,
    overlapAt5: round(shared / wanted.flat().length),
    firstP50Ms: round(cold.p50),
    p50Ms: round(warm.p50),
    p99Ms: round(warm.p99),
    megabytes: round(bytes / 1e6),
    updateP50Ms: round(update.p50),
    loadSeconds: round(loadSeconds),
  };
}

const fresh = await createFreshDatabase(testDatabaseUrl, true);
const hour = 3_600_000;
const db = createPostgresDatabase({ url: fresh.url, logger: silentLogger, timeouts: { statementMs: hour } });
const makers: Readonly<Record<string, () => Promise<Storage>>> = {
  segments: () => createSegmentStorage(db),
  rows: () => createRowStorage(db, exact),
  sparse: () => createSparseStorage(db, exact),
};
const sizeOf = async (table: string): Promise<number> => {
  const size = z.object({ bytes: z.number() });
  const [row] = await db.query('select pg_total_relation_size($1::regclass) as bytes', [table], size);
  return row?.bytes ?? 0;
};
try {
  const rows = [];
  for (const name of options.only.split(',')) {
    const make = makers[name];
    if (make === undefined) throw new Error(`There is no storage ${name}.`);
    rows.push(await measure(await make(), sizeOf));
  }
  const report = { passages: documents * passagesPerDocument, questions: questionCount, rows };
  if (options.json) console.log(JSON.stringify(report));
  else console.table(rows);
} finally {
  await db.close();
  await fresh.drop();
}
