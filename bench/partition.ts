import { parseArgs } from 'node:util';
import type { Actor } from './chaos/actors.ts';
import { check } from './chaos/checker.ts';
import { startInstance } from './chaos/instances.ts';
import { createNets } from './chaos/nets.ts';
import { createRandom } from './chaos/random.ts';
import { startServers } from './chaos/servers.ts';
import { freshDatabase, readPatiently, settle, startActors, wait, witnessOf } from './chaos/stage.ts';

/**
 * A8: one direction of the network swallows everything while people talk; nothing is closed. How long until each
 * client knows, and does everything arrive once when it is over? Heartbeats are of 2 s here.
 *
 *   npm run bench -- partition [--seed 1] [--rounds 2] [--json]
 *
 * Needs root, Debian's iproute2, and the Debian tree of `.ci/real-servers.sh`.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '2' },
    json: { type: 'boolean', default: false },
  },
});
/** As `chaos/instance.ts` has it. */
const heartbeatMs = 2_000;
/** Long enough for the slowest way to know, over in half a minute. */
const holeMs = 20_000;

const servers = startServers();
const nets = createNets();
const found: { direction: string; actor: string; carrier: string; afterMs: number | null }[] = [];
try {
  const seed = Number(values.seed);
  const random = createRandom(seed);
  const { url, db } = await freshDatabase({ databaseUrl: servers.databaseUrl, seed });
  const name = new URL(url).pathname.slice(1);
  const env = {
    DATABASE_URL: servers.databaseSocketUrl.replace('/postgres?', `/${name}?`),
    HOST: nets.serverAddress,
    SEED: String(seed),
  };
  const instance = await startInstance(env, (text) => console.error(text), nets.inServer);
  const target = `ws://${nets.serverAddress}:${String(instance.port)}`;
  const actors = await startActors({ visitors: 10, agents: 2 }, db, random, target);
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const direction of ['down', 'up'] as const) {
      while (!actors.every(isOnline)) await wait(50);
      nets.blackhole(direction);
      found.push(...(await watch(direction, actors)));
      nets.blackhole(null);
    }
  }
  for (const actor of actors) actor.stop();
  const { settledMs, unsettled } = await settle(db, actors);
  const { faults, counts } = check(await readPatiently(db), actors.map(witnessOf));
  for (const actor of actors) actor.close();
  await instance.stop();
  await db.close();
  const summary = ['down', 'up'].map((direction) => summarize(direction));
  const report = { seed, heartbeatMs, settledMs, unsettled, ...counts, faults: faults.slice(0, 20), summary };
  console.log(JSON.stringify(report, null, values.json ? 0 : 1));
  process.exitCode = faults.length === 0 && settledMs !== null ? 0 : 3;
} finally {
  nets.remove();
  servers.stop();
}
process.exit();

function isOnline(actor: Actor): boolean {
  return actor.isOnline();
}

/** When each client gives its connection up; null: it did not notice. */
async function watch(direction: string, actors: readonly Actor[]) {
  const from = Date.now();
  const after = new Map<Actor, number>();
  while (Date.now() - from < holeMs) {
    for (const actor of actors)
      if (!isOnline(actor) && !after.has(actor)) after.set(actor, Date.now() - from);
    await wait(20);
  }
  return actors.map((actor) => ({
    direction,
    actor: actor.name,
    carrier: actor.status().split(' ')[0] ?? '',
    afterMs: after.get(actor) ?? null,
  }));
}

function summarize(direction: string) {
  const times = found.filter((entry) => entry.direction === direction).map(({ afterMs }) => afterMs);
  const known = times.filter((time) => time !== null);
  return {
    direction,
    clients: times.length,
    unaware: times.length - known.length,
    slowestMs: Math.max(...known),
  };
}
