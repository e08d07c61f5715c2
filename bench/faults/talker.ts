import { systemIds } from '../../server/system.ts';
import type { LightSocket } from '../sockets/light-socket.ts';
import { round, wait } from '../sockets/load.ts';

/** Somebody who sends the next message as soon as the last is kept, and the same again where it was refused. */
export interface Talker {
  /** Resolves with the moment of the next ack from now on. */
  nextAck(): Promise<number>;
  /** Every answer so far: how long it took, milliseconds, and what it was. */
  answers: { ms: number; kind: 'ack' | 'nack' }[];
}

const pauseMs = 100;

/** Talks until the process ends. */
export function startTalker(client: LightSocket): Talker {
  const conversationId = systemIds.uuid();
  const answers: Talker['answers'] = [];
  let waiting: ((atMs: number) => void)[] = [];

  async function send(clientId: string): Promise<'ack' | 'nack'> {
    const answer = Promise.race([
      client.next('ack').then(() => 'ack' as const),
      client.next('nack').then(() => 'nack' as const),
    ]);
    const startedAt = performance.now();
    client.send({ type: 'message-send', clientId, conversationId, text: 'Hello there' });
    const kind = await answer;
    answers.push({ ms: performance.now() - startedAt, kind });
    return kind;
  }

  async function talk(): Promise<never> {
    for (;;) {
      const clientId = systemIds.uuid();
      while ((await send(clientId)) === 'nack') await wait(pauseMs);
      for (const told of waiting) told(performance.now());
      waiting = [];
      await wait(pauseMs);
    }
  }

  // the line ends with the instance, when everything was measured
  talk().catch(() => {});
  return { answers, nextAck: () => new Promise((told) => waiting.push(told)) };
}

/** Answers since the last question: how many of each kind, and the slowest. */
export function takeAnswers(talkers: readonly Talker[]) {
  const all = talkers.flatMap(({ answers }) => answers.splice(0));
  const slowest = (kind: 'ack' | 'nack'): number =>
    round(Math.max(0, ...all.filter((answer) => answer.kind === kind).map(({ ms }) => ms)));
  return {
    acks: all.filter(({ kind }) => kind === 'ack').length,
    nacks: all.filter(({ kind }) => kind === 'nack').length,
    slowestAckMs: slowest('ack'),
    slowestNackMs: slowest('nack'),
  };
}
