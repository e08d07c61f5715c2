import { createHash, timingSafeEqual } from 'node:crypto';
import { AppError } from '../errors.ts';
import type { Bus, Clock, Database, Ids, Logger } from '../ports.ts';
import type { Account } from '../protocol/http-accounts.ts';
import * as agentStore from '../store/agent.ts';
import * as sessionStore from '../store/agent-session.ts';
import { createAgents, type Agents, type NewAgent } from './access-agents.ts';
import { createApiKeys, type ApiKeys } from './access-keys.ts';
import { createAttemptLimit } from './access-limits.ts';
import {
  decoyHash,
  defaultPasswordCost,
  hashPassword,
  isOutdatedHash,
  verifyPassword,
  type PasswordCost,
} from './access-password.ts';
import { sessionHash, sessionRevokedChannel, type SessionRevoked } from './access-revoked.ts';

export { sessionHash, sessionRevokedChannel, sessionRevokedSchema } from './access-revoked.ts';

/** A session ends this long after its last use. */
export const sessionLifeMs = 14 * 24 * 60 * 60_000;
/** The end of a session is moved at most this often. */
const extendEveryMs = 60 * 60_000;
const tokenBytes = 32;
const setupCodeBytes = 12;

export interface AccessDeps {
  db: Database;
  bus: Bus;
  ids: Ids;
  clock: Clock;
  logger: Logger;
  /** Cheaper in tests. */
  passwordCost?: PasswordCost;
}

/** What an unattended install gives. */
export interface Bootstrap {
  owner: { email: string; password: string } | null;
  apiKey: string | null;
}

/** A session that has just begun; `token` goes into the cookie and nowhere else. */
export interface BegunSession {
  token: string;
  account: Account;
}

/** Who may get in, and how. */
export interface Access {
  readonly agents: Agents;
  readonly keys: ApiKeys;
  /**
   * Once at start: adds the bootstrap owner and key where they are missing. `setupCode` creates the first owner
   * and is made anew at each start; null once an owner exists.
   */
  prepare(bootstrap: Bootstrap): Promise<{ setupCode: string | null }>;
  needsSetup(): Promise<boolean>;
  /** @throws AppError `conflict` once an owner exists, `forbidden` for a wrong code, `rate-limited`. */
  setup(request: Omit<NewAgent, 'role'> & { code: string }, address: string): Promise<BegunSession>;
  /** @throws AppError `unauthenticated` for a wrong address or password, `rate-limited`. */
  login(request: { email: string; password: string }, address: string): Promise<BegunSession>;
  /**
   * Changes one's own password, ends all sessions and begins a new one.
   * @throws AppError `unauthenticated` for a wrong current password, `rate-limited`.
   */
  changePassword(
    account: Account,
    request: { current: string; next: string },
    address: string,
  ): Promise<BegunSession>;
  /** Ends the session; sockets that use it close. */
  logout(token: string): Promise<void>;
  /** Whose session it is, moving its end; null when it is unknown, over, or the agent was removed. */
  authenticateSession(token: string): Promise<Account | null>;
  authenticateKey(key: string): Promise<{ keyId: string } | null>;
}

/** The same whatever their lengths, and without telling where they differ. */
function isSameSecret(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

function wrongCredentials(): AppError {
  return new AppError('unauthenticated', 'The e-mail address or the password is wrong.', {
    fix: 'Check both and try again. An owner can give you a new password.',
  });
}

/** Begins, finds and ends sessions. */
function createSessions({ db, bus, ids, clock, logger }: Omit<AccessDeps, 'passwordCost'>) {
  return {
    async begin(account: Account): Promise<BegunSession> {
      const token = ids.secret(tokenBytes);
      const now = clock.now();
      await sessionStore.deleteExpiredSessions(db, new Date(now));
      await sessionStore.insertSession(db, {
        tokenHash: sessionHash(token),
        agentId: account.id,
        createdAt: new Date(now),
        expiresAt: new Date(now + sessionLifeMs),
      });
      logger.info('session-begun', { agentId: account.id });
      return { token, account };
    },

    async find(token: string): Promise<Account | null> {
      const now = clock.now();
      const tokenHash = sessionHash(token);
      const session = await sessionStore.findSession(db, tokenHash, new Date(now));
      if (session === null) return null;
      const expiresAt = now + sessionLifeMs;
      if (expiresAt - session.expiresAt.getTime() >= extendEveryMs) {
        await sessionStore.extendSession(db, tokenHash, new Date(expiresAt));
      }
      return session.account;
    },

    async end(token: string): Promise<void> {
      const tokenHash = sessionHash(token);
      const agentId = await sessionStore.deleteSession(db, tokenHash);
      if (agentId === null) return;
      logger.info('session-ended', { agentId });
      const revoked: SessionRevoked = { agentId, sessionHash: tokenHash };
      await bus.publish(sessionRevokedChannel, revoked);
    },
  };
}

/** Checks passwords in the same time whether the address is known or not, slower the more often it is wrong. */
function createPasswordCheck(deps: Required<AccessDeps>) {
  const { db, ids, clock, logger, passwordCost } = deps;
  const perAddress = createAttemptLimit(clock, { burst: 20, refillMs: 10_000 });
  const perEmail = createAttemptLimit(clock, { burst: 10, refillMs: 30_000 });
  const decoy = decoyHash(ids, passwordCost);

  return async (email: string, password: string, address: string): Promise<Account> => {
    perAddress.take(address);
    perEmail.take(email);
    const agent = await agentStore.findAgentByEmail(db, email);
    const isRight = await verifyPassword(password, agent?.passwordHash ?? decoy);
    if (agent === null || agent.disabledAt !== null || !isRight) {
      logger.warn('login-refused', { agentId: agent?.id ?? null });
      throw wrongCredentials();
    }
    perAddress.refund(address);
    perEmail.refund(email);
    if (isOutdatedHash(agent.passwordHash, passwordCost)) {
      await agentStore.updatePasswordHash(db, agent.id, await hashPassword(password, ids, passwordCost));
    }
    return { id: agent.id, email: agent.email, name: agent.name, role: agent.role };
  };
}

/** Lets the first owner in by a code that only the log shows. */
function createSetup(deps: Required<AccessDeps>) {
  const { db, ids, clock, logger, passwordCost } = deps;
  const attempts = createAttemptLimit(clock, { burst: 10, refillMs: 60_000 });
  let code: string | null = null;
  const closed = (): AppError =>
    new AppError('conflict', 'Deskbell is set up already.', { fix: 'Sign in, or ask an owner for a login.' });

  return {
    open(): string {
      code = ids.secret(setupCodeBytes);
      return code;
    },

    async createOwner(request: Omit<NewAgent, 'role'> & { code: string }, address: string): Promise<Account> {
      attempts.take(address);
      if (code === null) throw closed();
      if (!isSameSecret(request.code, code)) {
        logger.warn('setup-refused');
        throw new AppError('forbidden', 'The set-up code is wrong.', {
          fix: 'Copy the code from the log of this start; an earlier one no longer works.',
        });
      }
      const account: Account = { id: ids.uuid(), email: request.email, name: request.name, role: 'owner' };
      const passwordHash = await hashPassword(request.password, ids, passwordCost);
      await db.transaction(async (tx) => {
        await agentStore.lockSetup(tx);
        if (await agentStore.hasOwner(tx)) throw closed();
        await agentStore.insertAgent(tx, { ...account, passwordHash, createdAt: new Date(clock.now()) });
      });
      code = null;
      logger.info('owner-created', { agentId: account.id });
      return account;
    },
  };
}

/** @see Access */
export function createAccess(deps: AccessDeps): Access {
  const complete = { ...deps, passwordCost: deps.passwordCost ?? defaultPasswordCost };
  const { db } = deps;
  const keys = createApiKeys(deps);
  const agents = createAgents(complete);
  const sessions = createSessions(deps);
  const checkPassword = createPasswordCheck(complete);
  const setup = createSetup(complete);

  return {
    agents,
    keys,

    async prepare({ owner, apiKey }) {
      if (owner !== null && (await agentStore.findAgentByEmail(db, owner.email)) === null) {
        await agents.add({ ...owner, name: owner.email.split('@')[0] ?? 'Owner', role: 'owner' });
      }
      if (apiKey !== null) await keys.ensure('Bootstrap key', apiKey);
      return { setupCode: (await agentStore.hasOwner(db)) ? null : setup.open() };
    },

    async needsSetup() {
      return !(await agentStore.hasOwner(db));
    },

    async setup(request, address) {
      return sessions.begin(await setup.createOwner(request, address));
    },

    async login({ email, password }, address) {
      return sessions.begin(await checkPassword(email, password, address));
    },

    async changePassword(account, { current, next }, address) {
      await checkPassword(account.email, current, address);
      return sessions.begin(await agents.update(account.id, { password: next }));
    },

    logout: (token) => sessions.end(token),
    authenticateSession: (token) => sessions.find(token),
    authenticateKey: (key) => keys.authenticate(key),
  };
}
