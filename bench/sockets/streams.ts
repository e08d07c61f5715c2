import { systemIds } from '../../server/system.ts';
import type { ServerChild } from './child.ts';
import type { LightSocket } from './light-socket.ts';
import { openMany, round } from './load.ts';
import type { Token } from './load.ts';

/** Frames of streamed text per second, over all clients, from the first frame to the last. */
export async function measureStreams(servers: readonly ServerChild[], tokens: readonly Token[]) {
  const isBare = tokens[0] === null;
  const parts = servers.map((server, index) => ({
    server,
    tokens: tokens.filter((_, at) => at % servers.length === index),
  }));
  const clients = (
    await Promise.all(parts.map(async (part) => openMany(part.server.port, part.tokens)))
  ).flat();
  const before = await cpuOf(servers);
  const first = Promise.race(clients.map((client) => client.next('answer-delta'))).then(() =>
    performance.now(),
  );
  const done = Promise.all(clients.map((client) => untilAnswered(client)));
  for (const client of clients) ask(client, isBare);
  const startedAt = await first;
  await done;
  const seconds = (performance.now() - startedAt) / 1000;
  const cpuMs = (await cpuOf(servers)) - before;
  const frames = clients.reduce((sum, client) => sum + (client.counts.get('answer-delta') ?? 0), 0);
  for (const client of clients) client.close();
  return {
    framesPerSecond: Math.round(frames / seconds),
    cpuUsEach: round((cpuMs * 1000) / frames),
    frames,
    seconds: round(seconds),
  };
}

function ask(client: LightSocket, isBare: boolean): void {
  if (isBare) return client.send({ type: 'stream' });
  const conversationId = systemIds.uuid();
  client.send({ type: 'message-send', clientId: systemIds.uuid(), conversationId, text: 'stream please' });
  client.send({ type: 'resume', conversationId, epoch: null, after: 0 });
}

/** The answer's message and the end of its turn come as events after the last piece. */
async function untilAnswered(client: LightSocket): Promise<void> {
  await client.next('event');
}

async function cpuOf(servers: readonly ServerChild[]): Promise<number> {
  const usages = await Promise.all(servers.map((server) => server.usage()));
  return usages.reduce((sum, usage) => sum + usage.cpuMs, 0);
}
