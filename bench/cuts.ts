import { parseArgs } from 'node:util';
import { migrate, readMigrations } from '../server/adapters/db/migrate.ts';
import { createPostgresDatabase } from '../server/adapters/db/postgres.ts';
import { silentLogger as logger } from '../server/testing/deps.ts';
import { addSite, createSocketStack } from '../server/testing/socket-stack.ts';
import { cutStackOptions, runCuts } from './chaos/cuts.ts';
import { startServers } from './chaos/servers.ts';

/**
 * H1: cuts the line at every byte offset of a send and ack exchange, over WebSocket and over the fallback.
 *
 *   npm run bench -- cuts [--stride 1] [--lanes 8] [--json]
 *
 * Needs root and the Debian tree of `.ci/real-servers.sh`.
 */
const { values } = parseArgs({
  options: {
    stride: { type: 'string', default: '1' },
    lanes: { type: 'string', default: '8' },
    json: { type: 'boolean', default: false },
  },
});
const servers = startServers();
const database = createPostgresDatabase({ url: servers.databaseUrl, logger });
try {
  await migrate(database, await readMigrations());
  await addSite(database);
  const stack = await createSocketStack(database, cutStackOptions);
  const shared = { database, stack, stride: Number(values.stride), lanes: Number(values.lanes) };
  const results = [
    await runCuts({ ...shared, carrier: 'websocket' }),
    await runCuts({ ...shared, carrier: 'stream' }),
  ];
  await stack.close();
  if (values.json) console.log(JSON.stringify(results));
  else console.table(results.map(({ faults, ...rest }) => ({ ...rest, faults: faults.length })));
  const faults = results.flatMap((result) => result.faults);
  console.log(faults.length === 0 ? 'No faults.' : faults.slice(0, 20).join('\n'));
  process.exitCode = faults.length === 0 ? 0 : 3;
} finally {
  await database.close();
  servers.stop();
}
process.exit();
