import type { Database } from '../../server/ports.ts';
import { wait } from '../sockets/load.ts';
import type { Expectations } from '../expectations.ts';
import { countFaults, look, memoryMb, openVisitorsOf, say, until, waitingOf } from './stage.ts';
import type { Stage, Visitor } from './stage.ts';

/** Each visitor says something every so often: slower than the limits of a person, also when all of it goes at once. */
const everyMs = 10_000;

/** F2: the database is silent, and nothing is refused. */
export async function databaseAway(
  stage: Stage,
  db: Database,
  expectations: Expectations,
  { holdMs, people }: { holdMs: number; people: number },
): Promise<void> {
  const visitors = await openVisitorsOf(stage, db, people);
  for (const [index, visitor] of visitors.entries()) say(visitor, `before ${String(index)}`);
  await until('the first messages', async () => (await waitingOf(visitors)) === 0);
  const memoryBefore = stage.products.map((each) => memoryMb(each));
  const readyUrl = `${stage.urls[0] ?? ''}/readyz`;
  stage.database.blackhole(true);
  const startedAt = performance.now();
  const talking = talk(visitors, holdMs);
  const notReadyMs = await until('503 of /readyz', async () => (await look(readyUrl)).status === 503);
  const lives: { status: number; ms: number }[] = [];
  const readies: number[] = [];
  let offline = 0;
  while (performance.now() - startedAt < holdMs) {
    lives.push(await look(`${stage.urls[0] ?? ''}/livez`));
    readies.push((await look(readyUrl)).status);
    offline = Math.max(offline, visitors.filter((visitor) => !isOnline(visitor)).length);
    await wait(500);
  }
  await talking;
  const kept = await waitingOf(visitors);
  const memoryMeanwhile = stage.products.map((each) => memoryMb(each));
  stage.database.blackhole(false);
  const [readyMs, deliveredMs] = await Promise.all([
    until('200 of /readyz', async () => (await look(readyUrl)).status === 200),
    until('all that was kept', async () => (await waitingOf(visitors)) === 0),
  ]);
  const faults = await countFaults(db, visitors);
  const slowestLiveMs = Math.max(...lives.map(({ ms }) => ms));
  const losses = visitors.reduce((sum, visitor) => sum + visitor.losses(), 0);
  for (const { client } of visitors) client.close();
  const row = { holdMs, people, notReadyMs, slowestLiveMs, losses, offline, kept, readyMs, deliveredMs };
  expectations.report(
    'F2 PostgreSQL silent',
    { ...row, memoryBefore, memoryMeanwhile, ...faults },
    {
      'readyz says 503 within 3 s': notReadyMs <= 3_000,
      'readyz stays at 503': readies.every((status) => status === 503),
      'livez says 200': lives.every(({ status }) => status === 200),
      'sockets stay open': losses === 0 && offline === 0,
      'clients keep their queue': kept >= people,
      'memory grows by less than 64 MB': memoryMeanwhile.every(
        (mb, index) => mb - (memoryBefore[index] ?? 0) < 64,
      ),
      'all back within 5 s': readyMs <= 5_000 && deliveredMs <= 5_000,
      'nothing lost or twice': faults.lost === 0 && faults.twice === 0,
    },
  );
}

const isOnline = ({ client }: Visitor): boolean => client.getSnapshot().connection.status === 'online';

async function talk(visitors: readonly Visitor[], forMs: number): Promise<void> {
  const speak = async (visitor: Visitor, index: number): Promise<void> => {
    await wait((index / visitors.length) * 2_000);
    for (let at = 0; at * everyMs < forMs - 2_000; at += 1) {
      say(visitor, `${String(index)} meanwhile ${String(at)}`);
      await wait(everyMs);
    }
  };
  await Promise.all(visitors.map(speak));
}
