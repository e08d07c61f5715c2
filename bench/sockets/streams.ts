import { systemIds } from '../../server/system.ts';
import type { ServerChild } from './child.ts';
import type { LightSocket } from './light-socket.ts';
import { forEachOf, openMany, round } from './load.ts';
import type { Token } from './load.ts';

/** Everybody has asked by then, also where a thousand do. */
const asksTakeMs = (count: number): number => 3_000 + count * 12;

/** Of every piece of an answer, see `deskbell-server.ts`. */
const tokenBytes = 'token '.length;

/**
 * Tokens of streamed text per second, over all clients, from the first frame to the last, in however many frames
 * they come. All answers begin at the same moment, after everything that the questions cost.
 */
export async function measureStreams(servers: readonly ServerChild[], tokens: readonly Token[]) {
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
  const beginAtMs = Date.now() + asksTakeMs(clients.length);
  const first = Promise.race(clients.map((client) => client.next('answer-delta'))).then(() =>
    performance.now(),
  );
  const ask = tokens[0] === null ? askBare : askDeskbell;
  await forEachOf(clients, 20, (client) => ask(client, `stream at ${String(beginAtMs)}`));
  const done = Promise.all(clients.map((client) => client.next('event')));
  const before = await cpuOf(servers);
  const startedAt = await first;
  await done;
  const seconds = (performance.now() - startedAt) / 1000;
  const cpuMs = (await cpuOf(servers)) - before;
  const frames = clients.reduce((sum, client) => sum + (client.counts.get('answer-delta') ?? 0), 0);
  const streamed = clients.reduce((sum, client) => sum + client.textBytes(), 0) / tokenBytes;
  for (const client of clients) client.close();
  return {
    tokensPerSecond: Math.round(streamed / seconds),
    framesPerSecond: Math.round(frames / seconds),
    cpuUsPerToken: round((cpuMs * 1000) / streamed),
    cpuUsPerFrame: round((cpuMs * 1000) / frames),
    tokens: streamed,
    frames,
    seconds: round(seconds),
  };
}

async function askBare(client: LightSocket, text: string): Promise<void> {
  client.send({ type: 'stream', text });
}

/** Asks, and follows the conversation. */
async function askDeskbell(client: LightSocket, text: string): Promise<void> {
  const conversationId = systemIds.uuid();
  const ack = client.next('ack');
  client.send({ type: 'message-send', clientId: systemIds.uuid(), conversationId, text });
  await ack;
  const resumed = client.next('resumed');
  client.send({ type: 'resume', conversationId, epoch: null, after: 0 });
  await resumed;
}

async function cpuOf(servers: readonly ServerChild[]): Promise<number> {
  const usages = await Promise.all(servers.map((server) => server.usage()));
  return usages.reduce((sum, usage) => sum + usage.cpuMs, 0);
}
