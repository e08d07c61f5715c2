import { z } from 'zod';
import { systemIds } from '../../server/system.ts';
import { openLightSocket, type LightSocket } from '../sockets/light-socket.ts';
import { wait } from '../sockets/load.ts';
import { knownQuestion } from './content.ts';

/** A visitor may send one and a half messages a second. */
const pauseMs = 1_000;
/** An answer whose first piece takes longer counts as this. */
const longestMs = 20_000;

/** What each question took, in milliseconds. */
export interface Talks {
  /** From sending a message until its ack, which follows COMMIT. */
  acks: number[];
  /** From sending a question until the first piece of its answer. */
  firsts: number[];
  /** Questions that got no piece in time. */
  unanswered: number;
}

const session = z.object({ token: z.string() });

async function openVisitor(port: number): Promise<LightSocket> {
  const answer = await fetch(`http://127.0.0.1:${String(port)}/api/v1/visitor/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ site: 'default' }),
  });
  const { token } = session.parse(await answer.json());
  const client = await openLightSocket({ port, path: '/ws/visitor?site=default' });
  const welcome = client.next('welcome');
  client.send({ type: 'hello', protocol: 1, site: 'default', token });
  await welcome;
  return client;
}

const log = z.object({
  events: z.array(z.object({ body: z.object({ type: z.string() }) })),
  turn: z.object({ text: z.string() }).nullable(),
});

/** Whether an answer was quicker than the client's first look: no piece of it need follow. */
function holdsAnswer(frame: string): boolean {
  const { events, turn } = log.parse(JSON.parse(frame));
  return events.some(({ body }) => body.type === 'turn-ended') || (turn?.text ?? '') !== '';
}

/** Asks in a conversation of its own; gives both times in milliseconds, the second null where no piece came. */
async function ask(client: LightSocket, text: string): Promise<{ ack: number; first: number | null }> {
  const startedAt = performance.now();
  const passed = () => performance.now() - startedAt;
  const ids = { clientId: systemIds.uuid(), conversationId: systemIds.uuid() };
  const acked = client.next('ack').then(passed);
  const piece = client.next('answer-delta').then(passed, () => null);
  client.send({ type: 'message-send', ...ids, text });
  const ack = await acked;
  const resumed = client.next('resumed').then((frame) => ({ isThere: holdsAnswer(frame), at: passed() }));
  client.send({ type: 'resume', conversationId: ids.conversationId, epoch: null, after: 0 });
  const { isThere, at } = await resumed;
  return { ack, first: isThere ? at : await Promise.race([piece, wait(longestMs).then(() => null)]) };
}

/** Lets visitors ask, each once a second, until `isOver`; who opens the page later would wait no longer. */
export async function measureTalks(port: number, visitors: number, isOver: () => boolean): Promise<Talks> {
  const clients = await Promise.all(Array.from({ length: visitors }, () => openVisitor(port)));
  const acks: number[] = [];
  const firsts: number[] = [];
  let unanswered = 0;
  await Promise.all(
    clients.map(async (client, place) => {
      await wait((place / visitors) * pauseMs);
      for (let number = place; !isOver(); number += visitors) {
        const startedAt = performance.now();
        const { ack, first } = await ask(client, knownQuestion(number));
        acks.push(ack);
        if (first === null) unanswered += 1;
        firsts.push(first ?? longestMs);
        await wait(Math.max(0, pauseMs - (performance.now() - startedAt)));
      }
    }),
  );
  for (const client of clients) client.close();
  return { acks, firsts, unanswered };
}
