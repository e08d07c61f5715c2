import { AppError } from '../errors.ts';
import type { Bus, Clock, Database, Ids, Logger } from '../ports.ts';
import type { Account } from '../protocol/http.ts';
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

/** The people who may sign in. */
export interface Agents {
  list(): Promise<Account[]>;
  /** @throws AppError `conflict` where somebody with this address may sign in already. */
  add(agent: NewAgent): Promise<Account>;
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

/** @see Agents */
export function createAgents(deps: AgentsDeps): Agents {
  const { db, bus, ids, clock, logger, passwordCost } = deps;

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

    async remove(agentId) {
      await db.transaction(async (tx) => {
        const owners = await agents.lockOwners(tx);
        if (owners.length === 1 && owners[0] === agentId) {
          throw new AppError('conflict', 'The last owner cannot be removed.', {
            fix: 'Add another owner first.',
          });
        }
        if (!(await agents.disableAgent(tx, agentId, new Date(clock.now())))) {
          throw new AppError('not-found', 'There is no such agent.', {
            fix: 'List them with GET /api/v1/agents.',
          });
        }
        await deleteSessionsOf(tx, agentId);
      });
      logger.info('agent-removed', { agentId });
      const revoked: SessionRevoked = { agentId, sessionHash: null };
      await bus.publish(sessionRevokedChannel, revoked);
    },
  };
}
