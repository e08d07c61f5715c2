import type { AnswerProgress, FinalAnswer } from '../domain/answer.ts';
import type { Command, PartialText } from '../domain/conversation.ts';
import { AppError, errorMessage } from '../errors.ts';
import type { Clock, Database, Ids, Logger } from '../ports.ts';
import type { HistoryTurn } from '../protocol/entities.ts';
import { findConversation } from '../store/conversation.ts';
import { listMessages } from '../store/event.ts';
import type { ConversationLog } from './conversation-log.ts';
import { handoffNotice, packetOf } from './handoff-packet.ts';
import type { LiveHub } from './live-hub.ts';
import { createDeltaWindow } from './delta-window.ts';
import { deltaWindowMs, type LiveTimings } from './live-limits.ts';
import type { Slots } from './slots.ts';

/** What makes answers; `services/answer.ts` is the real one. */
export interface AnswerSource {
  answer(request: {
    siteId: string;
    question: string;
    history: readonly HistoryTurn[];
    conversationId: string | null;
    turnId: string | null;
    /** Whom the tokens are charged to. */
    visitorId: string | null;
    /** Null where it says nothing about the visitor, or the turn is taken up from another instance. */
    address: string | null;
    signal: AbortSignal;
  }): AsyncGenerator<AnswerProgress>;
}

export interface TurnRunnerDeps {
  db: Database;
  log: ConversationLog;
  hub: LiveHub;
  answers: AnswerSource;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  timings: LiveTimings;
  /** Answers made at the same time; the rest waits, and the chat between people goes on. */
  slots: Slots;
}

export interface Turn {
  conversationId: string;
  siteId: string;
  turnId: string;
  /** Number of the event that began the turn: what comes later is not part of the question. */
  startSeq: number;
  /** The asker's, where it is known. */
  address?: string | null;
}

/** Messages of the talk that the AI is told, at most. */
const historyLength = 30;
/** No turn takes longer, whatever the model does. */
const maxTurnMs = 120_000;
/** Pauses before the result of a turn is offered to the database again. */
const commitRetriesMs = [250, 1000, 2000, 4000];

/**
 * Makes one answer: streams it to whoever watches, then commits it, if it is still wanted. Ends quietly when the
 * turn is no longer the current one. Never throws.
 */
export async function runTurn(deps: TurnRunnerDeps, turn: Turn, cancel: AbortSignal): Promise<void> {
  const limit = AbortSignal.timeout(maxTurnMs);
  const signal = AbortSignal.any([cancel, limit]);
  try {
    const final = await deps.slots.run(signal, () => stream(deps, turn, signal));
    if (signal.aborted && !limit.aborted) return;
    await commit(deps, turn, await finishCommand(deps, turn, final), cancel);
  } catch (error) {
    if (cancel.aborted) return;
    deps.logger.warn('turn-failed', { turnId: turn.turnId, cause: errorMessage(error) });
    await failTurn(deps, turn, cancel);
  }
}

/** The text that this instance knows of the turn, to be kept when it is cut short. */
export function partialOf(
  deps: Pick<TurnRunnerDeps, 'hub' | 'ids'>,
  conversationId: string,
  turnId: string | null,
): PartialText | null {
  const live = turnId === null ? null : deps.hub.liveTurn(conversationId, turnId);
  return live === null ? null : { messageId: deps.ids.uuid(), text: live.text };
}

async function stream(deps: TurnRunnerDeps, turn: Turn, signal: AbortSignal): Promise<FinalAnswer> {
  const { conversationId, turnId, siteId } = turn;
  const { question, history } = await readQuestion(deps.db, turn);
  const visitorId = (await findConversation(deps.db, conversationId))?.visitorId ?? null;
  const request = {
    siteId,
    question,
    history,
    conversationId,
    turnId,
    visitorId,
    address: turn.address ?? null,
    signal,
  };
  const pieces = createDeltaWindow(deltaWindowMs, (offset, text) =>
    deps.hub.show({ type: 'answer-delta', conversationId, turnId, offset, text }),
  );
  try {
    for await (const progress of deps.answers.answer(request)) {
      signal.throwIfAborted();
      if (progress.type === 'delta') {
        pieces.add(progress.text);
        continue;
      }
      pieces.flush();
      if (progress.type === 'final') return progress.answer;
      deps.hub.show({ type: 'answer-step', conversationId, turnId, step: progress.step });
    }
  } finally {
    // what a stopped turn still held back was never seen, and must not appear after its end
    if (signal.aborted) pieces.discard();
    else pieces.flush();
  }
  throw new AppError('model-unavailable', 'The answer ended without a result.');
}

/** The visitor's newest message is the question, what was said before it the history. */
async function readQuestion(db: Database, turn: Turn) {
  const messages = await listMessages(db, turn.conversationId, turn.startSeq, historyLength);
  const last = messages.findLastIndex((message) => message.role === 'visitor');
  const question = messages[last]?.text;
  if (question === undefined) throw new AppError('internal', 'A turn without a question.');
  const history = messages.slice(0, last).flatMap((message): HistoryTurn[] => {
    if (message.role === 'system') return [];
    return [{ role: message.role === 'visitor' ? 'user' : 'agent', text: message.text }];
  });
  return { question, history };
}

async function finishCommand(deps: TurnRunnerDeps, turn: Turn, final: FinalAnswer): Promise<Command> {
  const { answerId, decision, confidence, reasons, isQuoted, choices } = final;
  const message =
    final.text.trim() === ''
      ? null
      : {
          messageId: deps.ids.uuid(),
          text: final.text,
          citations: final.citations,
          answer: {
            answerId,
            decision,
            confidence,
            reasons: [...reasons],
            isQuoted,
            ...(choices === undefined ? {} : { choices: [...choices] }),
          },
          status: final.status ?? ('complete' as const),
        };
  if (decision !== 'handoff') return { type: 'finish-turn', turnId: turn.turnId, message, handoff: null };
  const { question } = await readQuestion(deps.db, turn);
  const handoff = {
    reason: final.handoffReason ?? 'low-confidence',
    notice: await handoffNotice(deps.db, turn.siteId),
    packet: packetOf(question, final),
  };
  return { type: 'finish-turn', turnId: turn.turnId, message, handoff };
}

/** The model does not answer: the visitor is told and a person is called. Never throws. */
export async function failTurn(
  deps: TurnRunnerDeps,
  turn: Turn,
  cancel: AbortSignal = new AbortController().signal,
): Promise<void> {
  try {
    const { question } = await readQuestion(deps.db, turn);
    const command: Command = {
      type: 'fail-turn',
      turnId: turn.turnId,
      notice: await handoffNotice(deps.db, turn.siteId),
      packet: { question, confidence: null, reasons: [], passages: [] },
      partial: partialOf(deps, turn.conversationId, turn.turnId),
    };
    await commit(deps, turn, command, cancel);
  } catch (error) {
    // the database is away: the lease runs out and the turn is taken up again
    deps.logger.error('turn-not-closed', { turnId: turn.turnId, cause: errorMessage(error) });
  }
}

/** Commits while the turn is current; waits out a short absence of the database. */
async function commit(
  deps: TurnRunnerDeps,
  turn: Turn,
  command: Command,
  cancel: AbortSignal,
): Promise<void> {
  for (const pauseMs of [...commitRetriesMs, null]) {
    if (cancel.aborted) return;
    try {
      await deps.log.append({
        conversationId: turn.conversationId,
        clientId: null,
        owner: null,
        command,
      });
      return;
    } catch (error) {
      const isAway = error instanceof AppError && error.code === 'unavailable';
      if (!isAway || pauseMs === null) throw error;
      await pause(pauseMs, cancel);
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}
