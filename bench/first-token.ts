/**
 * Time from a visitor's question over WebSocket to the first text of the answer, less the pause that the scripted
 * model makes before its first token: what we add. The whole product in one process on PostgreSQL (a database of
 * its own at TEST_DATABASE_URL), the model in another, visitors here; each visitor asks anew when their answer ends.
 * `npm run bench -- first-token [--visitors 50] [--rounds 8] [--delay 300] [--passages 2000] [--json]`
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { createPostgresDatabase } from '../server/adapters/db/postgres.ts';
import { readRunFile } from '../server/run-lock.ts';
import { createFreshDatabase, testDatabaseUrl } from '../server/testing/database.ts';
import { silentLogger } from '../server/testing/deps.ts';
import { makeTempFolder, startProcess } from '../server/testing/process.ts';
import { systemIds } from '../server/system.ts';
import { benchDocument, benchQuestion, passagesPerDocument } from './retrieval/corpus.ts';
import { openVisitors } from './sockets/ground.ts';
import { openLightSocket } from './sockets/light-socket.ts';
import type { LightSocket } from './sockets/light-socket.ts';
import { round, spreadOf, wait } from './sockets/load.ts';

const { values: options } = parseArgs({
  options: {
    visitors: { type: 'string', default: '50' },
    rounds: { type: 'string', default: '8' },
    delay: { type: 'string', default: '300' },
    tokens: { type: 'string', default: '40' },
    passages: { type: 'string', default: '2000' },
    /** A folder for CPU profiles of the product. */
    profile: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
if (testDatabaseUrl === null) throw new Error('Set TEST_DATABASE_URL: this measures a real PostgreSQL.');
const visitorCount = Number(options.visitors);
const rounds = Number(options.rounds);
const tokenMs = 25;
/** What the model takes for itself: it pauses before each token, the first one too. */
const modelMs = Number(options.delay) + tokenMs;
const documents = Math.ceil(Number(options.passages) / passagesPerDocument);
const origin = 'http://bench.example';

async function startModel() {
  const child = fork(new URL('./first-token/model.ts', import.meta.url).pathname, [], {
    env: { ...process.env, DELAY_MS: options.delay, TOKENS: options.tokens, TOKEN_MS: String(tokenMs) },
  });
  const [message]: unknown[] = await once(child, 'message');
  return { child, url: z.object({ url: z.string() }).parse(message).url };
}

/** Opens a visitor's line from an address of its own, as visitors have. */
async function openVisitor(port: number, token: string, index: number): Promise<LightSocket> {
  const localAddress = `127.0.0.${String(2 + (index % 250))}`;
  const client = await openLightSocket({ port, path: '/ws/visitor?site=default', localAddress });
  const welcome = client.next('welcome');
  client.send({ type: 'hello', protocol: 1, site: 'default', token });
  await welcome;
  return client;
}

/** Asks in a new conversation, and waits for the whole answer; gives the time to its first text. */
async function ask(client: LightSocket, question: string): Promise<{ ackMs: number; firstMs: number }> {
  const conversationId = systemIds.uuid();
  const first = client.next('answer-delta').then(() => performance.now());
  const ack = client.next('ack');
  const begun = performance.now();
  client.send({ type: 'message-send', clientId: systemIds.uuid(), conversationId, text: question });
  await ack;
  const ackMs = performance.now() - begun;
  const resumed = client.next('resumed');
  client.send({ type: 'resume', conversationId, epoch: null, after: 0 });
  await resumed;
  const done = client.next('event');
  const firstMs = (await first) - begun;
  await done;
  return { ackMs, firstMs };
}

type Product = ReturnType<typeof startProcess>;

async function fill({ api }: Product): Promise<void> {
  const lines = Array.from({ length: documents }, (_, number) => {
    const { externalId, title, text } = benchDocument(number);
    return JSON.stringify({ id: externalId, title, text });
  });
  const sent = await api('POST', '/sites/default/documents', lines.join('\n'), 'application/x-ndjson');
  const { sourceId } = z.object({ sourceId: z.string() }).parse(sent.body);
  const view = z.object({ state: z.string() });
  for (;;) {
    const { status, body } = await api('GET', `/sites/default/sources/${sourceId}`);
    const state = status === 200 ? view.parse(body).state : `unread (${String(status)})`;
    if (state === 'done') return;
    if (state === 'failed' || state === 'cancelled') throw new Error(`The documents ended as ${state}.`);
    await wait(1000);
  }
}

/** Milliseconds until the end of each step, the middle one of the answers since `since`. */
async function middleSteps(url: string, since: Date): Promise<Record<string, number>> {
  const db = createPostgresDatabase({ url, logger: silentLogger });
  const rows = await db.query(
    `select key as step, percentile_cont(.5) within group (order by value::float8) as ms
     from answer, jsonb_each_text(timings) where created_at >= $1 group by key`,
    [since],
    z.object({ step: z.string(), ms: z.number() }),
  );
  await db.close();
  return Object.fromEntries(rows.map(({ step, ms }) => [step, round(ms)]));
}

async function run(url: string, product: Product) {
  await product.ready;
  const port = Number(new URL((await readRunFile(product.dataDir))?.url ?? origin).port);
  await fill(product);
  const db = createPostgresDatabase({ url, logger: silentLogger });
  const tokens = await openVisitors(db, visitorCount);
  await db.close();
  const clients: LightSocket[] = [];
  for (const [index, token] of tokens.entries()) clients.push(await openVisitor(port, token, index));
  // once to warm up: connections, caches, compiled code
  await Promise.all(clients.map((client, index) => ask(client, benchQuestion(90_000 + index, documents))));
  const since = new Date();
  const acks: number[] = [];
  const firsts: number[] = [];
  await Promise.all(
    clients.map(async (client, visitor) => {
      await wait((visitor / visitorCount) * (modelMs + Number(options.tokens) * tokenMs));
      for (let turn = 0; turn < rounds; turn += 1) {
        const answer = await ask(client, benchQuestion(turn * visitorCount + visitor, documents));
        acks.push(answer.ackMs);
        firsts.push(answer.firstMs - modelMs);
      }
    }),
  );
  for (const client of clients) client.close();
  return {
    visitors: visitorCount,
    answers: firsts.length,
    ackMs: spreadOf(acks),
    beyondModelMs: spreadOf(firsts),
    middleStepsMs: await middleSteps(url, since),
  };
}

const fresh = await createFreshDatabase(testDatabaseUrl, false);
const model = await startModel();
const { folder, remove } = await makeTempFolder();
const product = startProcess({
  DATA_DIR: folder,
  DATABASE_URL: fresh.url,
  OPENAI_BASE_URL: model.url,
  CHAT_MODEL: 'scripted',
  EMBEDDING_MODEL: 'builtin',
  PUBLIC_URL: origin,
  LOG_LEVEL: 'error',
  TOKENS_PER_ADDRESS: '1000000000',
  TOKENS_PER_SITE: '1000000000',
  TOKENS_IN_ALL: '1000000000',
  ...(options.profile === undefined ? {} : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${options.profile}` }),
});
try {
  const report = await run(fresh.url, product);
  console.log(options.json ? JSON.stringify(report) : JSON.stringify(report, null, 2));
} finally {
  product.child.kill('SIGTERM');
  await product.exited;
  model.child.kill('SIGTERM');
  await remove();
  await fresh.drop();
}
