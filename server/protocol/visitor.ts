import { z } from 'zod';
import { siteIdSchema, uuidSchema } from './entities.ts';
import {
  messageSendFrame,
  pingFrame,
  pongFrame,
  resumeFrame,
  seenMarkFrame,
  sharedServerFrames,
  typingSetFrame,
} from './frames.ts';
import { maxPreviewLength } from './version.ts';

/** First frame of a visitor's socket, within 5 s. */
const helloFrame = z.strictObject({
  type: z.literal('hello'),
  protocol: z.number().int(),
  site: siteIdSchema,
  /** Only where cookies are blocked: the session token kept in memory by the widget. */
  token: z.string().max(200).nullable(),
});

const handoffRequestFrame = z.strictObject({
  type: z.literal('handoff-request'),
  clientId: uuidSchema,
  conversationId: uuidSchema,
});

/** Stops the answer being written. */
const answerStopFrame = z.strictObject({
  type: z.literal('answer-stop'),
  conversationId: uuidSchema,
  turnId: uuidSchema,
});

const visitorTypingFrame = typingSetFrame.extend({
  /** The end of what is typed; only from visitors who were told in `welcome` that agents see it. */
  text: z.string().max(maxPreviewLength).optional(),
});

/** The visitor's word on an answer of their conversation; a later one replaces it. */
const answerJudgeFrame = z.strictObject({
  type: z.literal('answer-judge'),
  conversationId: uuidSchema,
  answerId: uuidSchema,
  isRight: z.boolean(),
});

/**
 * Client to server. A conversation begins with the first `message-send` or `handoff-request` that names a new
 * `conversationId`, which the client makes (UUIDv7).
 */
export const visitorClientFrameSchema = z.discriminatedUnion('type', [
  helloFrame,
  resumeFrame,
  messageSendFrame,
  handoffRequestFrame,
  answerStopFrame,
  answerJudgeFrame,
  visitorTypingFrame,
  seenMarkFrame,
  pingFrame,
  pongFrame,
]);
export type VisitorClientFrame = z.infer<typeof visitorClientFrameSchema>;

const welcomeFrame = z.object({
  type: z.literal('welcome'),
  protocol: z.number().int(),
  visitorId: uuidSchema,
  /** The visitor's newest unresolved conversation on this site, or null. */
  conversationId: uuidSchema.nullable(),
  heartbeatMs: z.number().int().positive(),
  /** True: agents see what the visitor types before it is sent, and the visitor has to be told so. */
  isTypingShown: z.boolean(),
});

/** Whether people are there to take over. */
const presenceFrame = z.object({
  type: z.literal('presence'),
  agents: z.enum(['online', 'away', 'offline']),
});

export const visitorServerFrameSchema = z.discriminatedUnion('type', [
  welcomeFrame,
  presenceFrame,
  ...sharedServerFrames,
]);
export type VisitorServerFrame = z.infer<typeof visitorServerFrameSchema>;
