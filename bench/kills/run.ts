import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { migrate, readMigrations } from '../../server/adapters/db/migrate.ts';
import { createBuiltinEmbedder } from '../../server/adapters/embedder/builtin.ts';
import type { Database } from '../../server/ports.ts';
import { createIntakeQuota } from '../../server/services/intake-quota.ts';
import { createPassageIndex } from '../../server/services/passage-index.ts';
import { createSources } from '../../server/services/sources.ts';
import { insertSite } from '../../server/store/site.ts';
import { systemClock, systemIds } from '../../server/system.ts';
import { openDatabase } from '../../server/testing/database.ts';
import { silentLogger } from '../../server/testing/deps.ts';
import { findHalves } from '../../server/testing/whole-documents.ts';
import { createRandom } from '../chaos/random.ts';

export interface KillOptions {
  /** A folder for the embedded database, or the address of an empty one. */
  place: string;
  kills: number;
  seed: number;
  documents: number;
}

export interface KillResult {
  kills: number;
  /** Kills that met the worker before it was done. */
  midway: number;
  /** Kills after which some documents were in the new version and others still in the old one. */
  between: number;
  /** Whatever was half of something, with the kill after which it was found. */
  faults: string[];
  /** From the start of the next worker to the end of the work, the longest. */
  longestRestartMs: number;
}

const runner = fileURLToPath(new URL('../../server/testing/ingest-runner.ts', import.meta.url));
const passagesEach = 4;

async function withDatabase<Result>(place: string, work: (db: Database) => Promise<Result>): Promise<Result> {
  const db = await openDatabase(place);
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

/** Hands in every document anew; each passage of it bears the version. */
async function handIn(db: Database, documents: number, version: number): Promise<void> {
  const nothing = () => Promise.resolve();
  const sources = createSources({
    db,
    jobs: { enqueue: nothing, work: nothing, close: nothing },
    index: createPassageIndex({ embedder: createBuiltinEmbedder(), logger: silentLogger }),
    clock: systemClock,
    ids: systemIds,
    logger: silentLogger,
    quota: createIntakeQuota(),
  });
  const section = (document: number) => (n: number) =>
    `## Section ${String(n)}\n\nThis is v${String(version)} of text ${String(document)}, and it goes on for a while.`;
  const numbers = Array.from({ length: passagesEach }, (_, n) => n + 1);
  const lines = Array.from({ length: documents }, (_, n) =>
    JSON.stringify({ id: `d${String(n)}`, title: 'Doc', markdown: numbers.map(section(n)).join('\n\n') }),
  );
  await sources.createDocuments(
    'shop',
    `v${String(version)}`,
    Readable.from([Buffer.from(lines.join('\n'))]),
  );
}

interface WorkerRun {
  isDone: boolean;
  /** From the start of the process to its end. */
  totalMs: number;
  /** From its ready line to its end. */
  workMs: number;
}

/** Runs the worker; kills it after `ms` from its ready line, or lets it end. */
async function runWorker(place: string, ms: number | null): Promise<WorkerRun> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [runner, place], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  let readyAt = startedAt;
  child.stdout.on('data', (chunk) => {
    if (output === '') readyAt = performance.now();
    if (output === '' && ms !== null) void sleep(ms).then(() => child.kill('SIGKILL'));
    output += String(chunk);
  });
  await once(child, 'close');
  const endedAt = performance.now();
  return { isDone: output.includes('done'), totalMs: endedAt - startedAt, workMs: endedAt - readyAt };
}

const versionRow = z.object({ versions: z.array(z.string().nullable()), passages: z.number() });

/** What is wrong after a kill, and how many documents have which version. */
async function look(db: Database, documents: number, version: number) {
  const rows = await db.query(
    `select array_agg(distinct substring(passage.text from 'This is v([0-9]+)')) as versions, count(*) as passages
     from document join passage on passage.document_id = document.id group by document.id`,
    [],
    versionRow,
  );
  const faults = await findHalves(db);
  if (rows.length !== documents)
    faults.push(`${String(rows.length)} of ${String(documents)} documents are there`);
  const seen = new Set<string>();
  for (const { versions, passages } of rows) {
    const [only = null, ...others] = versions;
    if (only !== null) seen.add(only);
    const isKnown = only === String(version) || only === String(version - 1);
    if (others.length > 0 || !isKnown || passages !== passagesEach)
      faults.push(`a document has ${String(passages)} passages of ${versions.join(' and ')}`);
  }
  return { faults, seen };
}

/** Items that did not end as they should, once all work is done. */
async function lostItems(db: Database): Promise<string[]> {
  const rows = await db.query(
    `select state, coalesce(reason, '') as reason from source_item where state not in ('indexed', 'unchanged')
     union all select state, coalesce(reason, '') from source where state <> 'done'`,
    [],
    z.object({ state: z.string(), reason: z.string() }),
  );
  return rows.map(({ state, reason }) => `at the end something is ${state}: ${reason}`);
}

/**
 * Hands documents in again and again and kills the worker (SIGKILL) at random moments of the work; after each kill
 * everything in the database must be wholly old or wholly new.
 */
export async function runKills(options: KillOptions): Promise<KillResult> {
  const { place, documents } = options;
  const random = createRandom(options.seed);
  const result: KillResult = { kills: options.kills, midway: 0, between: 0, faults: [], longestRestartMs: 0 };
  await withDatabase(place, async (db) => {
    await migrate(db, await readMigrations());
    await insertSite(db, { id: 'shop', name: 'Shop', settings: {}, createdAt: new Date() });
    await handIn(db, documents, 0);
  });
  // Kills fall within the work, however slow the machine is.
  const { workMs } = await runWorker(place, null);
  let version = 0;
  let isOpen = false;
  const check = async (kill: number) => {
    const { faults, seen } = await withDatabase(place, (db) => look(db, documents, version));
    result.faults.push(...faults.map((fault) => `kill ${String(kill)}: ${fault}`));
    if (seen.size > 1) result.between += 1;
  };
  for (let kill = 1; kill <= options.kills; kill += 1) {
    if (!isOpen) {
      version += 1;
      await withDatabase(place, (db) => handIn(db, documents, version));
    }
    const run = await runWorker(place, Math.floor(random.next() * workMs));
    isOpen = !run.isDone;
    if (isOpen) result.midway += 1;
    await check(kill);
    // Every third time the next worker is killed too, so that a run is broken off more than once.
    if (isOpen && random.next() > 0.33) {
      const rest = await runWorker(place, null);
      result.longestRestartMs = Math.max(result.longestRestartMs, rest.totalMs);
      isOpen = false;
    }
  }
  if (isOpen) await runWorker(place, null);
  result.faults.push(...(await withDatabase(place, lostItems)));
  await check(options.kills);
  return result;
}
