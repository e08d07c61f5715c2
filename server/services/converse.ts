import type { Command } from '../domain/conversation.ts';
import { AppError } from '../errors.ts';
import type { Database, Ids } from '../ports.ts';
import { findConversation, findOpenConversations } from '../store/conversation.ts';
import type { AnswerQuality } from './answer-quality.ts';
import { createBatcher } from './batcher.ts';
import type { Appended, AppendRequest, ConversationLog } from './conversation-log.ts';
import { handoffNotice, lastAnswerPacket } from './handoff-packet.ts';
import type { LiveHub } from './live-hub.ts';
import { outcomeOf } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { partialOf } from './turn-runner.ts';
import type { Turns } from './turns.ts';

/** A visitor who has shown their session's secret. */
export interface VisitorActor {
  siteId: string;
  visitorId: string;
  name: string;
}

export interface VisitorCommand {
  visitor: VisitorActor;
  conversationId: string;
  clientId: string;
}

export interface ConverseDeps {
  db: Database;
  log: ConversationLog;
  hub: LiveHub;
  turns: Turns;
  ids: Ids;
  quality: Pick<AnswerQuality, 'judge'>;
}

/** What visitors do in their conversations. Each throws AppError `not-found` for what is not theirs. */
export interface Converse {
  /** The visitor's newest conversation that is not resolved, or null. */
  openConversation(visitor: VisitorActor): Promise<string | null>;
  /**
   * Commits the message (and, where the AI is to answer, the beginning of its turn), then lets the answer be
   * made. A repeat of the client id gets the same number and nothing else happens.
   */
  send(command: VisitorCommand & { text: string; address?: string | null }): Promise<Outcome>;
  /** Calls a person. */
  requestPerson(command: VisitorCommand): Promise<Outcome>;
  /** Ends the answer being written; what it had written stays, marked as stopped. */
  stopAnswer(command: Omit<VisitorCommand, 'clientId'> & { turnId: string }): Promise<Outcome>;
  markSeen(command: Omit<VisitorCommand, 'clientId'> & { seq: number }): Promise<Outcome>;
  /** Notes whether an answer helped; the site's confidence learns from it. */
  judgeAnswer(
    command: Omit<VisitorCommand, 'clientId'> & { answerId: string; isRight: boolean },
  ): Promise<void>;
}

export function createConverse(deps: ConverseDeps): Converse {
  const { db, log, turns, ids } = deps;
  const findOpen = createBatcher<string, string | null>({
    load: (visitorIds) => findOpenConversations(db, visitorIds),
    maxBatch: 200,
    parallel: 2,
  });

  async function append(
    { visitor, conversationId }: Omit<VisitorCommand, 'clientId'>,
    clientId: string | null,
    command: AppendRequest['command'],
  ): Promise<Appended> {
    const { siteId, visitorId } = visitor;
    return log.append({ conversationId, clientId, owner: { siteId, visitorId }, command });
  }

  return {
    openConversation: ({ visitorId }) => findOpen(visitorId),
    async send(request) {
      const { visitor, conversationId, clientId, text, address = null } = request;
      const turnId = ids.uuid();
      const appended = await append(request, clientId, (now) => ({
        type: 'visitor-message',
        messageId: ids.uuid(),
        visitor: { id: visitor.visitorId, name: visitor.name },
        text,
        turnId,
        // the text being written, which the message cuts
        partial: partialOf(deps, conversationId, now.turnId),
      }));
      const isTurnMine = appended.kind === 'appended' && appended.record.status.turnId === turnId;
      if (isTurnMine) {
        turns.begin({ conversationId, siteId: visitor.siteId, turnId, startSeq: appended.seq, address });
      }
      return outcomeOf(appended);
    },
    async requestPerson(request) {
      const { visitor, conversationId, clientId } = request;
      const notice = await handoffNotice(db, visitor.siteId);
      const packet = await lastAnswerPacket(db, conversationId);
      const appended = await append(request, clientId, (now) => ({
        type: 'request-person',
        notice,
        packet,
        partial: partialOf(deps, conversationId, now.turnId),
      }));
      return outcomeOf(appended);
    },
    async stopAnswer(request) {
      const { conversationId, turnId } = request;
      const partial = partialOf(deps, conversationId, turnId);
      return outcomeOf(await append(request, null, { type: 'stop-turn', turnId, partial }));
    },
    judgeAnswer: (request) => judgeAnswer(deps, request),
    async markSeen(request) {
      const command: Command = { type: 'mark-seen', by: 'visitor', upToSeq: request.seq };
      return outcomeOf(await append(request, null, command));
    },
  };
}

/** Only who owns the conversation may judge its answers, and only those. */
async function judgeAnswer(
  { db, quality }: Pick<ConverseDeps, 'db' | 'quality'>,
  { visitor, conversationId, answerId, isRight }: Parameters<Converse['judgeAnswer']>[0],
): Promise<void> {
  const record = await findConversation(db, conversationId);
  if (record === null || record.visitorId !== visitor.visitorId) {
    throw new AppError('not-found', 'There is no such conversation.');
  }
  const { siteId } = visitor;
  await quality.judge({ siteId, conversationId, answerId, judgedBy: 'visitor', isRight });
}
