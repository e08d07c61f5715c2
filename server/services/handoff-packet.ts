import type { FinalAnswer } from '../domain/answer.ts';
import type { Queryable } from '../ports.ts';
import type { HandoffPacket } from '../protocol/entities.ts';
import { siteSettingsSchema } from '../protocol/http.ts';
import { findLastAnswer, findLastQuestion } from '../store/event.ts';
import { findSite } from '../store/site.ts';

/** What the visitor of this site is told when a person is called. */
export async function handoffNotice(db: Queryable, siteId: string): Promise<string> {
  const site = await findSite(db, siteId);
  return (site?.settings ?? siteSettingsSchema.parse({})).handoffNotice;
}

/** What the agent gets of an answer that was not good enough. */
export function packetOf(question: string, answer: FinalAnswer): HandoffPacket {
  return {
    question,
    confidence: answer.confidence,
    reasons: [...answer.reasons],
    passages: [...answer.passages],
  };
}

/**
 * What the agent gets when the visitor asks for a person: the newest question, and what the AI thought of its
 * newest answer. Null for a conversation without messages.
 */
export async function lastAnswerPacket(db: Queryable, conversationId: string): Promise<HandoffPacket | null> {
  const question = await findLastQuestion(db, conversationId);
  if (question === null) return null;
  const answer = await findLastAnswer(db, conversationId);
  return {
    question,
    confidence: answer?.confidence ?? null,
    reasons: [...(answer?.reasons ?? [])],
    passages: [],
  };
}
