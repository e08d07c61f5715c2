import { errorMessage } from '../errors.ts';
import type { Database, Logger } from '../ports.ts';
import type { ConversationSummary } from '../protocol/agent.ts';
import { findSummaries, listSummaries } from '../store/inbox.ts';
import type { LiveHub } from './live-hub.ts';

/** Lines in a snapshot, at most. */
export const inboxLimit = 200;
/** Changes are gathered this long before the lines are read. */
const gatherMs = 50;

export type InboxListener = (summary: ConversationSummary) => void;

/** The conversations that agents see, live. */
export interface Inbox {
  /** All that wait, then the newest. */
  snapshot(): Promise<ConversationSummary[]>;
  /** Calls `listener` with every line that changes. Subscribe first, then take the snapshot. */
  subscribe(listener: InboxListener): () => void;
  close(): void;
}

export function createInbox({ db, hub, logger }: { db: Database; hub: LiveHub; logger: Logger }): Inbox {
  const listeners = new Set<InboxListener>();
  /** Newest number told per conversation, so that the position check repeats nothing. */
  const told = new Map<string, number>();
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | null = null;

  const unwatch = hub.watchAll((conversationId, lastSeq) => {
    if (listeners.size === 0 || (told.get(conversationId) ?? 0) >= lastSeq) return;
    changed.add(conversationId);
    timer ??= setTimeout(() => void flush(), gatherMs);
  });

  async function flush(): Promise<void> {
    timer = null;
    const ids = [...changed];
    changed.clear();
    try {
      for (const summary of await findSummaries(db, ids)) {
        remember(summary);
        for (const listener of [...listeners]) listener(summary);
      }
    } catch (error) {
      // the position check finds them again
      logger.warn('inbox-read-failed', { cause: errorMessage(error) });
    }
  }

  function remember({ conversationId, lastSeq }: ConversationSummary): void {
    told.delete(conversationId);
    told.set(conversationId, lastSeq);
    // oldest entries go; to tell a line once more does no harm
    if (told.size > maxRemembered) told.delete(told.keys().next().value ?? '');
  }

  return {
    snapshot: () => listSummaries(db, inboxLimit),
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) told.clear();
      };
    },
    close() {
      unwatch();
      if (timer !== null) clearTimeout(timer);
    },
  };
}

/** Lines whose last told state is remembered. */
const maxRemembered = 10_000;
