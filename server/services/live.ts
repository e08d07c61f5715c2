import type { Bus, Clock, Database, Ids, Logger } from '../ports.ts';
import { findConversations } from '../store/conversation.ts';
import type { ConversationRecord } from '../store/conversation.ts';
import { findLivingSessions } from '../store/living-session.ts';
import { createAnswerQuality } from './answer-quality.ts';
import type { AnswerQuality } from './answer-quality.ts';
import { createBatcher } from './batcher.ts';
import { createConversationLog } from './conversation-log.ts';
import { createConverse } from './converse.ts';
import type { Converse } from './converse.ts';
import { createHandoff } from './handoff.ts';
import type { Handoff } from './handoff.ts';
import { createInbox } from './inbox.ts';
import type { Inbox } from './inbox.ts';
import { createLiveHub } from './live-hub.ts';
import type { LiveHub } from './live-hub.ts';
import { defaultTimings } from './live-limits.ts';
import type { LiveTimings } from './live-limits.ts';
import { createLogFeed } from './log-feed.ts';
import { createLogReader } from './log-reader.ts';
import type { FeedRequest, FeedSink, LogFeed } from './log-feed.ts';
import { createAgentPresence } from './presence.ts';
import type { AgentPresence } from './presence.ts';
import type { AnswerSource } from './turn-runner.ts';
import { createSlots } from './slots.ts';
import { createTurns } from './turns.ts';
import type { Turns } from './turns.ts';
import { createTyping } from './typing.ts';
import { createTypingPreview } from './typing-preview.ts';
import type { TypingPreview } from './typing-preview.ts';
import type { Typing } from './typing.ts';
import { createVisitorPresence } from './visitor-presence.ts';
import type { VisitorPresence } from './visitor-presence.ts';

/** Answers that one instance makes at the same time, and that may wait for a place; more call a person. */
const maxAnswers = 200;
const maxWaitingAnswers = 1_000;

export interface LiveDeps {
  db: Database;
  bus: Bus;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  answers: AnswerSource;
  /** Takes the visitors' judgements; share the one that calibrates the answers. */
  quality?: Pick<AnswerQuality, 'judge'>;
  timings?: Partial<LiveTimings>;
  maxAnswers?: number;
  maxWaitingAnswers?: number;
}

/** Everything that live conversations need on one instance, whatever carries the frames. */
export interface Live {
  hub: LiveHub;
  turns: Turns;
  converse: Converse;
  handoff: Handoff;
  inbox: Inbox;
  presence: AgentPresence;
  visitors: VisitorPresence;
  typing: Typing;
  typingPreview: TypingPreview;
  feed(request: FeedRequest, sink: FeedSink): LogFeed;
  /** Which of these hashes still stand for a session of an agent. */
  livingSessions(hashes: readonly string[]): Promise<string[]>;
  /** Joins the bus and begins the checks. */
  start(): Promise<void>;
  close(): Promise<void>;
}

export function createLive(given: LiveDeps): Live {
  const deps = { ...given, timings: { ...defaultTimings, ...given.timings } };
  const hub = createLiveHub(deps);
  const log = createConversationLog({ ...deps, published: hub.published.bind(hub) });
  hub.watchAll((conversationId, _lastSeq, events) => log.heard(conversationId, events));
  const turns = createTurns({
    ...deps,
    log,
    hub,
    slots: createSlots(given.maxAnswers ?? maxAnswers, given.maxWaitingAnswers ?? maxWaitingAnswers),
  });
  const inbox = createInbox({ ...deps, hub });
  const presence = createAgentPresence({ ...deps, hub });
  const visitors = createVisitorPresence({ ...deps, hub });
  const typing = createTyping(hub, deps.timings);
  const findConversation = createBatcher<string, ConversationRecord | null>({
    load: (ids) => findConversations(deps.db, ids),
    maxBatch: 200,
    parallel: 3,
  });
  const readLog = createLogReader(deps.db);
  return {
    hub,
    turns,
    converse: createConverse({
      ...deps,
      log,
      hub,
      turns,
      quality: deps.quality ?? createAnswerQuality(deps),
    }),
    handoff: createHandoff({ ...deps, log, hub }),
    inbox,
    presence,
    visitors,
    typing,
    typingPreview: createTypingPreview(deps),
    livingSessions: (hashes) => findLivingSessions(deps.db, hashes, new Date(deps.clock.now())),
    feed: (request, sink) => createLogFeed({ ...deps, hub, findConversation, readLog }, request, sink),
    async start() {
      await hub.start();
      turns.start();
      presence.start();
      visitors.start();
    },
    async close() {
      typing.close();
      inbox.close();
      await turns.close();
      await presence.close();
      await visitors.close();
      await hub.close();
    },
  };
}
