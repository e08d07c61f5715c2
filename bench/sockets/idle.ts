import type { ServerChild } from './child.ts';
import { openMany, wait } from './load.ts';
import type { Token } from './load.ts';
import { measureRoundTrip } from './round-trip.ts';

/** What one idle connection costs the server, and what 200 that talk have of it beside them (case I1). */
export async function measureIdle(
  server: ServerChild,
  tokens: readonly Token[],
  { active, rounds }: { active: readonly Token[]; rounds: number },
) {
  // what code and pools cost once is not the connections'
  for (const client of await openMany(server.port, tokens.slice(0, 200))) client.close();
  await wait(1_000);
  const before = await server.usage();
  const clients = await openMany(server.port, tokens);
  // timers of the greeting end within 5 s
  await wait(6_000);
  const after = await server.usage();
  let dropped = 0;
  for (const client of clients) void client.closed.then(() => (dropped += 1));
  const talk = await measureRoundTrip(server, active, { rounds, perSecond: 10 });
  const atEnd = await server.usage();
  const result = {
    connections: tokens.length,
    rssKbEach: kb((after.rss - before.rss) / tokens.length),
    heapKbEach: kb((after.heap - before.heap) / tokens.length),
    rssMb: Math.round(atEnd.rss / 1e6),
    grownMb: Math.round((atEnd.rss - after.rss) / 1e6),
    p50: talk.p50,
    p99: talk.p99,
    lagP99Ms: Math.round(atEnd.lagP99Ms),
    dropped,
  };
  for (const client of clients) client.close();
  return result;
}

function kb(bytes: number): number {
  return Math.round(bytes / 100) / 10;
}
