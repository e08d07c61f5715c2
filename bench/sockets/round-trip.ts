import { systemIds } from '../../server/system.ts';
import type { ServerChild } from './child.ts';
import type { LightSocket } from './light-socket.ts';
import { openMany, round, spreadOf, wait } from './load.ts';
import type { Token } from './load.ts';

/**
 * Each client sends `rounds` messages, one after the other's answer, with pauses so that all clients together send
 * `perSecond`. For deskbell the answer is the ack after COMMIT; the conversations have begun before.
 */
export async function measureRoundTrip(
  server: ServerChild,
  tokens: readonly Token[],
  { rounds, perSecond }: { rounds: number; perSecond: number },
) {
  const isBare = tokens[0] === null;
  const clients = await openMany(server.port, tokens);
  const pauseMs = (tokens.length / perSecond) * 1000;
  const talks = clients.map((client) => createTalk(client, isBare ? 'message-send' : 'ack'));
  await Promise.all(talks.map(async (talk, index) => wait((index / 200) * 1000).then(talk)));
  await wait(500);
  const before = await server.usage();
  const times: number[] = [];
  await Promise.all(
    talks.map(async (talk, index) => {
      await wait((index / talks.length) * pauseMs);
      for (let at = 0; at < rounds; at += 1) {
        const ms = await talk();
        times.push(ms);
        await wait(Math.max(0, pauseMs - ms));
      }
    }),
  );
  const after = await server.usage();
  for (const client of clients) client.close();
  return {
    ...spreadOf(times),
    cpuMsEach: round((after.cpuMs - before.cpuMs) / times.length),
    messages: times.length,
  };
}

/**
 * Sends one message of a conversation and gives the time until it is answered, milliseconds. A server that is too
 * busy refuses it for the moment; then it goes again under the same id, as the reference client does.
 */
export function createTalk(client: LightSocket, answerType: string): () => Promise<number> {
  const conversationId = systemIds.uuid();
  return async () => {
    const startedAt = performance.now();
    const frame = { type: 'message-send', clientId: systemIds.uuid(), conversationId, text: 'Hello there' };
    const answer = client.next(answerType);
    let isAnswered = false;
    const answered = answer.then(() => (isAnswered = true));
    while (!isAnswered) {
      client.send(frame);
      await Promise.race([answered, client.next('nack').then(() => wait(200))]);
    }
    return performance.now() - startedAt;
  };
}
