import { systemIds } from '../../server/system.ts';
import type { ServerChild } from './child.ts';
import { openClient, openMany } from './client.ts';
import type { LoadClient } from './client.ts';

/** Middle and tail of some durations, milliseconds. */
export interface Spread {
  p50: number;
  p99: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number =>
    Math.round((sorted[Math.ceil(sorted.length * share) - 1] ?? 0) * 100) / 100;
  return { p50: at(0.5), p99: at(0.99) };
}

/** Bytes that one idle connection costs the server. */
export async function measureIdle(server: ServerChild, tokens: readonly (string | null)[]) {
  const before = await server.usage();
  const clients = await openMany(server.port, tokens);
  const after = await server.usage();
  for (const client of clients) client.close();
  return {
    bytesEach: Math.round((after.rss - before.rss) / tokens.length),
    rssMb: Math.round(after.rss / 1e6),
  };
}

/**
 * Each client sends `rounds` messages, one after the other answer, with pauses so that all clients together send
 * `perSecond` messages. For deskbell the answer is the ack after COMMIT.
 */
export async function measureRoundTrip(
  server: ServerChild,
  tokens: readonly (string | null)[],
  { rounds, perSecond }: { rounds: number; perSecond: number },
) {
  const clients = await openMany(server.port, tokens);
  const isBare = tokens[0] === null;
  const times: number[] = [];
  const before = await server.usage();
  const pauseMs = (tokens.length / perSecond) * 1000;
  await Promise.all(
    clients.map(async (client, index) => {
      const conversationId = systemIds.uuid();
      await wait((index / clients.length) * pauseMs);
      for (let round = 0; round < rounds; round += 1) {
        const startedAt = performance.now();
        const answer = client.next(isBare ? 'message-send' : 'ack');
        client.send({
          type: 'message-send',
          clientId: systemIds.uuid(),
          conversationId,
          text: 'Hello there',
        });
        await answer;
        times.push(performance.now() - startedAt);
        await wait(Math.max(0, pauseMs - (performance.now() - startedAt)));
      }
    }),
  );
  const after = await server.usage();
  for (const client of clients) client.close();
  const cpuMsEach = Math.round(((after.cpuMs - before.cpuMs) / times.length) * 100) / 100;
  return { ...spreadOf(times), cpuMsEach, messages: times.length };
}

/** Frames per second of streamed text, over all clients. */
export async function measureStreams(server: ServerChild, tokens: readonly (string | null)[]) {
  const clients = await openMany(server.port, tokens);
  const isBare = tokens[0] === null;
  const startedAt = performance.now();
  await Promise.all(
    clients.map(async (client) => {
      if (isBare) {
        const done = client.next('done');
        client.send({ type: 'stream' });
        return done;
      }
      const conversationId = systemIds.uuid();
      const turnEnded = untilAnswered(client);
      client.send({
        type: 'message-send',
        clientId: systemIds.uuid(),
        conversationId,
        text: 'stream please',
      });
      client.send({ type: 'resume', conversationId, epoch: null, after: 0 });
      return turnEnded;
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const frames = clients.reduce((sum, client) => sum + (client.counts.get('answer-delta') ?? 0), 0);
  for (const client of clients) client.close();
  return { framesPerSecond: Math.round(frames / seconds), frames, seconds: Math.round(seconds * 10) / 10 };
}

/** The answer's message and the end of its turn come as events after the last piece. */
async function untilAnswered(client: LoadClient): Promise<void> {
  await client.next('answer-delta');
  await client.next('event');
}

/** From the start of the new process until every client is served again, milliseconds. */
export async function measureReturn(
  start: () => Promise<ServerChild>,
  tokens: readonly (string | null)[],
): Promise<number> {
  const server = await start();
  const clients = await openMany(server.port, tokens);
  await server.kill();
  for (const client of clients) client.close();
  const killedAt = performance.now();
  const again = await start();
  let back = 0;
  await Promise.all(
    tokens.map(async (token) => {
      // full jitter over the first second, as the reference client does it
      for (let attempt = 0; ; attempt += 1) {
        await wait(Math.random() * Math.min(30_000, 1_000 * 2 ** attempt));
        const client = await openClient(again.port, token).catch(() => null);
        if (client === null) continue;
        back += 1;
        if (back === tokens.length) setTimeout(() => client.close(), 0);
        else client.close();
        return;
      }
    }),
  );
  const ms = Math.round(performance.now() - killedAt);
  await again.kill();
  return ms;
}

export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
