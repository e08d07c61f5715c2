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
import { check, screenDifference } from './checker.ts';
import type { StoredConversation, Verdict, Witness } from './checker.ts';
import { startInstance } from './instances.ts';
import type { Instance } from './instances.ts';
import { currentMutant, mutantVariable } from './mutate.ts';
import { startProxy } from './proxy.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';
import type { Servers } from './servers.ts';

export interface ChaosOptions {
  seed: number;
  /** App processes behind the balancer. */
  instances: number;
  /** SIGKILLs of an app instance. */
  kills: number;
  /** SIGKILLs of PostgreSQL together with an instance, and of Redis. */
  databaseKills: number;
  redisKills: number;
  visitors: number;
  agents: number;
  /** Share of bus messages that get lost. */
  busLoss: number;
  servers: Servers;
}

export interface ChaosResult extends Verdict {
  seed: number;
  mutant: string | null;
  kills: number;
  databaseKills: number;
  redisKills: number;
  connections: number;
  cuts: number;
  blackholes: number;
  /** From the last fault until every screen was right, milliseconds; null: never. */
  settledMs: number | null;
  /** What was still open when the patience ended; null: nothing. */
  unsettled: string | null;
  seconds: number;
  /** What instances wrote before they ended by themselves. */
  crashes: string[];
}

/** How long some go on talking after the last fault, so that a lost hint is nobody's reconnect. */
const afterTalkMs = 6_000;
/** How long everything may take to come right after the last fault. */
const settleTimeoutMs = 90_000;

/** One run on a fresh database: talk and kill, then quiet, then check. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const startedAt = Date.now();
  const random = createRandom(options.seed);
  const { url, db } = await freshDatabase(options);
  const crashes: string[] = [];
  const env = {
    DATABASE_URL: url,
    REDIS_URL: options.servers.redisUrl,
    BUS_LOSS: String(options.busLoss),
    [mutantVariable]: currentMutant()?.name ?? '',
  };
  const begin = (seed: number) =>
    startInstance({ ...env, SEED: String(options.seed * 100_000 + seed) }, (text) => crashes.push(text));
  const instances = await Promise.all(
    Array.from({ length: options.instances }, (_, index) => begin(1 + index * 10_000)),
  );
  const backends = (): number[] => instances.filter((instance) => instance.isUp()).map(({ port }) => port);
  const proxy = await startProxy({ random, backends });
  const actors = await startActors(options, db, random, `ws://127.0.0.1:${String(proxy.port)}`);

  await killAround(options, random, instances);
  // everybody at once, in the middle of what was said last: half of the people say nothing any more that
  // might hide what is owed, the others go on for a while on a bus that loses messages
  const [silent, talking] = [
    actors.filter((_, index) => index % 2 === 0),
    actors.filter((_, index) => index % 2 === 1),
  ];
  for (const actor of silent) actor.stop();
  for (const instance of instances) instance.kill();
  proxy.calm();
  await wait(afterTalkMs);
  for (const actor of talking) actor.stop();
  const { settledMs, unsettled } = await settle(db, actors);

  const verdict = check(await readPatiently(db), actors.map(witnessOf));
  for (const actor of actors) actor.close();
  proxy.close();
  await Promise.all(instances.map((instance) => instance.stop()));
  await db.close();
  const { kills, databaseKills, redisKills, seed } = options;
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  const mutant = currentMutant()?.name ?? null;
  return {
    ...verdict,
    seed,
    mutant,
    kills,
    databaseKills,
    redisKills,
    ...proxy.counts,
    settledMs,
    unsettled,
    seconds,
    crashes,
  };
}

function witnessOf(actor: Actor): Witness {
  const viewer = actor.viewer();
  const said = viewer.role === 'visitor' ? actor.said : null;
  return { journal: actor.journal, said, viewer, thread: actor.thread() };
}

async function freshDatabase({ servers, seed }: ChaosOptions): Promise<{ url: string; db: Database }> {
  const name = `chaos_${String(seed)}_${ids
    .secret(4)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')}`;
  const admin = createPostgresDatabase({ url: servers.databaseUrl, logger });
  await admin.execute(`create database ${name}`);
  await admin.close();
  const url = servers.databaseUrl.replace(/\/postgres$/, `/${name}`);
  const db = createPostgresDatabase({ url, logger });
  await migrate(db, await readMigrations());
  await db.execute("insert into site (id, name) values ('default', 'Chaos') on conflict do nothing");
  const setup = currentMutant()?.setup;
  if (setup !== undefined) await db.execute(setup);
  return { url, db };
}

async function startActors(
  options: ChaosOptions,
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

/** Kills instances at random moments, and now and then the servers under them. */
async function killAround(
  options: ChaosOptions,
  random: Random,
  instances: readonly Instance[],
): Promise<void> {
  const { kills, databaseKills, redisKills, servers } = options;
  await wait(1_500);
  for (let count = 1; count <= kills; count += 1) {
    await wait(random.int(60, 500));
    const victim = instances[random.int(0, instances.length - 1)];
    if (isDue(count, kills, databaseKills)) await servers.crash('postgres');
    if (isDue(count + 3, kills, redisKills)) await servers.crash('redis');
    if (victim?.isUp()) victim.kill();
    // a kill of what is just starting proves nothing
    while (!instances.some((instance) => instance.isUp())) await wait(20);
  }
}

/** Spreads `part` occasions evenly over `whole`. */
function isDue(count: number, whole: number, part: number): boolean {
  return Math.floor((count * part) / whole) > Math.floor(((count - 1) * part) / whole);
}

/** Waits until nothing is on its way and every screen is right. */
async function settle(
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
async function readPatiently(db: Database): Promise<StoredConversation[]> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await readAll(db);
    } catch (error) {
      if (attempt === 60) throw error;
      await wait(500);
    }
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
