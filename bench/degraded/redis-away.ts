import { Redis } from 'ioredis';
import { z } from 'zod';
import type { Database } from '../../server/ports.ts';
import { makeTempFolder, startProcess } from '../../server/testing/process.ts';
import type { Servers } from '../chaos/servers.ts';
import { spreadOf, wait } from '../sockets/load.ts';
import type { Expectations } from '../expectations.ts';
import { countFaults, look, openVisitorsOf, say, until, waitingOf } from './stage.ts';
import type { Stage, Visitor } from './stage.ts';

/** F4: Redis is away; people talk, work that is handed over waits and is done when it is back. */
export async function redisAway(
  stage: Stage,
  db: Database,
  expectations: Expectations,
  { holdMs, people }: { holdMs: number; people: number },
): Promise<void> {
  const visitors = await openVisitorsOf(stage, db, people);
  stage.redis.refuse(true);
  stage.redis.cut();
  const accepted = [await handOver(stage, 'early')];
  const acks = await talk(visitors, holdMs);
  accepted.push(await handOver(stage, 'late'));
  const { status } = await look(`${stage.urls[0] ?? ''}/readyz`);
  stage.redis.refuse(false);
  const doneMs = await until(
    'the work that waited',
    () =>
      areDone(
        stage,
        accepted.map(({ id }) => id),
      ),
    120,
  );
  const faults = await countFaults(db, visitors);
  const losses = visitors.reduce((sum, visitor) => sum + visitor.losses(), 0);
  for (const { client } of visitors) client.close();
  const row = { holdMs, people, messages: acks.length, ackMs: spreadOf(acks), losses, doneMs, ...faults };
  expectations.report('F4 Redis away', row, {
    'nobody loses the connection': losses === 0,
    'each message is acknowledged within 2 s': Math.max(...acks) <= 2_000,
    'the server stays ready': status === 200,
    'work is accepted': accepted.every((answer) => answer.status === 202),
    'work goes on within 30 s': doneMs <= 30_000,
    'nothing lost or twice': faults.lost === 0 && faults.twice === 0,
  });
}

/** F4: everything in Redis is gone; work that was accepted is done all the same, and people notice nothing. */
export async function redisFlushed(
  stage: Stage,
  db: Database,
  expectations: Expectations,
  { servers, times }: { servers: Servers; times: number },
): Promise<void> {
  const visitors = await openVisitorsOf(stage, db, 10);
  const redis = new Redis(servers.redisUrl);
  const doneMs: number[] = [];
  const acks: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const { id } = await handOver(stage, `flush-${String(time)}`);
    await redis.flushall();
    acks.push(...(await talk(visitors, 1_000)));
    doneMs.push(await until('work whose queue is gone', () => areDone(stage, [id]), 120));
  }
  redis.disconnect();
  const faults = await countFaults(db, visitors);
  for (const { client } of visitors) client.close();
  const row = { times, slowestDoneMs: Math.max(...doneMs), ackMs: spreadOf(acks), ...faults };
  expectations.report('F4 FLUSHALL', row, {
    'work goes on within 30 s': Math.max(...doneMs) <= 30_000,
    'each message is acknowledged within 2 s': Math.max(...acks) <= 2_000,
    'nothing lost or twice': faults.lost === 0 && faults.twice === 0,
  });
}

/** F4: a Redis that may throw jobs away is refused at the start. */
export async function wrongPolicy(servers: Servers, expectations: Expectations): Promise<void> {
  const redis = new Redis(servers.redisUrl);
  await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
  const { folder, remove } = await makeTempFolder();
  const product = startProcess({
    DATA_DIR: folder,
    DATABASE_URL: servers.databaseUrl,
    REDIS_URL: servers.redisUrl,
  });
  const isStarted = await product.ready.then(
    () => true,
    () => false,
  );
  if (isStarted) product.child.kill('SIGKILL');
  const exit = await product.exited;
  await redis.config('SET', 'maxmemory-policy', 'noeviction');
  redis.disconnect();
  await remove();
  const said =
    /Set "maxmemory-policy noeviction"[^\n]*/.exec(product.stderr() + product.stdout())?.[0] ?? null;
  expectations.report(
    'F4 wrong eviction policy',
    { isStarted, exit, said },
    {
      'the start is refused': !isStarted && exit !== 0,
      'and says what to do': said !== null,
    },
  );
}

/** All say something every two seconds; how long each took to be acknowledged. */
async function talk(visitors: readonly Visitor[], forMs: number): Promise<number[]> {
  const startedAt = performance.now();
  const times: number[] = [];
  const speak = async (visitor: Visitor, index: number): Promise<void> => {
    await wait((index / visitors.length) * 2_000);
    do {
      say(visitor, `${String(index)} at ${String(performance.now())}`);
      times.push(await until('an ack', async () => (await waitingOf([visitor])) === 0));
      await wait(2_000);
    } while (performance.now() - startedAt < forMs);
  };
  await Promise.all(visitors.map(speak));
  return times;
}

const sourceSchema = z.object({ sourceId: z.string() });
const stateSchema = z.object({ state: z.string() });

async function handOver({ products }: Stage, name: string): Promise<{ id: string; status: number }> {
  const line = JSON.stringify({ id: name, title: name, text: `What was handed over as ${name}.` });
  const type = 'application/x-ndjson';
  const answer = await products[0]?.api('POST', '/sites/default/documents', line, type);
  return { id: sourceSchema.parse(answer?.body).sourceId, status: answer?.status ?? 0 };
}

async function areDone({ products }: Stage, ids: readonly string[]): Promise<boolean> {
  for (const id of ids) {
    const answer = await products[0]?.api('GET', `/sites/default/sources/${id}`);
    if (stateSchema.parse(answer?.body).state !== 'done') return false;
  }
  return true;
}
