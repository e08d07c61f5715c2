import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { migrate, readMigrations } from '../server/adapters/db/migrate.ts';
import { createBuiltinEmbedder } from '../server/adapters/embedder/builtin.ts';
import type { Database } from '../server/ports.ts';
import { createIntakeQuota } from '../server/services/intake-quota.ts';
import { createPassageIndex } from '../server/services/passage-index.ts';
import { createSources } from '../server/services/sources.ts';
import { insertSite } from '../server/store/site.ts';
import { systemClock, systemIds } from '../server/system.ts';
import { createFreshDatabase, openDatabase, testDatabaseUrl } from '../server/testing/database.ts';
import { silentLogger } from '../server/testing/deps.ts';

/** More rounds by hand: KILL_ROUNDS=50 vitest run ingest/kill.test.ts. */
const rounds = Number(process.env['KILL_ROUNDS'] ?? 4);
const seed = Number(process.env['KILL_SEED'] ?? Date.now() % 100_000);
const documents = 24;
const runner = fileURLToPath(new URL('../server/testing/ingest-runner.ts', import.meta.url));
/** A folder, or an address where the tests run on a real server. */
let place: string;
let removePlace: () => Promise<void>;

beforeAll(async () => {
  if (testDatabaseUrl !== null) {
    const fresh = await createFreshDatabase(testDatabaseUrl, false);
    [place, removePlace] = [fresh.url, fresh.drop];
    return;
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'deskbell-kill-'));
  place = path.join(folder, 'database');
  removePlace = () => rm(folder, { recursive: true, force: true });
});
afterAll(() => removePlace());

/** Repeatable numbers 0..1 (mulberry32). */
function createRandom(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

async function withDatabase<Result>(work: (db: Database) => Promise<Result>): Promise<Result> {
  const db = await openDatabase(place);
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

/** Hands in every document anew; each passage of it bears the version. */
async function handIn(db: Database, version: string): Promise<void> {
  const index = createPassageIndex({ embedder: createBuiltinEmbedder(), logger: silentLogger });
  const jobs = {
    enqueue: () => Promise.resolve(),
    work: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const sources = createSources({
    db,
    jobs,
    index,
    clock: systemClock,
    ids: systemIds,
    logger: silentLogger,
    quota: createIntakeQuota(),
  });
  const section = (document: number) => (n: number) =>
    `## Section ${String(n)}\n\nThis is ${version} of text ${String(document)}, and it goes on for a while.`;
  const lines = Array.from({ length: documents }, (_, n) =>
    JSON.stringify({
      id: `d${String(n)}`,
      title: 'Doc',
      markdown: [1, 2, 3, 4].map(section(n)).join('\n\n'),
    }),
  );
  await sources.createDocuments('shop', version, Readable.from([Buffer.from(lines.join('\n'))]));
}

interface WorkerRun {
  isDone: boolean;
  /** From its ready line to its end. */
  workMs: number;
}

/** Runs the worker; kills it after `ms` from its ready line, or lets it end. */
async function runWorker(ms: number | null): Promise<WorkerRun> {
  const child = spawn(process.execPath, [runner, place], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  let readyAt = 0;
  child.stdout.on('data', (chunk) => {
    if (output === '') readyAt = performance.now();
    if (output === '' && ms !== null) void sleep(ms).then(() => child.kill('SIGKILL'));
    output += String(chunk);
  });
  await once(child, 'close');
  return { isDone: output.includes('done'), workMs: performance.now() - readyAt };
}

const stateRow = z.object({
  text: z.string(),
  versions: z.array(z.string()),
  passages: z.number(),
  mismatched: z.number(),
  vectors: z.number(),
});

/** Every document is wholly of one version, with its passages and vectors, and nothing is left over. */
async function checkWhole(db: Database): Promise<string[]> {
  const rows = await db.query(
    `select document.text, array_agg(distinct substring(passage.text from 'This is (v[0-9]+)')) as versions,
       count(*) as passages, count(embedding.passage_id) as vectors,
       count(*) filter (where substring(document.text from char_start + 1 for char_end - char_start) <> passage.text) as mismatched
     from document join passage on passage.document_id = document.id
       left join passage_embedding embedding on embedding.passage_id = passage.id
     group by document.id`,
    [],
    stateRow,
  );
  expect(rows).toHaveLength(documents);
  for (const row of rows)
    expect(row).toMatchObject({ versions: [expect.any(String)], passages: 4, vectors: 4, mismatched: 0 });
  const orphans = await db.query(
    `select (select count(*) from passage where not exists (select 1 from document where id = document_id))
       + (select count(*) from passage_embedding where not exists (select 1 from passage where id = passage_id))
       + (select count(*) from passage where holder_id is not null and not exists
           (select 1 from passage holder where holder.id = passage.holder_id and holder.holder_id is null))
       + (select count(*) from lexical_segment where document_id is not null and not exists
           (select 1 from document where id = document_id))
       + (select count(*) from lexical_block where not exists
           (select 1 from lexical_segment where id = segment_id))
       + (select count(*) from lexical_segment where document_id is null and passage_count = 0) as n`,
    [],
    z.object({ n: z.number() }),
  );
  expect(orphans).toEqual([{ n: 0 }]);
  return rows.map((row) => row.versions[0] ?? '');
}

it(`keeps every document whole over ${String(rounds)} kills of the worker (seed ${String(seed)})`, async () => {
  const random = createRandom(seed);
  await withDatabase(async (db) => {
    await migrate(db, await readMigrations());
    await insertSite(db, { id: 'shop', name: 'Shop', settings: {}, createdAt: new Date() });
    await handIn(db, 'v0');
  });
  // Kills fall within the work, however slow the machine is.
  const { isDone, workMs } = await runWorker(null);
  expect(isDone).toBe(true);
  let version = 0;
  let isOpen = false;
  for (let round = 0; round < rounds; round += 1) {
    if (!isOpen) {
      version += 1;
      await withDatabase((db) => handIn(db, `v${String(version)}`));
    }
    const run = await runWorker(Math.floor(random() * workMs * 1.2));
    isOpen = !run.isDone;
    const versions = new Set(await withDatabase(checkWhole));
    for (const found of versions) expect([`v${String(version)}`, `v${String(version - 1)}`]).toContain(found);
    if (!isOpen) expect([...versions]).toEqual([`v${String(version)}`]);
  }
  if (isOpen) expect((await runWorker(null)).isDone).toBe(true);
  await withDatabase(async (db) => {
    const lost = await db.query(
      `select state, reason, attempts from source_item where state not in ('indexed', 'unchanged')`,
      [],
      z.object({ state: z.string(), reason: z.string().nullable(), attempts: z.number() }),
    );
    expect(lost).toEqual([]);
    expect(new Set(await checkWhole(db))).toEqual(new Set([`v${String(version)}`]));
  });
}, 3_600_000);
