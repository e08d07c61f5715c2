/**
 * A worker to be killed: opens the database in the folder or at the address given, works off its sources, says
 * `done`. What it does is what a worker of the product does; only the queue is left out.
 */
import { z } from 'zod';
import { createOutbound } from '../../ingest/fetch.ts';
import { createParsePool } from '../../ingest/parse/pool.ts';
import { createPipeline } from '../../ingest/pipeline.ts';
import { createBuiltinEmbedder } from '../adapters/embedder/builtin.ts';
import { createIntakeQuota } from '../services/intake-quota.ts';
import { createPassageIndex } from '../services/passage-index.ts';
import { systemClock, systemIds } from '../system.ts';
import { openDatabase } from './database.ts';
import { silentLogger } from './deps.ts';

const [place = ''] = process.argv.slice(2);
const db = await openDatabase(place);
const parser = createParsePool({ processes: 1, timeoutMs: 30_000, maxMemoryMb: 512 });
const outbound = createOutbound({ allowRanges: ['127.0.0.0/8'], allowOrigins: [] });
const index = createPassageIndex({ embedder: createBuiltinEmbedder(), logger: silentLogger });
const pipeline = createPipeline({
  db,
  outbound,
  parser,
  index,
  clock: systemClock,
  ids: systemIds,
  logger: silentLogger,
  quota: createIntakeQuota(),
});
process.stdout.write('ready\n');
const open = await db.query(
  `select id as "sourceId", run from source where state in ('queued', 'running')`,
  [],
  z.object({ sourceId: z.uuid(), run: z.number() }),
);
for (const job of open) await pipeline.run(job, new AbortController().signal);
await parser.close();
await db.close();
process.stdout.write('done\n');
