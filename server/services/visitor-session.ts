import { createHash } from 'node:crypto';
import { AppError } from '../errors.ts';
import type { Clock, Database, Ids } from '../ports.ts';
import { findOpenConversations } from '../store/conversation.ts';
import {
  extendVisitorSession,
  findVisitorsBySession,
  insertVisitor,
  insertVisitorSession,
} from '../store/visitor.ts';
import type { KnownVisitor, SessionKey } from '../store/visitor.ts';
import { createBatcher } from './batcher.ts';

/** A session that is not used for this long is over. */
export const visitorSessionLifeMs = 180 * 24 * 60 * 60_000;

/** Bytes of randomness in a token: 256 bits. */
const tokenBytes = 32;

export interface VisitorSessionDeps {
  db: Database;
  ids: Ids;
  clock: Clock;
}

export interface OpenedVisitorSession {
  visitorId: string;
  /** The secret, for the cookie; the database knows only its hash. */
  token: string;
  /** The newest conversation that is not resolved, or null. */
  conversationId: string | null;
}

export interface VisitorSessions {
  /**
   * Continues the session of `token`, or begins one with a new visitor when it is null, unknown, expired or of
   * another site.
   * @throws AppError `not-found` when there is no such site.
   */
  open(request: { siteId: string; token: string | null }): Promise<OpenedVisitorSession>;
  /** The visitor that the token stands for on this site, or null. */
  authenticate(siteId: string, token: string): Promise<KnownVisitor | null>;
}

/** Who a visitor is: whoever holds the token. Knowing an id of a visitor or a conversation gives nothing. */
export function createVisitorSessions({ db, ids, clock }: VisitorSessionDeps): VisitorSessions {
  async function begin(siteId: string): Promise<OpenedVisitorSession> {
    const visitorId = ids.uuid();
    const token = ids.secret(tokenBytes);
    const at = new Date(clock.now());
    await db.transaction(async (tx) => {
      const name = `Visitor ${visitorId.slice(-4).toUpperCase()}`;
      if (!(await insertVisitor(tx, { id: visitorId, siteId, name, at }))) {
        throw new AppError('not-found', `There is no site "${siteId}".`);
      }
      const expiresAt = new Date(clock.now() + visitorSessionLifeMs);
      await insertVisitorSession(tx, { tokenHash: hashToken(token), visitorId, siteId, at, expiresAt });
    });
    return { visitorId, token, conversationId: null };
  }

  // after a restart everybody comes back at once
  const find = createBatcher<SessionKey, KnownVisitor | null>({
    load: (keys) => findVisitorsBySession(db, keys, new Date(clock.now())),
    maxBatch: 200,
    parallel: 2,
  });

  function authenticate(siteId: string, token: string): Promise<KnownVisitor | null> {
    return find({ siteId, tokenHash: hashToken(token) });
  }

  return {
    async open({ siteId, token }) {
      const visitor = token === null ? null : await authenticate(siteId, token);
      if (visitor === null || token === null) return begin(siteId);
      await extendVisitorSession(db, hashToken(token), new Date(clock.now() + visitorSessionLifeMs));
      const { visitorId } = visitor;
      const [conversationId = null] = await findOpenConversations(db, [visitorId]);
      return { visitorId, token, conversationId };
    },
    authenticate,
  };
}

/** What the database keeps of a token: hex SHA-256. The token is random, so no salt is needed. */
function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
