import type { ServerChild } from './child.ts';
import { openMany } from './load.ts';
import type { Token } from './load.ts';

/** SIGTERM with everybody connected; how long until the process has ended, and what clients were told (case G3). */
export async function measureDrain(server: ServerChild, tokens: readonly Token[]) {
  const clients = await openMany(server.port, tokens);
  const hints = clients.map(async (client) => {
    const told = client.next('draining').catch(() => '');
    const code = await client.closed;
    const afterMs = Number(/"reconnectAfterMs":(\d+)/.exec(await told)?.[1] ?? Number.NaN);
    return { code, afterMs };
  });
  const startedAt = performance.now();
  await server.terminate();
  const endedMs = Math.round(performance.now() - startedAt);
  const told = await Promise.all(hints);
  const delays = told.map(({ afterMs }) => afterMs).filter((ms) => !Number.isNaN(ms));
  return {
    endedMs,
    toldToComeBack: delays.length,
    closedWith1012: told.filter(({ code }) => code === 1012).length,
    spreadMs: Math.max(...delays) - Math.min(...delays),
  };
}
