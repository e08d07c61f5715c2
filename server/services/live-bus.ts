import { z } from 'zod';
import { conversationEventsLimitBytes } from './live-limits.ts';
import { eventSchema } from '../protocol/entities.ts';
import type { ConversationEvent } from '../protocol/entities.ts';
import { answerDeltaFrame, answerStepFrame, typingFrame } from '../protocol/frames.ts';

/** Bus channel of everything that live screens want to hear soon. */
export const liveChannel = 'live';

/** What is shown and forgotten: not in the log, not repeated when lost. */
export const ephemeralFrameSchema = z.discriminatedUnion('type', [
  answerStepFrame,
  answerDeltaFrame,
  typingFrame,
]);
export type EphemeralFrame = z.infer<typeof ephemeralFrameSchema>;

/** A piece of an answer as it goes over the bus. */
const deltaPieceSchema = answerDeltaFrame.omit({ type: true });
export type DeltaPiece = z.infer<typeof deltaPieceSchema>;

const from = z.uuid();

/** What instances tell each other. Every kind may be lost: the position check finds events again. */
export const liveMessageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('events'),
    from,
    conversationId: z.uuid(),
    lastSeq: z.number().int(),
    /** Empty when they are too large for the bus: read them from the log. */
    events: z.array(eventSchema),
  }),
  z.object({ type: z.literal('ephemeral'), from, frame: ephemeralFrameSchema }),
  /** Pieces of the answers that an instance is writing, gathered for a moment. */
  z.object({ type: z.literal('deltas'), from, pieces: z.array(deltaPieceSchema) }),
  /** An instance that joined late asks for the answer being written. */
  z.object({ type: z.literal('turn-wanted'), from, conversationId: z.uuid() }),
  z.object({ type: z.literal('agents-changed'), from }),
  z.object({ type: z.literal('visitors-changed'), from, visitorIds: z.array(z.uuid()) }),
]);
export type LiveMessage = z.infer<typeof liveMessageSchema>;

const senderSchema = z.object({ from });

/** Which instance a message comes from; null for what is no message. Cheap: the bus brings our own back as well. */
export function senderOf(raw: unknown): string | null {
  const parsed = senderSchema.safeParse(raw);
  return parsed.success ? parsed.data.from : null;
}

/** The hint that a log has grown; with the events themselves where they fit. */
export function eventsMessage(
  fromInstance: string,
  conversationId: string,
  events: readonly ConversationEvent[],
): LiveMessage {
  const lastSeq = events.at(-1)?.seq ?? 0;
  const fits = Buffer.byteLength(JSON.stringify(events)) <= conversationEventsLimitBytes;
  return { type: 'events', from: fromInstance, conversationId, lastSeq, events: fits ? [...events] : [] };
}
