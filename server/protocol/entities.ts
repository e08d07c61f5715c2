import { z } from 'zod';
import { maxMessageLength } from './version.ts';

export const siteIdSchema = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'Use lower-case letters, digits and hyphens, 63 at most.');
export const uuidSchema = z.uuid();
/** UTC, ISO 8601. */
export const instantSchema = z.iso.datetime();
export const messageTextSchema = z.string().trim().min(1).max(maxMessageLength);

/** One turn of the talk so far, as callers of `/answers` and `/search` send it. */
export const historyTurnSchema = z.strictObject({
  role: z.enum(['user', 'agent']),
  text: z.string().max(20_000),
});
export type HistoryTurn = z.infer<typeof historyTurnSchema>;

/** Where a statement comes from. `marker` is the number shown in the text as `[1]`. */
export const citationSchema = z.object({
  marker: z.number().int().positive(),
  documentId: z.string(),
  title: z.string(),
  url: z.string().nullable(),
  /** Word for word from the passage. */
  quote: z.string(),
  /** The page of a PDF, from 1; citations from before it was kept have none. */
  page: z.number().int().positive().nullish(),
});
export type Citation = z.infer<typeof citationSchema>;

export const decisionSchema = z.enum(['answer', 'clarify', 'handoff']);
export type Decision = z.infer<typeof decisionSchema>;

/** What the AI is doing. */
export const answerStepSchema = z.enum(['searching', 'reading', 'writing', 'checking']);
export type AnswerStep = z.infer<typeof answerStepSchema>;

/** Why the confidence is what it is: a stable code, words for people, and how much it moved the score. */
export const confidenceReasonSchema = z.object({
  code: z.string(),
  text: z.string(),
  effect: z.enum(['raises', 'lowers', 'neutral']),
});
export type ConfidenceReason = z.infer<typeof confidenceReasonSchema>;

export const conversationStateSchema = z.enum(['ai', 'waiting', 'human', 'resolved']);
export type ConversationState = z.infer<typeof conversationStateSchema>;

export const handoffReasonSchema = z.enum([
  'low-confidence',
  'nothing-found',
  'visitor-asked',
  'model-unavailable',
  'rule',
]);
export type HandoffReason = z.infer<typeof handoffReasonSchema>;

export const authorSchema = z.object({
  role: z.enum(['visitor', 'ai', 'agent', 'system']),
  id: z.string().nullable(),
  name: z.string().nullable(),
});
export type Author = z.infer<typeof authorSchema>;

/** How an AI answer came about; visitors see all of it but `reasons`. */
export const answerSummarySchema = z.object({
  answerId: uuidSchema,
  decision: decisionSchema,
  confidence: z.number().min(0).max(1),
  reasons: z.array(confidenceReasonSchema),
  /** True when the built-in answerer quoted the pages word for word. */
  isQuoted: z.boolean(),
  /** Topics to choose from, where the answer asks back; choosing one sends it as the next message. */
  choices: z.array(z.string()).optional(),
});
export type AnswerSummary = z.infer<typeof answerSummarySchema>;

export const triedPassageSchema = z.object({
  documentId: z.string(),
  title: z.string(),
  url: z.string().nullable(),
  text: z.string(),
  score: z.number(),
});
export type TriedPassage = z.infer<typeof triedPassageSchema>;

/** What an agent gets with a handoff; never sent to visitors. */
export const handoffPacketSchema = z.object({
  question: z.string(),
  confidence: z.number().min(0).max(1).nullable(),
  reasons: z.array(confidenceReasonSchema),
  passages: z.array(triedPassageSchema),
});
export type HandoffPacket = z.infer<typeof handoffPacketSchema>;

const messageAdded = z.object({
  type: z.literal('message-added'),
  messageId: uuidSchema,
  author: authorSchema,
  text: z.string(),
  citations: z.array(citationSchema),
  /** `stopped`: a person took over or the visitor pressed stop; `incomplete`: the model broke off. */
  status: z.enum(['complete', 'stopped', 'incomplete']),
  turnId: uuidSchema.nullable(),
  answer: answerSummarySchema.nullable(),
});
const turnStarted = z.object({ type: z.literal('turn-started'), turnId: uuidSchema });
const turnEnded = z.object({
  type: z.literal('turn-ended'),
  turnId: uuidSchema,
  outcome: z.enum(['answered', 'handed-off', 'stopped', 'failed', 'superseded']),
});
const handoffRequested = z.object({
  type: z.literal('handoff-requested'),
  reason: handoffReasonSchema,
  /** What the visitor is told happens next. */
  notice: z.string(),
  /** Null in what visitors receive. */
  packet: handoffPacketSchema.nullable(),
});
const conversationAssigned = z.object({
  type: z.literal('conversation-assigned'),
  agentId: uuidSchema,
  agentName: z.string(),
});
const conversationReturned = z.object({
  type: z.literal('conversation-returned'),
  agentId: uuidSchema,
  agentName: z.string(),
});
const conversationResolved = z.object({
  type: z.literal('conversation-resolved'),
  agentId: uuidSchema.nullable(),
  agentName: z.string().nullable(),
});
const conversationReopened = z.object({ type: z.literal('conversation-reopened') });
const messageSeen = z.object({
  type: z.literal('message-seen'),
  by: z.enum(['visitor', 'agent']),
  /** Everything up to and including this sequence number has been on screen. */
  upToSeq: z.number().int().nonnegative(),
});

/** What happened, without its place in the log. */
export const eventBodySchema = z.discriminatedUnion('type', [
  messageAdded,
  turnStarted,
  turnEnded,
  handoffRequested,
  conversationAssigned,
  conversationReturned,
  conversationResolved,
  conversationReopened,
  messageSeen,
]);
export type EventBody = z.infer<typeof eventBodySchema>;

/** One entry of a conversation's log; `seq` starts at 1 and has no gaps. */
export const eventSchema = z.object({
  conversationId: uuidSchema,
  seq: z.number().int().positive(),
  at: instantSchema,
  /** The id the sending client made, for matching with its outbox. */
  clientId: uuidSchema.nullable(),
  body: eventBodySchema,
});
export type ConversationEvent = z.infer<typeof eventSchema>;
