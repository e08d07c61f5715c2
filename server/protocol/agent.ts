import { z } from 'zod';
import {
  conversationStateSchema,
  handoffReasonSchema,
  instantSchema,
  siteIdSchema,
  uuidSchema,
} from './entities.ts';
import {
  messageSendFrame,
  pingFrame,
  pongFrame,
  resumeFrame,
  seenMarkFrame,
  sharedServerFrames,
  typingSetFrame,
} from './frames.ts';

const helloFrame = z.strictObject({ type: z.literal('hello'), protocol: z.number().int() });

/** A change of a conversation by an agent; acked with the sequence number of its event. */
const action = <Type extends string>(type: Type) =>
  z.strictObject({ type: z.literal(type), clientId: uuidSchema, conversationId: uuidSchema });

/** Stops receiving a conversation's events (begun by `resume`). */
const conversationCloseFrame = z.strictObject({
  type: z.literal('conversation-close'),
  conversationId: uuidSchema,
});

const replyFrame = messageSendFrame.extend({
  /** Newest event on the agent's screen: who has missed a colleague's word gets `nack behind`. */
  seenSeq: z.number().int().nonnegative().optional(),
});

const presenceSetFrame = z.strictObject({
  type: z.literal('presence-set'),
  presence: z.enum(['online', 'away']),
});

export const agentClientFrameSchema = z.discriminatedUnion('type', [
  helloFrame,
  resumeFrame,
  conversationCloseFrame,
  replyFrame,
  action('conversation-take'),
  action('conversation-return'),
  action('conversation-resolve'),
  typingSetFrame,
  seenMarkFrame,
  presenceSetFrame,
  pingFrame,
  pongFrame,
]);
export type AgentClientFrame = z.infer<typeof agentClientFrameSchema>;

/** One line of the inbox. `lastSeq` orders updates: an older summary never replaces a newer one. */
export const conversationSummarySchema = z.object({
  conversationId: uuidSchema,
  siteId: siteIdSchema,
  siteName: z.string(),
  visitorId: uuidSchema,
  visitorName: z.string(),
  state: conversationStateSchema,
  agentId: uuidSchema.nullable(),
  agentName: z.string().nullable(),
  lastSeq: z.number().int().nonnegative(),
  /** Start of the newest message, 160 characters at most. */
  preview: z.string(),
  previewRole: z.enum(['visitor', 'ai', 'agent', 'system']),
  startedAt: instantSchema,
  updatedAt: instantSchema,
  /** When the visitor began to wait for a person; null when not waiting. */
  waitingSince: instantSchema.nullable(),
  handoffReason: handoffReasonSchema.nullable(),
  /** Newest event that an agent has seen. */
  agentSeenSeq: z.number().int().nonnegative(),
  /** True while the visitor has the chat's page open anywhere. */
  isVisitorOnline: z.boolean(),
});
export type ConversationSummary = z.infer<typeof conversationSummarySchema>;

const welcomeFrame = z.object({
  type: z.literal('welcome'),
  protocol: z.number().int(),
  agentId: uuidSchema,
  agentName: z.string(),
  role: z.enum(['owner', 'agent']),
  heartbeatMs: z.number().int().positive(),
});

/** The whole inbox, sent after `welcome` and again whenever changes may have been missed. Newest 200. */
const inboxFrame = z.object({ type: z.literal('inbox'), conversations: z.array(conversationSummarySchema) });
const inboxChangedFrame = z.object({
  type: z.literal('inbox-changed'),
  conversation: conversationSummarySchema,
});

/** A visitor opened the first or closed the last page with the chat. */
const visitorPresenceFrame = z.object({
  type: z.literal('visitor-presence'),
  visitorId: uuidSchema,
  isOnline: z.boolean(),
});

export const agentServerFrameSchema = z.discriminatedUnion('type', [
  welcomeFrame,
  inboxFrame,
  inboxChangedFrame,
  visitorPresenceFrame,
  ...sharedServerFrames,
]);
export type AgentServerFrame = z.infer<typeof agentServerFrameSchema>;
