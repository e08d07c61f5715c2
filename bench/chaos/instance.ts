import { createServer } from 'node:http';
import { createNotifyBus } from '../../server/adapters/bus/notify-bus.ts';
import { createRedisBus } from '../../server/adapters/bus/redis-bus.ts';
import { createPostgresDatabase } from '../../server/adapters/db/postgres.ts';
import type { Bus } from '../../server/ports.ts';
import { createAccess } from '../../server/services/access.ts';
import { createLive } from '../../server/services/live.ts';
import { createVisitorSessions } from '../../server/services/visitor-session.ts';
import { silentLogger as logger } from '../../server/testing/deps.ts';
import { systemClock as clock, systemIds as ids } from '../../server/system.ts';
import { createSocketServer } from '../../server/transports/ws/socket-server.ts';
import { createChatter } from './chatter.ts';
import { createRandom } from './random.ts';

/** One instance of the live side on real servers; killed by the harness, so nothing here closes anything. */
process.on('disconnect', () => process.exit());
const { DATABASE_URL = '', REDIS_URL = '', PORT = '0', SEED = '1', BUS_LOSS = '0' } = process.env;
const { HOST = '127.0.0.1', ORIGIN = 'http://chaos.example' } = process.env;
const random = createRandom(Number(SEED));
const db = createPostgresDatabase({ url: DATABASE_URL, logger });
const bus = lossy(
  REDIS_URL === '' ? createNotifyBus(db, logger) : createRedisBus(REDIS_URL, logger, 'chaos'),
);
const common = { db, bus, ids, clock, logger };
const live = createLive({
  ...common,
  answers: createChatter(random),
  // shorter than in production, so that a run of minutes sees many of them
  timings: { positionCheckMs: 1_000, turnLeaseMs: 3_000, turnSweepMs: 1_000 },
});
const most = { burst: 1e6, perSecond: 1e6 };
const everyone = { person: most, address: most, site: most };
const sockets = createSocketServer({
  ...common,
  live,
  access: createAccess(common),
  visitorSessions: createVisitorSessions(common),
  publicUrl: ORIGIN,
  heartbeatMs: 2_000,
  // people here talk faster than people do, and what waits for its turn would only lengthen the run
  allowances: { connect: most, message: everyone, resume: everyone, signal: everyone },
});
const server = createServer((request, response) => {
  if (!sockets.handleRequest(request, response)) response.writeHead(404).end();
});
server.on('upgrade', (request, socket, head) => sockets.handleUpgrade(request, socket, head));
await live.start();
await sockets.start();
server.listen(Number(PORT), HOST, () => process.send?.('ready'));

/** The bus with some of its messages lost, more than any real one loses. */
function lossy(whole: Bus): Bus {
  return {
    ...whole,
    async publish(channel, message) {
      if (!random.chance(Number(BUS_LOSS))) await whole.publish(channel, message);
    },
  };
}
