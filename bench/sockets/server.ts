import { createServer } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { z } from 'zod';
import { createBareServer } from './bare-server.ts';
import { createDeskbellServer } from './deskbell-server.ts';

/** The server under load, `deskbell` or a `bare` ws server that only sends back; says what it used when asked. */
const settings = z
  .object({
    MODE: z.enum(['bare', 'deskbell']).default('bare'),
    PORT: z.coerce.number().default(0),
    DATABASE_URL: z.string().default(''),
    REDIS_URL: z.string().default(''),
    /** Pieces of one answer, and the pause before each, milliseconds. */
    TOKENS: z.coerce.number().default(40),
    TOKEN_MS: z.coerce.number().default(10),
    /** `product`: the limits of visitors as they are shipped. */
    LIMITS: z.enum(['none', 'product']).default('none'),
  })
  .parse(process.env);

const server = createServer({ keepAliveTimeout: 60_000 });
const served =
  settings.MODE === 'bare'
    ? createBareServer(server, settings)
    : await createDeskbellServer(server, settings);
const lag = monitorEventLoopDelay({ resolution: 10 });
lag.enable();

server.listen({ port: settings.PORT, host: '127.0.0.1', backlog: 4096 }, () => {
  const address = server.address();
  process.send?.({ type: 'ready', port: typeof address === 'object' ? address?.port : 0 });
});
process.on('disconnect', () => process.exit());
process.on('message', () => {
  const lagP99Ms = lag.percentile(99) / 1e6;
  globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  const cpuMs = (user + system) / 1000;
  server.getConnections((_error, connections) => {
    process.send?.({ type: 'usage', rss, heap: heapUsed, cpuMs, lagP99Ms, connections });
    lag.reset();
  });
});
process.once('SIGTERM', () => {
  server.close();
  void served.drain().then(() => process.exit());
});
