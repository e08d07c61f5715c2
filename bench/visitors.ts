/**
 * What visitors notice of an upload: their messages' way to the commit and back, and the wait for an answer's first
 * piece, on an idle product and while thousands of passages are read, in the same run.
 * `npm run bench -- visitors [--documents 600] [--visitors 6] [--seconds 30] [--only embedded,worker] [--json]`:
 * `embedded` is the default, everything in one process; `worker` has a worker of its own on a database at
 * TEST_DATABASE_URL.
 */
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { createFreshDatabase, testDatabaseUrl } from '../server/testing/database.ts';
import { makeTempFolder, startProcess, type TestProcess } from '../server/testing/process.ts';
import { knownDocuments, manyDocuments } from './visitors/content.ts';
import { measureTalks, type Talks } from './visitors/talks.ts';

const { values: options } = parseArgs({
  options: {
    documents: { type: 'string', default: '600' },
    visitors: { type: 'string', default: '6' },
    seconds: { type: 'string', default: '30' },
    only: { type: 'string', default: 'embedded,worker' },
    json: { type: 'boolean', default: false },
  },
});
const visitors = Number(options.visitors);
/** An upload that takes longer is left where it is. */
const longestUploadMs = 120_000;
const lagLine = /^lag (\{.*\})$/gm;
const lagShape = z.object({ p50: z.number(), p99: z.number(), max: z.number() });
const accepted = z.object({ body: z.object({ sourceId: z.uuid() }) });
const progress = z.object({
  body: z.object({ state: z.string(), counts: z.record(z.string(), z.number()) }),
});

interface Row extends Talks {
  lag: z.infer<typeof lagShape>;
  documentsPerSecond: number | null;
}

/** How late the event loop of a process was since the last call. */
async function readLag(product: TestProcess): Promise<Row['lag']> {
  const known = [...product.stdout().matchAll(lagLine)].length;
  product.child.kill('SIGUSR2');
  for (;;) {
    const line = [...product.stdout().matchAll(lagLine)].at(known);
    if (line !== undefined) return lagShape.parse(JSON.parse(line[1] ?? ''));
    await wait(10);
  }
}

async function upload(product: TestProcess, lines: string): Promise<string> {
  const answer = await product.api('POST', '/sites/default/documents', lines, 'application/x-ndjson');
  return accepted.parse(answer).body.sourceId;
}

/** Waits until a source has been read, or for as long as it may take; gives how many documents were. */
async function waitForSource(product: TestProcess, sourceId: string): Promise<number> {
  const until = performance.now() + longestUploadMs;
  for (;;) {
    await wait(250);
    const { body } = progress.parse(await product.api('GET', `/sites/default/sources/${sourceId}?limit=1`));
    const isOver = !['queued', 'running'].includes(body.state);
    if (isOver || performance.now() > until) return body.counts['indexed'] ?? 0;
  }
}

async function measure(product: TestProcess, port: number): Promise<{ idle: Row; reading: Row }> {
  await waitForSource(product, await upload(product, knownDocuments()));
  const warmUntil = performance.now() + 3_000;
  await measureTalks(port, visitors, () => performance.now() > warmUntil);
  await readLag(product);
  const idleUntil = performance.now() + Number(options.seconds) * 1_000;
  const idle = await measureTalks(port, visitors, () => performance.now() > idleUntil);
  const idleLag = await readLag(product);
  const lines = manyDocuments(Number(options.documents));
  const begun = performance.now();
  let isRead = false;
  const reading = upload(product, lines)
    .then((sourceId) => waitForSource(product, sourceId))
    .then((documents) => documents / ((performance.now() - begun) / 1_000))
    .finally(() => (isRead = true));
  const [talks, rate] = await Promise.all([measureTalks(port, visitors, () => isRead), reading]);
  return {
    idle: { ...idle, lag: idleLag, documentsPerSecond: null },
    reading: { ...talks, lag: await readLag(product), documentsPerSecond: Math.round(rate * 10) / 10 },
  };
}

const preload = fileURLToPath(new URL('./visitors/lag.ts', import.meta.url));

async function run(environment: Record<string, string>, hasWorker: boolean) {
  const temp = await makeTempFolder();
  const common = {
    ...environment,
    DATA_DIR: temp.folder,
    NODE_OPTIONS: `--import=${preload}`,
    LOG_LEVEL: 'warn',
  };
  const web = startProcess({ ...common, ...(hasWorker ? { DESKBELL_ROLE: 'web' } : {}) });
  const address = await web.ready;
  const worker = hasWorker ? startProcess(common, 'server/worker.ts') : null;
  await worker?.ready;
  try {
    return await measure(web, Number(new URL(address).port));
  } finally {
    for (const product of worker === null ? [web] : [web, worker]) {
      product.child.kill('SIGTERM');
      await (product.child.exitCode === null ? once(product.child, 'close') : null);
    }
    await temp.remove();
  }
}

const rows: Record<string, { idle: Row; reading: Row }> = {};
if (options.only.includes('embedded')) rows['embedded'] = await run({}, false);
if (options.only.includes('worker')) {
  if (testDatabaseUrl === null) throw new Error('Set TEST_DATABASE_URL, or say --only embedded.');
  const fresh = await createFreshDatabase(testDatabaseUrl, true);
  rows['worker'] = await run({ DATABASE_URL: fresh.url }, true);
  await fresh.drop();
}
if (options.json) console.log(JSON.stringify(rows, null, 2));
else {
  const lines = Object.entries(rows).flatMap(([size, { idle, reading }]) =>
    Object.entries({ idle, reading }).map(([when, row]) => ({
      size: `${size}, ${when}`,
      questions: row.questions,
      unanswered: row.unanswered,
      ackP50: row.ack.p50,
      ackP99: row.ack.p99,
      firstP50: row.firstPiece.p50,
      firstP99: row.firstPiece.p99,
      lagP99: row.lag.p99,
      lagMax: row.lag.max,
      documentsPerSecond: row.documentsPerSecond,
    })),
  );
  console.table(lines);
}
