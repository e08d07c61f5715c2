import type { ServerChild } from './child.ts';
import { openMany, round, spreadOf, wait } from './load.ts';
import type { Token } from './load.ts';
import { createTalk } from './round-trip.ts';

const lengthMs = 8_000;

/** Messages per second when everybody sends the next as soon as the last is acknowledged, over some instances. */
export async function measureThroughput(servers: readonly ServerChild[], tokens: readonly Token[]) {
  const clients = (
    await Promise.all(
      servers.map((server, index) =>
        openMany(
          server.port,
          tokens.filter((_, at) => at % servers.length === index),
        ),
      ),
    )
  ).flat();
  const talks = clients.map((client) => createTalk(client, 'ack'));
  await Promise.all(talks.map((talk) => talk()));
  await wait(1_000);
  const before = await Promise.all(servers.map((server) => server.usage()));
  const times: number[] = [];
  const startedAt = performance.now();
  await Promise.all(
    talks.map(async (talk) => {
      while (performance.now() - startedAt < lengthMs) times.push(await talk());
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const after = await Promise.all(servers.map((server) => server.usage()));
  for (const client of clients) client.close();
  const cpu = after.map((usage, index) => usage.cpuMs - (before[index]?.cpuMs ?? 0));
  return {
    messagesPerSecond: Math.round(times.length / seconds),
    ...spreadOf(times),
    cpuMsEach: round(cpu.reduce((sum, ms) => sum + ms, 0) / times.length),
    busyShare: cpu.map((ms) => round(ms / (seconds * 1000))),
  };
}
