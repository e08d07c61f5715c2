import { createHash } from 'node:crypto';
import { z } from 'zod';
import { migrate, readMigrations } from '../../server/adapters/db/migrate.ts';
import { createPostgresDatabase } from '../../server/adapters/db/postgres.ts';
import { errorMessage } from '../../server/errors.ts';
import type { Database } from '../../server/ports.ts';
import { consoleCookieName } from '../../server/protocol/cookies.ts';
import { createVisitorSessions } from '../../server/services/visitor-session.ts';
import { findConversation } from '../../server/store/conversation.ts';
import { listEvents } from '../../server/store/event.ts';
import { systemClock as clock, systemIds as ids } from '../../server/system.ts';
import { silentLogger as logger } from '../../server/testing/deps.ts';
import { startAgent, startVisitor } from './actors.ts';
import type { Actor } from './actors.ts';
import { screenDifference } from './checker.ts';
import type { StoredConversation, Witness } from './checker.ts';
import { currentMutant } from './mutate.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';

/** How long everything may take to come right after the last fault. */
const settleTimeoutMs = 90_000;

export function witnessOf(actor: Actor): Witness {
  const viewer = actor.viewer();
  const said = viewer.role === 'visitor' ? actor.said : null;
  return { journal: actor.journal, said, viewer, thread: actor.thread() };
}

export async function freshDatabase({
  databaseUrl,
  seed,
}: {
  databaseUrl: string;
  seed: number;
}): Promise<{ url: string; db: Database }> {
  const name = `chaos_${String(seed)}_${ids
    .secret(4)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')}`;
  const admin = createPostgresDatabase({ url: databaseUrl, logger });
  await admin.execute(`create database ${name}`);
  await admin.close();
  const url = databaseUrl.replace(/\/postgres(?=$|\?)/, `/${name}`);
  const db = createPostgresDatabase({ url, logger });
  await migrate(db, await readMigrations());
  await db.execute("insert into site (id, name) values ('default', 'Chaos') on conflict do nothing");
  const setup = currentMutant()?.setup;
  if (setup !== undefined) await db.execute(setup);
  return { url, db };
}

export async function startActors(
  options: { visitors: number; agents: number },
  db: Database,
  random: Random,
  url: string,
): Promise<Actor[]> {
  const sessions = createVisitorSessions({ db, ids, clock });
  const actors: Actor[] = [];
  const seeded = (): Random => createRandom(random.int(0, 2 ** 31));
  const carrier = () => (random.chance(0.3) ? ('stream' as const) : ('websocket' as const));
  for (let index = 0; index < options.visitors; index += 1) {
    const { token } = await sessions.open({ siteId: 'default', token: null });
    actors.push(
      startVisitor({ name: `v${String(index)}`, url, random: seeded(), carrier: carrier(), token }),
    );
  }
  for (let index = 0; index < options.agents; index += 1) {
    const name = `a${String(index)}`;
    const cookie = `${consoleCookieName(false)}=${await addAgent(db, name)}`;
    actors.push(startAgent({ name, url, random: seeded(), carrier: carrier(), cookie }));
  }
  return actors;
}

async function addAgent(db: Database, name: string): Promise<string> {
  const id = ids.uuid();
  const token = ids.secret(32);
  await db.execute(
    `insert into agent (id, email, name, role, password_hash) values ($1, $2, $3, 'agent', '-')`,
    [id, `${name}@chaos.example`, name],
  );
  await db.execute(
    `insert into agent_session (token_hash, agent_id, expires_at) values ($1, $2, now() + interval '1 day')`,
    [createHash('sha256').update(token).digest('hex'), id],
  );
  return token;
}

/** Waits until nothing is on its way and every screen is right. */
export async function settle(
  db: Database,
  actors: readonly Actor[],
): Promise<{ settledMs: number | null; unsettled: string | null }> {
  const from = Date.now();
  let unsettled: string | null = null;
  while (Date.now() - from < settleTimeoutMs) {
    unsettled = await findUnsettled(db, actors).catch(errorMessage);
    if (unsettled === null) return { settledMs: Date.now() - from, unsettled };
    await wait(100);
  }
  return { settledMs: null, unsettled };
}

/** What is still under way, or null. */
async function findUnsettled(db: Database, actors: readonly Actor[]): Promise<string | null> {
  for (const actor of actors) if (!(await actor.isQuiet())) return `${actor.name} is ${actor.status()}`;
  if ((await db.execute('select 1 from conversation where turn_id is not null')) > 0) return 'a turn is open';
  const stored = new Map((await readAll(db)).map((conversation) => [conversation.id, conversation.events]));
  for (const actor of actors) {
    const thread = actor.thread();
    if (thread === null) continue;
    const events = stored.get(thread.conversationId) ?? [];
    const difference = screenDifference(events, thread, actor.viewer());
    if (difference !== null) return `${actor.name} ${difference}`;
  }
  return null;
}

async function readAll(db: Database): Promise<StoredConversation[]> {
  const rows = await db.query('select id from conversation order by id', [], z.object({ id: z.uuid() }));
  const all: StoredConversation[] = [];
  for (const { id } of rows) {
    const record = await findConversation(db, id);
    const events = await listEvents(db, {
      conversationId: id,
      after: 0,
      upTo: 2 ** 31 - 1,
      limit: 1_000_000,
    });
    if (record !== null) all.push({ id, status: record.status, events });
  }
  return all;
}

/** The database may still be on its way back. */
export async function readPatiently(db: Database): Promise<StoredConversation[]> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await readAll(db);
    } catch (error) {
      if (attempt === 60) throw error;
      await wait(500);
    }
  }
}

export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
