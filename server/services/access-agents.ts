import { AppError } from '../errors.ts';
import type { Bus, Clock, Database, Ids, Logger, Transaction } from '../ports.ts';
import type { Account } from '../protocol/http-accounts.ts';
import * as agents from '../store/agent.ts';
import { deleteSessionsOf } from '../store/agent-session.ts';
import { hashPassword, type PasswordCost } from './access-password.ts';
import { sessionRevokedChannel, type SessionRevoked } from './access-revoked.ts';

export interface NewAgent {
  email: string;
  name: string;
  role: 'owner' | 'agent';
  password: string;
}

/** What is left out stays. */
export interface AgentChange {
  name?: string | undefined;
  role?: 'owner' | 'agent' | undefined;
  password?: string | undefined;
}

/** The people who may sign in. */
export interface Agents {
  list(): Promise<Account[]>;
  /** @throws AppError `conflict` where somebody with this address may sign in already. */
  add(agent: NewAgent): Promise<Account>;
  /**
   * Changes what is given. A new password or role ends the agent's sessions, and their sockets close.
   * @throws AppError `not-found`; `conflict` where the last owner would become an agent.
   */
  update(agentId: string, change: AgentChange): Promise<Account>;
  /**
   * Takes the login away: sessions end at once and sockets close on every instance.
   * @throws AppError `not-found`; `conflict` for the last owner.
   */
  remove(agentId: string): Promise<void>;
}

export interface AgentsDeps {
  db: Database;
  bus: Bus;
  ids: Ids;
  clock: Clock;
  logger: Logger;
  passwordCost: PasswordCost;
}

const missing = (): AppError =>
  new AppError('not-found', 'There is no such agent.', { fix: 'List them with GET /api/v1/agents.' });

/** Refuses what would leave nobody in charge; holds all owners until the transaction ends. */
async function keepAnOwner(tx: Transaction, agentId: string, what: string): Promise<void> {
  const owners = await agents.lockOwners(tx);
  if (owners.length !== 1 || owners[0] !== agentId) return;
  throw new AppError('conflict', `The last owner cannot ${what}.`, { fix: 'Add another owner first.' });
}

/** @see Agents */
export function createAgents(deps: AgentsDeps): Agents {
  const { db, bus, ids, clock, logger, passwordCost } = deps;

  const announce = async (agentId: string): Promise<void> => {
    const revoked: SessionRevoked = { agentId, sessionHash: null };
    await bus.publish(sessionRevokedChannel, revoked);
  };

  return {
    async list() {
      const records = await agents.listAgents(db);
      return records.map(({ id, email, name, role }) => ({ id, email, name, role }));
    },

    async add({ password, ...agent }) {
      const passwordHash = await hashPassword(password, ids, passwordCost);
      const account = { ...agent, id: ids.uuid() };
      const isNew = await agents.insertAgent(db, {
        ...account,
        passwordHash,
        createdAt: new Date(clock.now()),
      });
      const id = isNew ? account.id : await agents.reviveAgent(db, { ...agent, passwordHash });
      if (id === null) {
        throw new AppError('conflict', 'Somebody with this e-mail address can sign in already.', {
          fix: 'Use another address, or remove that person first.',
        });
      }
      logger.info('agent-added', { agentId: id, role: agent.role });
      return { ...account, id };
    },

    async update(agentId, { name, role, password }) {
      const passwordHash = password === undefined ? null : await hashPassword(password, ids, passwordCost);
      const { account, mustSignIn } = await db.transaction(async (tx) => {
        if (role === 'agent') await keepAnOwner(tx, agentId, 'become an agent');
        const before = await agents.lockAgent(tx, agentId);
        if (before === null) throw missing();
        const after = { ...before, name: name ?? before.name, role: role ?? before.role };
        await agents.updateAgent(tx, { ...after, passwordHash: passwordHash ?? before.passwordHash });
        const endsSessions = passwordHash !== null || after.role !== before.role;
        if (endsSessions) await deleteSessionsOf(tx, agentId);
        const { id, email } = before;
        return { account: { id, email, name: after.name, role: after.role }, mustSignIn: endsSessions };
      });
      logger.info('agent-changed', { agentId, role: account.role, hasNewPassword: passwordHash !== null });
      if (mustSignIn) await announce(agentId);
      return account;
    },

    async remove(agentId) {
      await db.transaction(async (tx) => {
        await keepAnOwner(tx, agentId, 'be removed');
        if (!(await agents.disableAgent(tx, agentId, new Date(clock.now())))) throw missing();
        await deleteSessionsOf(tx, agentId);
      });
      logger.info('agent-removed', { agentId });
      await announce(agentId);
    },
  };
}
