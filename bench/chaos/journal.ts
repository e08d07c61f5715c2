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
    upTo: z.number(),
    events: z.array(eventSchema),
  }),
]);
type Incoming = z.infer<typeof incoming>;

const outgoing = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('message-send'),
    clientId: z.string(),
    conversationId: z.string(),
    text: z.string(),
  }),
  z.object({ type: z.literal('resume'), conversationId: z.string(), after: z.number() }),
]);

/** Reads what goes through one connection, both ways. */
function createReader(journal: Journal) {
  const positions = new Map<string, number>();
  /** Positions from which each log was asked for on this connection. */
  const asked = new Map<string, number[]>();

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
      resumed(frame);
      for (const event of frame.events) follow(event);
    }
  }

  /** A replay goes on where some question was; a conversation that is left and opened again is asked for twice. */
  function resumed({ conversationId, mode, events, upTo }: Extract<Incoming, { type: 'resumed' }>): void {
    const start = mode === 'snapshot' ? 0 : (events[0]?.seq ?? upTo + 1) - 1;
    const open = asked.get(conversationId) ?? [];
    if (mode === 'replay' && !open.includes(start)) {
      journal.disorder.push(`${journal.name}: a replay from ${String(start)}, asked for ${open.join(', ')}`);
    }
    positions.set(conversationId, start);
  }

  function written(data: string): void {
    const parsed = outgoing.safeParse(JSON.parse(data));
    if (!parsed.success) return;
    const frame = parsed.data;
    if (frame.type === 'resume')
      asked.set(frame.conversationId, [...(asked.get(frame.conversationId) ?? []), frame.after]);
    else if (!journal.sent.some(({ clientId }) => clientId === frame.clientId)) journal.sent.push(frame);
  }

  return { received, written };
}

/** Writes down everything that goes through a socket. */
export function watchSocket(socket: SocketLike, journal: Journal): SocketLike {
  const { received, written } = createReader(journal);
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
