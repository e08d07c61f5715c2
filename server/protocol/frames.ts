import { z } from 'zod';
import {
  answerStepSchema,
  conversationStateSchema,
  eventSchema,
  messageTextSchema,
  uuidSchema,
} from './entities.ts';

/** Frames that visitors' and agents' sockets share. */

/** Sent by the server every `heartbeatMs`; a client may send it too, when it doubts the line. */
export const pingFrame = z.object({ type: z.literal('ping') });
/** The answer to `ping`, in both directions. */
export const pongFrame = z.object({ type: z.literal('pong') });

/** Asks for a conversation's log after `after` (0 for all of it) and for everything that follows. */
export const resumeFrame = z.strictObject({
  type: z.literal('resume'),
  conversationId: uuidSchema,
  /** The `epoch` of the last `resumed`; null at first load. */
  epoch: z.string().nullable(),
  after: z.number().int().nonnegative(),
});

export const typingSetFrame = z.strictObject({
  type: z.literal('typing-set'),
  conversationId: uuidSchema,
  isTyping: z.boolean(),
});

export const messageSendFrame = z.strictObject({
  type: z.literal('message-send'),
  /** Made by the client (UUIDv7), unique per conversation: a repeat gets the same ack. */
  clientId: uuidSchema,
  conversationId: uuidSchema,
  text: messageTextSchema,
});

export const seenMarkFrame = z.strictObject({
  type: z.literal('seen-mark'),
  conversationId: uuidSchema,
  seq: z.number().int().positive(),
});

/** The answer being written right now: its text so far, to be continued by `answer-delta`. */
export const liveTurnSchema = z.object({ turnId: uuidSchema, text: z.string() });

/**
 * The answer to `resume`. `replay`: append `events` to what you have. `snapshot`: drop what you have, `events`
 * starts at 1. The log goes on to `upTo`: what does not fit into this frame follows as `event` frames, in order.
 */
export const resumedFrame = z.object({
  type: z.literal('resumed'),
  conversationId: uuidSchema,
  epoch: z.string(),
  mode: z.enum(['replay', 'snapshot']),
  /** Newest sequence number when the log was read. */
  upTo: z.number().int().nonnegative(),
  state: conversationStateSchema,
  events: z.array(eventSchema),
  turn: liveTurnSchema.nullable(),
});

export const eventFrame = z.object({ type: z.literal('event'), event: eventSchema });

export const ackFrame = z.object({
  type: z.literal('ack'),
  clientId: uuidSchema,
  conversationId: uuidSchema,
  /** The sequence number that the message or action got; sent after COMMIT only. */
  seq: z.number().int().positive(),
});

export const nackFrame = z.object({
  type: z.literal('nack'),
  clientId: uuidSchema,
  code: z.string(),
  message: z.string(),
  /** Null: do not try again. */
  retryAfterMs: z.number().int().nonnegative().nullable(),
});

/** What the AI is doing before its first word. */
export const answerStepFrame = z.object({
  type: z.literal('answer-step'),
  conversationId: uuidSchema,
  turnId: uuidSchema,
  step: answerStepSchema,
});

/** A piece of the answer being written; `offset` is where it starts, in UTF-16 code units. Not in the log. */
export const answerDeltaFrame = z.object({
  type: z.literal('answer-delta'),
  conversationId: uuidSchema,
  turnId: uuidSchema,
  offset: z.number().int().nonnegative(),
  text: z.string(),
});

export const typingFrame = z.object({
  type: z.literal('typing'),
  conversationId: uuidSchema,
  role: z.enum(['visitor', 'agent']),
  name: z.string().nullable(),
  isTyping: z.boolean(),
  /** After this time without a repeat the typing is over. */
  expiresInMs: z.number().int().nonnegative(),
  /** What the visitor is typing; null for visitors, and where the site does not show it. */
  text: z.string().nullable(),
});

/** A frame was refused that has no ack. `conversationId` is set when it is about one conversation. */
export const errorFrame = z.object({
  type: z.literal('error'),
  code: z.string(),
  message: z.string(),
  conversationId: uuidSchema.nullable(),
});

/** The server is going away; reconnect after this time (spread over clients). */
export const drainingFrame = z.object({
  type: z.literal('draining'),
  reconnectAfterMs: z.number().int().nonnegative(),
});

export const sharedServerFrames = [
  pingFrame,
  pongFrame,
  resumedFrame,
  eventFrame,
  ackFrame,
  nackFrame,
  answerStepFrame,
  answerDeltaFrame,
  typingFrame,
  errorFrame,
  drainingFrame,
] as const;
