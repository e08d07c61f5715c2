import { parseArgs } from 'node:util';
import { startServers } from './chaos/servers.ts';
import { databaseAway } from './degraded/database-away.ts';
import { modelAway } from './degraded/model-away.ts';
import { redisAway, redisFlushed, wrongPolicy } from './degraded/redis-away.ts';
import { openStage } from './degraded/stage.ts';
import type { Stage } from './degraded/stage.ts';
import { keepPromises } from './expectations.ts';

/**
 * F2, F4 and the model: two processes of the product as it is shipped, on real PostgreSQL and Redis behind proxies,
 * and people on the reference client. Prints what each case showed; the exit code is 3 when a promise does not hold.
 *
 *   npm run bench -- degraded [--only database,redis,flush,policy,model] [--people 40] [--database-seconds 60]
 *     [--redis-seconds 300]
 *
 * Needs root and the Debian tree of `.ci/real-servers.sh`.
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'database,redis,flush,policy,model' },
    people: { type: 'string', default: '40' },
    'database-seconds': { type: 'string', default: '60' },
    'redis-seconds': { type: 'string', default: '300' },
  },
});
const only = new Set(values.only.split(','));
const people = Number(values.people);

const servers = startServers();
await keepPromises(servers, async (db, expectations) => {
  const hold = (seconds: string) => Number(seconds) * 1_000;
  if (only.has('database'))
    await onStage((stage) =>
      databaseAway(stage, db, expectations, { holdMs: hold(values['database-seconds']), people }),
    );
  if (only.has('redis'))
    await onStage((stage) =>
      redisAway(stage, db, expectations, { holdMs: hold(values['redis-seconds']), people: 10 }),
    );
  if (only.has('flush'))
    await onStage((stage) => redisFlushed(stage, db, expectations, { servers, times: 5 }));
  if (only.has('policy')) await wrongPolicy(servers, expectations);
  if (only.has('model')) await modelAway(servers, db, expectations);
});

async function onStage(work: (stage: Stage) => Promise<void>): Promise<void> {
  const stage = await openStage(servers);
  try {
    await work(stage);
  } finally {
    await stage.close();
  }
}
