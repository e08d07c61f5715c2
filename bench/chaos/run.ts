import { check } from './checker.ts';
import type { Verdict } from './checker.ts';
import { startInstance } from './instances.ts';
import type { Instance } from './instances.ts';
import { currentMutant, mutantVariable } from './mutate.ts';
import { watchOutages } from './outages.ts';
import type { Outages } from './outages.ts';
import { startProxy } from './proxy.ts';
import { measureRecoveries } from './recoveries.ts';
import type { Recovery } from './recoveries.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';
import type { Servers } from './servers.ts';
import { freshDatabase, readPatiently, settle, startActors, wait, witnessOf } from './stage.ts';

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
  /** Single faults of each kind at the end, whose recovery is measured. */
  recoveries: number;
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
  /** Every time that a client lost its connection, until it stood again. */
  outages: Outages;
  /** What one fault of a kind costs, beside no other. */
  recoveries: Recovery[];
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

/** One run on a fresh database: talk and kill, then quiet, then check. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const startedAt = Date.now();
  const random = createRandom(options.seed);
  const { url, db } = await freshDatabase({ databaseUrl: options.servers.databaseUrl, seed: options.seed });
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

  const outages = watchOutages(actors);
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
  const settled = await settle(db, actors);
  const away = outages.end();
  const visitors = actors.filter((actor) => actor.say !== null);
  const ground = { visitors, instances, proxy, servers: options.servers };
  const recoveries = settled.unsettled === null ? await measureRecoveries(ground, options.recoveries) : [];
  const { unsettled } = options.recoveries > 0 ? await settle(db, actors) : settled;

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
    outages: away,
    recoveries,
    settledMs: unsettled === null ? settled.settledMs : null,
    unsettled,
    seconds,
    crashes,
  };
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
    // now and then the last one that is up: then nobody is served for a while
    await untilUp(instances, random.chance(0.2) ? 1 : 2);
    await wait(random.int(60, 500));
    if (isDue(count, kills, databaseKills)) await servers.crash('postgres');
    if (isDue(count + 3, kills, redisKills)) await servers.crash('redis');
    // a kill of what is just starting proves nothing
    const up = await untilUp(instances, 1);
    up[random.int(0, up.length - 1)]?.kill();
  }
}

/** Those that take connections, as soon as there are so many. */
async function untilUp(instances: readonly Instance[], count: number): Promise<Instance[]> {
  for (;;) {
    const up = instances.filter((instance) => instance.isUp());
    if (up.length >= count) return up;
    await wait(20);
  }
}

/** Spreads `part` occasions evenly over `whole`. */
function isDue(count: number, whole: number, part: number): boolean {
  return Math.floor((count * part) / whole) > Math.floor(((count - 1) * part) / whole);
}
