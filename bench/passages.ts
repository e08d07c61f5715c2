/**
 * How fast passages are stored and made findable, with an embedder that costs nothing: ours beside the same
 * passages through LangChain's `PGVectorStore`, in turns, on databases of their own at TEST_DATABASE_URL.
 * `npm run bench -- passages [--passages 4000] [--langchain <folder>] [--json]`, where the folder has
 * `@langchain/community` and `pg` installed: their 48 packages are nothing that every installation should carry.
 * LangChain's stores text and vectors; ours the document, its passages, the lexical index and the vectors.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { groupLimits } from '../ingest/publish.ts';
import { createIndexerThread } from '../server/adapters/indexer/thread.ts';
import { createPostgresDatabase } from '../server/adapters/db/postgres.ts';
import type { NewDocument } from '../server/domain/knowledge.ts';
import type { Embedder } from '../server/ports.ts';
import { createPassageIndex } from '../server/services/passage-index.ts';
import { upsertDocuments } from '../server/store/document.ts';
import { createFreshDatabase, testDatabaseUrl } from '../server/testing/database.ts';
import { silentLogger } from '../server/testing/deps.ts';
import { benchDocument, benchVector, createRandom, passagesPerDocument } from './retrieval/corpus.ts';

const { values: options } = parseArgs({
  options: {
    passages: { type: 'string', default: '4000' },
    rounds: { type: 'string', default: '3' },
    langchain: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
if (testDatabaseUrl === null) throw new Error('Set TEST_DATABASE_URL: this measures a real PostgreSQL.');
const serverUrl = testDatabaseUrl;
const dimensions = 384;
const documentsAtOnce = groupLimits.postgres.documents;
const groupsAtOnce = 2;
const count = Math.ceil(Number(options.passages) / passagesPerDocument);
const documents = Array.from({ length: count }, (_, number) => benchDocument(number));
const random = createRandom(7);
const vectors = documents.flatMap((document) =>
  document.passages.map(() => benchVector(random, dimensions, 200)),
);

/** Gives vectors that were made before, one after the other. */
function createFreeEmbedder(): Embedder {
  let next = 0;
  const take = (): Float32Array => {
    next += 1;
    return vectors[next % vectors.length] ?? new Float32Array(dimensions).fill(0.1);
  };
  return { id: 'builtin-free', dimensions, embed: (texts) => Promise.resolve(texts.map(take)) };
}

async function storeOurs(): Promise<number> {
  const indexer = createIndexerThread();
  const fresh = await createFreshDatabase(serverUrl, true);
  const db = createPostgresDatabase({ url: fresh.url, logger: silentLogger });
  const index = createPassageIndex({ embedder: createFreeEmbedder(), indexer, logger: silentLogger });
  const sourceId = '01900000-0000-7000-8000-000000000001';
  await db.execute(`insert into site (id, name) values ('shop', 'Shop')`);
  await db.execute(
    `insert into source (id, site_id, type, name, state) values ($1, 'shop', 'documents', 'Bench', 'running')`,
    [sourceId],
  );
  const storeGroup = async (group: readonly NewDocument[]) => {
    const unstored = group.map((document) => ({ documentId: null, document }));
    const prepared = await index.prepare(db, { siteId: 'shop', documents: unstored });
    await db.transaction(async (tx) => {
      const stored = await upsertDocuments(tx, 'shop', sourceId, group);
      const rows = group.flatMap((document) => {
        const row = stored.get(document.externalId);
        return row === undefined ? [] : { document, documentId: row.id, isNew: row.isNew };
      });
      await index.write(tx, 'shop', rows, prepared);
    });
    merging = Promise.allSettled([merging, index.merge(db, 'shop')]);
  };
  let merging: Promise<unknown> = Promise.resolve();
  const begun = performance.now();
  const waiting = Array.from({ length: Math.ceil(count / documentsAtOnce) }, (_, at) =>
    documents.slice(at * documentsAtOnce, (at + 1) * documentsAtOnce),
  );
  const work = async () => {
    for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) await storeGroup(group);
  };
  await Promise.all(Array.from({ length: groupsAtOnce }, work));
  await merging;
  const seconds = (performance.now() - begun) / 1000;
  await indexer.close();
  await db.close();
  await fresh.drop();
  return vectors.length / seconds;
}

interface VectorStore {
  addVectors(vectors: number[][], documents: { pageContent: string; metadata: unknown }[]): Promise<void>;
  end(): Promise<void>;
}
interface VectorStoreClass {
  initialize(embeddings: unknown, config: unknown): Promise<VectorStore>;
}
const vectorModule = z.object({
  PGVectorStore: z.custom<VectorStoreClass>((value) => typeof value === 'function'),
});

async function storeTheirs(folder: string): Promise<number> {
  const require = createRequire(path.join(path.resolve(folder), 'package.json'));
  const file = require.resolve('@langchain/community/vectorstores/pgvector');
  const { PGVectorStore } = vectorModule.parse(await import(pathToFileURL(file).href));
  const fresh = await createFreshDatabase(serverUrl, true);
  const store = await PGVectorStore.initialize(createFreeEmbedder(), {
    postgresConnectionOptions: { connectionString: fresh.url },
    tableName: 'langchain_passage',
    dimensions,
  });
  const entries = documents.flatMap(({ externalId, passages }) =>
    passages.map(({ text, position }) => ({ pageContent: text, metadata: { externalId, position } })),
  );
  const begun = performance.now();
  await store.addVectors(
    vectors.map((vector) => [...vector]),
    entries,
  );
  const seconds = (performance.now() - begun) / 1000;
  await store.end();
  await fresh.drop();
  return vectors.length / seconds;
}

const ours: number[] = [];
const theirs: number[] = [];
for (let round = 0; round < Number(options.rounds); round += 1) {
  ours.push(await storeOurs());
  if (options.langchain !== undefined) theirs.push(await storeTheirs(options.langchain));
}
const best = (rates: readonly number[]) => (rates.length === 0 ? null : Math.round(Math.max(...rates)));
const report = {
  passages: vectors.length,
  oursPerSecond: best(ours),
  langChainPerSecond: best(theirs),
  ratio: theirs.length === 0 ? null : Number((Math.max(...ours) / Math.max(...theirs)).toFixed(2)),
};
if (options.json) console.log(JSON.stringify(report, null, 2));
else console.table([report]);
