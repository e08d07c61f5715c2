import { z } from 'zod';
import { eventSchema } from '../../server/protocol/entities.ts';
import type { ConversationEvent } from '../../server/protocol/entities.ts';
import type { SocketLike } from '../../server/protocol/client.ts';

/** What one client sent, was told and saw, in order. */
export interface Journal {
  name: string;
  /** Texts in the order of the person's sending, per conversation. */
  sent: { conversationId: string; clientId: string; text: string }[];
  /** Client id -> number, from every ack. */
  acked: Map<string, { conversationId: string; seq: number }[]>;
  /** Every event that came, as it came. */
  seen: ConversationEvent[];
  /** Breaks of the order on one connection: a number that does not follow the one before. */
  disorder: string[];
}

export function createJournal(name: string): Journal {
  return { name, sent: [], acked: new Map(), seen: [], disorder: [] };
}

const incoming = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ack'), clientId: z.string(), conversationId: z.string(), seq: z.number() }),
  z.object({ type: z.literal('event'), event: eventSchema }),
  z.object({
    type: z.literal('resumed'),
    conversationId: z.string(),
    mode: z.enum(['replay', 'snapshot']),
    events: z.array(eventSchema),
  }),
]);
const outgoing = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('message-send'),
    clientId: z.string(),
    conversationId: z.string(),
    text: z.string(),
  }),
  z.object({ type: z.literal('resume'), conversationId: z.string(), after: z.number() }),
]);

/** Writes down everything that goes through a socket. */
export function watchSocket(socket: SocketLike, journal: Journal): SocketLike {
  const positions = new Map<string, number>();
  const asked = new Map<string, number>();

  function follow(event: ConversationEvent): void {
    const before = positions.get(event.conversationId);
    if (before !== undefined && event.seq !== before + 1) {
      journal.disorder.push(`${journal.name}: ${String(event.seq)} after ${String(before)}`);
    }
    positions.set(event.conversationId, event.seq);
    journal.seen.push(event);
  }

  function received(data: unknown): void {
    const parsed = incoming.safeParse(JSON.parse(String(data)));
    if (!parsed.success) return;
    const frame = parsed.data;
    if (frame.type === 'ack') {
      const { clientId, conversationId, seq } = frame;
      journal.acked.set(clientId, [...(journal.acked.get(clientId) ?? []), { conversationId, seq }]);
    } else if (frame.type === 'event') follow(frame.event);
    else {
      positions.set(
        frame.conversationId,
        frame.mode === 'replay' ? (asked.get(frame.conversationId) ?? 0) : 0,
      );
      for (const event of frame.events) follow(event);
    }
  }

  function written(data: string): void {
    const parsed = outgoing.safeParse(JSON.parse(data));
    if (!parsed.success) return;
    const frame = parsed.data;
    if (frame.type === 'resume') asked.set(frame.conversationId, frame.after);
    else if (!journal.sent.some(({ clientId }) => clientId === frame.clientId)) journal.sent.push(frame);
  }

  return new Proxy(socket, {
    get(target, key) {
      if (key === 'send') {
        return (data: string) => {
          written(data);
          target.send(data);
        };
      }
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
    set(target, key, value: unknown) {
      if (key !== 'onmessage' || typeof value !== 'function') return Reflect.set(target, key, value);
      target.onmessage = (event: { data: unknown }) => {
        received(event.data);
        value(event);
      };
      return true;
    },
  });
}
