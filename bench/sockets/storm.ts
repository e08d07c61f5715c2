import { systemIds } from '../../server/system.ts';
import type { ServerChild } from './child.ts';
import type { LightSocket } from './light-socket.ts';
import { forEachOf, openClient, openMany, round, wait } from './load.ts';
import type { Token } from './load.ts';

/** As the reference client: full jitter over 1, 2, 4, ... 30 s. */
const backoffMs = (attempt: number): number => Math.random() * Math.min(30_000, 1_000 * 2 ** attempt);

export interface StormOptions {
  /** Starts the server on the port it had. */
  restart: () => Promise<ServerChild>;
  /** Connections to PostgreSQL at this moment. */
  countConnections: () => Promise<number>;
}

/** SIGKILL to the server with everybody connected; how long until all are served again (case I4). */
export async function measureReturn(
  server: ServerChild,
  tokens: readonly Token[],
  { restart, countConnections }: StormOptions,
) {
  const clients = await openMany(server.port, tokens);
  const conversations = await begin(clients.slice(0, withTalk), tokens);
  const killedAt = performance.now();
  const seen = { failed: 0, lost: 0, connections: 0, upMs: 0 };
  const restarted = server.kill().then(async () => {
    const reborn = await restart();
    seen.upMs = Math.round(performance.now() - killedAt);
    return reborn;
  });
  const watch = setInterval(() => {
    // one question that comes too late is no matter: others follow
    countConnections().then(
      (count) => (seen.connections = Math.max(seen.connections, count)),
      () => {},
    );
  }, 250);
  const times = await Promise.all(
    clients.map(async (client, index) => {
      await client.closed;
      for (let attempt = 0; ; attempt += 1) {
        await wait(backoffMs(attempt));
        const again = await comeBack(server.port, tokens[index] ?? null, conversations[index]).catch(
          () => null,
        );
        if (again !== null) {
          void again.closed.then(() => (seen.lost += 1));
          return { ms: performance.now() - killedAt, again };
        }
        seen.failed += 1;
      }
    }),
  );
  clearInterval(watch);
  const sorted = times.map(({ ms }) => ms).sort((a, b) => a - b);
  const reborn = await restarted;
  const used = await reborn.usage();
  const result = {
    serverUpMs: seen.upMs,
    allBackMs: Math.round(sorted.at(-1) ?? 0),
    p50: round(sorted[sorted.length >> 1] ?? 0),
    p95: round(sorted[Math.floor(sorted.length * 0.95)] ?? 0),
    failedAttempts: seen.failed,
    lostAgain: seen.lost,
    maxPgConnections: seen.connections,
    cpuMsEach: round(used.cpuMs / tokens.length),
    rssMb: Math.round(used.rss / 1e6),
  };
  for (const { again } of times) again.close();
  return { result, reborn };
}

/** Of the clients, so many have a conversation to resume. */
const withTalk = 2_000;

async function begin(clients: readonly LightSocket[], tokens: readonly Token[]): Promise<string[]> {
  if (tokens[0] === null) return [];
  return forEachOf(clients, 20, async (client) => {
    const conversationId = systemIds.uuid();
    const ack = client.next('ack');
    client.send({ type: 'message-send', clientId: systemIds.uuid(), conversationId, text: 'Hello there' });
    await ack;
    return conversationId;
  });
}

async function comeBack(
  port: number,
  token: Token,
  conversationId: string | undefined,
): Promise<LightSocket> {
  const client = await openClient(port, token);
  if (conversationId === undefined) return client;
  const resumed = client.next('resumed');
  client.send({ type: 'resume', conversationId, epoch: null, after: 0 });
  await resumed;
  return client;
}
