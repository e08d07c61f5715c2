import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { Database } from '../../server/ports.ts';
import type { Servers } from '../chaos/servers.ts';
import type { Expectations } from '../expectations.ts';
import { look, memoryMb } from '../degraded/stage.ts';
import { wait } from '../sockets/load.ts';
import {
  acceptedSchema,
  assertRoom,
  boundary,
  isAlive,
  multipartType,
  numberOf,
  openProduct,
  partAround,
} from './ground.ts';
import type { Product } from './ground.ts';

/** How much of it. */
export interface AtOnceOptions {
  senders: number;
  megabytes: number;
  /** What the site takes. */
  siteMb: number;
}

/** What became of one request. */
type Outcome = 'accepted' | 'full' | 'busy' | 'unclear';

const megabyte = 1_000_000;
const piece = Buffer.alloc(megabyte, 'Words that fill a file. ');
const patienceMs = 240_000;
const storedBytes = 'select coalesce(sum(octet_length(bytes)), 0) from source_file';

/**
 * J6: many large files at once, more than the site takes. Who is told that it is busy comes back, as it is told to,
 * only sooner, until the file is accepted or the site is full.
 */
export async function manyAtOnce(
  servers: Servers,
  db: Database,
  expectations: Expectations,
  { senders, megabytes, siteMb }: AtOnceOptions,
): Promise<void> {
  assertRoom(tmpdir(), 10 * siteMb);
  const environment = { DATABASE_URL: servers.databaseUrl, SITE_MAX_MB: String(siteMb) };
  // nothing is read meanwhile, so that what is stored stays as it came
  const product = await openProduct({ environment, roles: 'web' });
  const before = memoryMb(product.web);
  const watch = watchStage(product, db);
  const startedAt = performance.now();
  try {
    const all = Array.from({ length: senders }, (_, number) => sendPatiently(product, number, megabytes));
    const histories = await Promise.all(all);
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    const { storedMb, slowestLookMs } = await watch.end();
    const requests = countOf(histories.flat());
    const first = countOf(histories.map(([outcome = 'unclear']) => outcome));
    const last = countOf(histories.map((history) => history.at(-1) ?? 'unclear'));
    const memory = { before, peak: memoryMb(product.web, 'peak'), after: memoryMb(product.web) };
    const row = {
      senders,
      megabytes,
      siteMb,
      seconds,
      first,
      requests,
      last,
      storedMb,
      memory,
      slowestLookMs,
    };
    const fits = Math.floor(siteMb / megabytes);
    expectations.report('J6 uploads at once', row, {
      'each request is accepted or clearly refused': requests.unclear === 0,
      'each sender is accepted or told that the site is full': last.accepted + last.full === senders,
      'the site is filled': last.accepted >= Math.min(senders, fits - 1),
      'never more is stored than the site takes': storedMb <= siteMb,
      'the process is alive': isAlive(product.web),
    });
  } finally {
    await watch.end();
    await removeAll(product, db);
    await product.close();
  }
}

function countOf(outcomes: readonly Outcome[]): Record<Outcome, number> {
  const counts = { accepted: 0, full: 0, busy: 0, unclear: 0 };
  for (const outcome of outcomes) counts[outcome] += 1;
  return counts;
}

/** Looks again and again how much is stored and how long the server takes to say that it lives. */
function watchStage(product: Product, db: Database) {
  let isOver = false;
  let storedMb = 0;
  let slowestLookMs = 0;
  const watching = (async () => {
    for (let isLast = false; !isLast;) {
      isLast = isOver;
      storedMb = Math.max(storedMb, (await numberOf(db, storedBytes)) / megabyte);
      slowestLookMs = Math.max(
        slowestLookMs,
        (await look(`http://127.0.0.1:${String(product.port)}/livez`)).ms,
      );
      await wait(200);
    }
  })();
  return {
    async end() {
      isOver = true;
      await watching;
      return { storedMb, slowestLookMs };
    },
  };
}

async function sendPatiently(product: Product, number: number, megabytes: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const endsAt = performance.now() + patienceMs;
  do {
    if (outcomes.length > 0) await wait(2_000 + Math.random() * 4_000);
    outcomes.push(await send(product, number, megabytes));
  } while (outcomes.at(-1) === 'busy' && performance.now() < endsAt);
  return outcomes;
}

const refusalSchema = z.object({ fix: z.string().min(10) });

async function send({ port, key }: Product, number: number, megabytes: number): Promise<Outcome> {
  const { before, after } = partAround(`large-${String(number)}.txt`);
  const end = `${after}--${boundary}--\r\n`;
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': multipartType,
    'content-length': before.length + megabytes * megabyte + end.length,
  };
  const path = '/api/v1/sites/default/sources';
  const outgoing = request({ host: '127.0.0.1', port, path, method: 'POST', headers, agent: false });
  const answered = new Promise<IncomingMessage | null>((resolve) => {
    outgoing
      .on('response', resolve)
      .on('error', () => resolve(null))
      .on('close', () => resolve(null));
  });
  const answer = answered.then((response) => (response === null ? 'unclear' : outcomeOf(response)));
  // as fast as it is taken; the rest is left out where the line ends
  Readable.from(piecesOf(before, megabytes, end)).pipe(outgoing);
  return answer;
}

function* piecesOf(before: string, megabytes: number, end: string): Generator<Buffer> {
  yield Buffer.from(before);
  for (let sent = 0; sent < megabytes; sent += 1) yield piece;
  yield Buffer.from(end);
}

async function outcomeOf(response: IncomingMessage): Promise<Outcome> {
  const body: unknown = await text(response)
    .then(JSON.parse)
    .catch(() => null);
  const status = response.statusCode ?? 0;
  if (status === 202) return acceptedSchema.safeParse(body).success ? 'accepted' : 'unclear';
  if (!refusalSchema.safeParse(body).success) return 'unclear';
  if (status === 413) return 'full';
  return status === 503 && response.headers['retry-after'] !== undefined ? 'busy' : 'unclear';
}

async function removeAll({ web }: Product, db: Database): Promise<void> {
  const rows = await db.query('select id from source', [], z.object({ id: z.uuid() }));
  for (const { id } of rows) await web.api('DELETE', `/sites/default/sources/${id}`);
}
