import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { Database } from '../server/ports.ts';
import { vectorText } from '../server/store/passage-index.ts';
import { createTestDatabase } from '../server/testing/database.ts';
import { benchVector, createRandom } from './retrieval/corpus.ts';

/**
 * What 16-bit vectors (`halfvec`) cost and save beside 32-bit ones (`vector`) in the same database: the nearest
 * neighbours by an exact scan of both, and the bytes of both tables. Vectors are made up (noisy clusters), which is
 * harder than a model's: their neighbours lie close together.
 *
 *   npm run bench -- halfvec [--vectors 5000] [--dimensions 384] [--questions 200] [--json]
 */
const { values } = parseArgs({
  options: {
    vectors: { type: 'string', default: '5000' },
    dimensions: { type: 'string', default: '384' },
    questions: { type: 'string', default: '200' },
    json: { type: 'boolean', default: false },
  },
});
const [count, dimensions, questions] = [values.vectors, values.dimensions, values.questions].map(Number);
const depth = 100;
const clusters = 500;
const types = ['vector', 'halfvec'] as const;
type VectorType = (typeof types)[number];

const idRow = z.object({ id: z.number() });

async function fill(db: Database, random: () => number): Promise<void> {
  for (const type of types) {
    await db.execute(`create table bench_${type} (id integer primary key, embedding ${type} not null)`);
    // As the product keeps them: a vector beside its row's other columns, never out of line.
    await db.execute(`alter table bench_${type} alter column embedding set storage plain`);
  }
  for (let from = 0; from < (count ?? 0); from += 500) {
    const texts = Array.from({ length: 500 }, () =>
      vectorText(benchVector(random, dimensions ?? 0, clusters)),
    );
    for (const type of types)
      await db.execute(
        `insert into bench_${type} select $1 + place, text::${type} from unnest($2::text[]) with ordinality as t (text, place)`,
        [from, texts],
      );
  }
}

async function nearest(db: Database, type: VectorType, vector: string): Promise<number[]> {
  const rows = await db.query(
    `select id from bench_${type} order by embedding <#> $1::${type}, id limit ${String(depth)}`,
    [vector],
    idRow,
  );
  return rows.map(({ id }) => id);
}

async function bytesOf(db: Database, type: VectorType): Promise<number> {
  const sql = `select pg_total_relation_size('bench_${type}')::bigint as id`;
  return (await db.query(sql, [], idRow))[0]?.id ?? 0;
}

/** The share of the first `k` that both have; the share of questions whose first `k` are the same in the same order. */
function compare(pairs: readonly (readonly [number[], number[]])[], k: number) {
  let shared = 0;
  let same = 0;
  for (const [full, half] of pairs) {
    const [left, right] = [full.slice(0, k), half.slice(0, k)];
    shared += left.filter((id) => right.includes(id)).length / k;
    if (left.join() === right.join()) same += 1;
  }
  return { k, recall: shared / pairs.length, sameOrder: same / pairs.length };
}

async function run(db: Database) {
  const random = createRandom(11);
  await fill(db, random);
  const pairs: [number[], number[]][] = [];
  for (let question = 0; question < (questions ?? 0); question += 1) {
    const vector = vectorText(benchVector(random, dimensions ?? 0, clusters));
    pairs.push([await nearest(db, 'vector', vector), await nearest(db, 'halfvec', vector)]);
  }
  const bytes = { vector: await bytesOf(db, 'vector'), halfvec: await bytesOf(db, 'halfvec') };
  return {
    database: db.kind,
    count,
    dimensions,
    questions,
    bytes,
    ranks: [1, 5, 100].map((k) => compare(pairs, k)),
  };
}

const db = await createTestDatabase();
try {
  const { bytes, ranks, ...setting } = await run(db);
  if (values.json) console.log(JSON.stringify({ ...setting, bytes, ranks }));
  else {
    console.log(`${Object.values(setting).join(', ')}\n`);
    const [full, half] = [bytes.vector, bytes.halfvec].map((size) => (size / 2 ** 20).toFixed(1));
    console.log(
      `vector ${full ?? ''} MB, halfvec ${half ?? ''} MB (${(bytes.halfvec / bytes.vector).toFixed(2)})\n`,
    );
    console.log('| first | shared | same order |\n| --- | --- | --- |');
    for (const { k, recall, sameOrder } of ranks)
      console.log(`| ${String(k)} | ${recall.toFixed(4)} | ${sameOrder.toFixed(3)} |`);
  }
} finally {
  await db.close();
}
