import { Redis } from 'ioredis';
import { z } from 'zod';
import type { Database } from '../../server/ports.ts';
import type { Servers } from '../chaos/servers.ts';
import type { Expectations } from '../expectations.ts';
import { until } from '../degraded/stage.ts';
import { spreadOf } from '../sockets/load.ts';
import { acceptedSchema, isAlive, multipartOf, multipartType, numberOf, openProduct } from './ground.ts';
import type { Product } from './ground.ts';

/** How much of it, and for how long at most. */
export interface LostQueueOptions {
  times: number;
  minutes: number;
}

/** F5: a Redis that keeps nothing is killed whenever something was accepted; all of it is indexed in the end. */
export async function queueLost(
  servers: Servers,
  db: Database,
  expectations: Expectations,
  { times, minutes }: LostQueueOptions,
): Promise<void> {
  // from now on it is a child of ours that keeps nothing
  await servers.crash('redis');
  await redisAnswers(servers.redisUrl);
  const { databaseUrl: DATABASE_URL, redisUrl: REDIS_URL } = servers;
  const product = await openProduct({ environment: { DATABASE_URL, REDIS_URL }, roles: 'all' });
  try {
    const accepted: string[] = [];
    const acceptMs: number[] = [];
    let open = 0;
    let kills = 0;
    const endsAt = performance.now() + minutes * 60_000;
    for (; kills < times && performance.now() < endsAt; kills += 1) {
      const startedAt = performance.now();
      const id = await handOver(product, kills);
      acceptMs.push(performance.now() - startedAt);
      await servers.crash('redis');
      if (id !== null) {
        accepted.push(id);
        open += await numberOf(db, `select count(*) from source where id = $1 and state <> 'done'`, [id]);
      }
      await redisAnswers(servers.redisUrl);
    }
    const doneMs = await until('all that was accepted', async () => (await countOpen(db)) === 0, 180).catch(
      () => null,
    );
    const indexed = await countIndexed(db, accepted);
    const withoutQueue = product.web.stdout().split('source-not-enqueued').length - 1;
    const row = { kills, accepted: accepted.length, open, withoutQueue, indexed, doneMs };
    expectations.report(
      'F5 Redis killed after "accepted"',
      { ...row, acceptMs: spreadOf(acceptMs) },
      {
        'each is accepted': accepted.length === kills,
        'kills meet work that is not done': open > 0,
        'all of it ends': doneMs !== null,
        'nothing accepted is lost': indexed === accepted.length,
        'the process is alive': isAlive(product.web),
      },
    );
  } finally {
    await product.close();
  }
}

async function redisAnswers(url: string): Promise<void> {
  const redis = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
  redis.on('error', () => {});
  await redis.ping();
  redis.disconnect();
}

/** A document, in turn as a line and as a file; null where it was not accepted. */
async function handOver({ web }: Product, number: number): Promise<string | null> {
  const name = `handed-over-${String(number)}`;
  const text = `What was handed over as number ${String(number)} is told here.`;
  const line = JSON.stringify({ id: name, title: name, text });
  const answer =
    number % 2 === 0
      ? await web.api('POST', '/sites/default/documents', line, 'application/x-ndjson')
      : await web.api(
          'POST',
          '/sites/default/sources',
          multipartOf({ [`${name}.md`]: `# ${name}\n\n${text}\n` }),
          multipartType,
        );
  return answer.status === 202 ? acceptedSchema.parse(answer.body).sourceId : null;
}

const countOpen = (db: Database): Promise<number> =>
  numberOf(db, `select count(*) from source where state in ('queued', 'running')`);

/** How many of these are over, with their one item indexed and passages to find. */
async function countIndexed(db: Database, ids: readonly string[]): Promise<number> {
  const rows = await db.query(
    `select source.id from source
     join source_item item on item.source_id = source.id and item.state = 'indexed'
     join document on document.source_id = source.id
     where source.id = any($1::uuid[]) and source.state = 'done'
       and exists (select 1 from passage where passage.document_id = document.id)
     group by source.id having count(*) = 1`,
    [ids],
    z.object({ id: z.uuid() }),
  );
  return rows.length;
}
