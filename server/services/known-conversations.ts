import { evolve } from '../domain/conversation-fold.ts';
import type { ConversationEvent } from '../protocol/entities.ts';
import type { ConversationRecord } from '../store/conversation.ts';
import { createByteCache } from './byte-cache.ts';

/** Some 8,000 conversations. */
const maxBytes = 8 * 1024 * 1024;
const recordBytes = 900;

/** Conversations as this instance saw them last: a guess, which the database confirms or refuses. */
export interface KnownConversations {
  get(id: string): ConversationRecord | undefined;
  set(record: ConversationRecord): void;
  /** Follows a log that somebody else continued, where nothing is missing in between. */
  heard(id: string, events: readonly ConversationEvent[]): void;
}

export function createKnownConversations(): KnownConversations {
  const records = createByteCache<ConversationRecord>(maxBytes);
  const set = (record: ConversationRecord): void => records.set(record.id, record, recordBytes);
  return {
    get: (id) => records.get(id),
    set,
    heard(id, events) {
      const known = records.get(id);
      if (known === undefined || events[0]?.seq !== known.status.lastSeq + 1) return;
      set({ ...known, status: events.map(({ body }) => body).reduce(evolve, known.status) });
    },
  };
}
