import { z } from 'zod';
import type { Queryable } from '../ports.ts';
import { accountSchema, type Account } from '../protocol/http-accounts.ts';

const role = accountSchema.shape.role;
const agentRow = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  role,
  password_hash: z.string(),
  disabled_at: z.date().nullable(),
});

/** A person with a login. */
export interface AgentRecord extends Account {
  passwordHash: string;
  disabledAt: Date | null;
}

const columns = 'id, email, name, role, password_hash, disabled_at';

function toRecord(row: z.output<typeof agentRow>): AgentRecord {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    passwordHash: row.password_hash,
    disabledAt: row.disabled_at,
  };
}

/** The agent with this (lower-case) address, disabled or not. */
export async function findAgentByEmail(db: Queryable, email: string): Promise<AgentRecord | null> {
  const rows = await db.query(`select ${columns} from agent where email = $1`, [email], agentRow);
  return rows[0] === undefined ? null : toRecord(rows[0]);
}

/** The agent who may sign in, the row held until the transaction ends. */
export async function lockAgent(tx: Queryable, agentId: string): Promise<AgentRecord | null> {
  const rows = await tx.query(
    `select ${columns} from agent where id = $1 and disabled_at is null for update`,
    [agentId],
    agentRow,
  );
  return rows[0] === undefined ? null : toRecord(rows[0]);
}

/** Replaces name, role and password hash. */
export async function updateAgent(db: Queryable, agent: AgentRecord): Promise<void> {
  await db.execute('update agent set name = $2, role = $3, password_hash = $4 where id = $1', [
    agent.id,
    agent.name,
    agent.role,
    agent.passwordHash,
  ]);
}

/** Everybody who may sign in, oldest first. */
export async function listAgents(db: Queryable): Promise<AgentRecord[]> {
  const rows = await db.query(
    `select ${columns} from agent where disabled_at is null order by created_at, id`,
    [],
    agentRow,
  );
  return rows.map(toRecord);
}

/**
 * Owners who may sign in, their rows held until the transaction ends: two owners removing each other at the
 * same moment cannot both succeed.
 */
export async function lockOwners(tx: Queryable): Promise<string[]> {
  const rows = await tx.query(
    `select id from agent where role = 'owner' and disabled_at is null order by id for update`,
    [],
    z.object({ id: z.uuid() }),
  );
  return rows.map((row) => row.id);
}

/** Whether an owner exists who may sign in. */
export async function hasOwner(db: Queryable): Promise<boolean> {
  const rows = await db.query(
    `select 1 as one from agent where role = 'owner' and disabled_at is null limit 1`,
    [],
    z.object({ one: z.number() }),
  );
  return rows.length > 0;
}

/** Keeps other set-ups out until the transaction ends. */
export async function lockSetup(tx: Queryable): Promise<void> {
  await tx.execute('lock table agent in share row exclusive mode');
}

/** Adds the agent; false when the address is taken by somebody who may sign in or no longer may. */
export async function insertAgent(
  db: Queryable,
  agent: Account & { passwordHash: string; createdAt: Date },
): Promise<boolean> {
  const inserted = await db.execute(
    `insert into agent (id, email, name, role, password_hash, created_at) values ($1, $2, $3, $4, $5, $6)
     on conflict (email) do nothing`,
    [agent.id, agent.email, agent.name, agent.role, agent.passwordHash, agent.createdAt],
  );
  return inserted > 0;
}

/** Gives a disabled agent the login back, under the same id, so that old conversations keep their name. */
export async function reviveAgent(
  db: Queryable,
  agent: Omit<Account, 'id'> & { passwordHash: string },
): Promise<string | null> {
  const rows = await db.query(
    `update agent set name = $2, role = $3, password_hash = $4, disabled_at = null
     where email = $1 and disabled_at is not null returning id`,
    [agent.email, agent.name, agent.role, agent.passwordHash],
    z.object({ id: z.uuid() }),
  );
  return rows[0]?.id ?? null;
}

/** Takes the login away; false when there is no such agent or it is disabled already. */
export async function disableAgent(db: Queryable, agentId: string, at: Date): Promise<boolean> {
  return (
    (await db.execute('update agent set disabled_at = $2 where id = $1 and disabled_at is null', [
      agentId,
      at,
    ])) > 0
  );
}

/** Replaces the password hash. */
export async function updatePasswordHash(db: Queryable, agentId: string, hash: string): Promise<void> {
  await db.execute('update agent set password_hash = $2 where id = $1', [agentId, hash]);
}
