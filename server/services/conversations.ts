import { z } from 'zod';
import { AppError } from '../errors.ts';
import type { Database } from '../ports.ts';
import type { ConversationSummary } from '../protocol/agent.ts';
import {
  instantSchema,
  uuidSchema,
  type ConversationEvent,
  type ConversationState,
} from '../protocol/entities.ts';
import {
  countConversationsByState,
  listConversationPlaces,
  type ArchiveCursor,
} from '../store/conversation-archive.ts';
import { listEvents } from '../store/event.ts';
import { findSummaries } from '../store/inbox.ts';

const eventPage = 500;

export interface ConversationPage {
  conversations: ConversationSummary[];
  /** Goes into `after`; null at the end. */
  next: string | null;
}

/** Conversations to look back at, for owners and agents. Every method checks the site. */
export interface Conversations {
  /** Newest first. @throws AppError `invalid-request` for a cursor of another list. */
  list(query: {
    siteId: string;
    state: ConversationState | null;
    after: string | null;
    limit: number;
  }): Promise<ConversationPage>;
  /** @throws AppError `not-found`, also for a conversation of another site. */
  get(siteId: string, conversationId: string): Promise<ConversationSummary>;
  /** How many there are of all sites, for monitoring. */
  countByState(): Promise<Record<string, number>>;
  /** The whole log, in order, a page in memory at a time. @throws AppError `not-found`. */
  events(siteId: string, conversationId: string): AsyncGenerator<ConversationEvent>;
}

const cursorSchema = z.tuple([instantSchema, uuidSchema]);

function formatCursor({ activeAt, id }: ArchiveCursor): string {
  return `${activeAt.toISOString()}_${id}`;
}

function parseCursor(text: string): ArchiveCursor {
  const parsed = cursorSchema.safeParse(text.split('_'));
  if (parsed.success) return { activeAt: new Date(parsed.data[0]), id: parsed.data[1] };
  throw new AppError('invalid-request', '"after" is not a cursor of this list.', {
    fix: 'Use "next" of the page before.',
  });
}

/** @see Conversations */
export function createConversations({ db }: { db: Database }): Conversations {
  const get = async (siteId: string, conversationId: string): Promise<ConversationSummary> => {
    const [found] = await findSummaries(db, [conversationId]);
    if (found !== undefined && found.siteId === siteId) return found;
    throw new AppError('not-found', 'There is no such conversation.', {
      fix: 'List the conversations of the site.',
    });
  };

  return {
    get,
    countByState: () => countConversationsByState(db),

    async list({ siteId, state, after, limit }) {
      const before = after === null ? null : parseCursor(after);
      const places = await listConversationPlaces(db, { siteId, state, before, limit: limit + 1 });
      const shown = places.slice(0, limit);
      const lines = await findSummaries(
        db,
        shown.map(({ id }) => id),
      );
      const byId = new Map(lines.map((line) => [line.conversationId, line]));
      const last = shown.at(-1);
      return {
        conversations: shown.flatMap(({ id }) => byId.get(id) ?? []),
        next: places.length > limit && last !== undefined ? formatCursor(last) : null,
      };
    },

    async *events(siteId, conversationId) {
      const { lastSeq } = await get(siteId, conversationId);
      for (let after = 0; after < lastSeq; after += eventPage) {
        yield* await listEvents(db, { conversationId, after, upTo: lastSeq, limit: eventPage });
      }
    },
  };
}
