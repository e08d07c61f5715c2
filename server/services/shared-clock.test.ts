import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Clock, Database } from '../ports.ts';
import { findTeamPresence } from '../store/presence.ts';
import { readDatabaseTime } from '../store/database-time.ts';
import { createTestDatabase } from '../testing/database.ts';
import { recordingLogger } from '../testing/deps.ts';
import { createTestWire } from '../testing/socket-bus.ts';
import { addSite, createSocketStack, until } from '../testing/socket-stack.ts';
import type { SocketStack } from '../testing/socket-stack.ts';
import { startSharedClock } from './shared-clock.ts';

const minuteMs = 60_000;
let database: Database;
let closers: (() => void)[];

beforeAll(async () => {
  database = await createTestDatabase();
  await addSite(database);
});
beforeEach(() => {
  closers = [];
});
afterEach(async () => {
  vi.useRealTimers();
  for (const close of closers) await close();
});
afterAll(() => database?.close());

const machineThatIsOff = (byMs: number): Clock => ({ now: () => Date.now() + byMs });

async function start(offMs: number, deps: { db?: Database; elapsedMs?: () => number } = {}) {
  const logger = recordingLogger();
  const shared = await startSharedClock({
    db: database,
    machine: machineThatIsOff(offMs),
    elapsedMs: () => performance.now(),
    logger,
    ...deps,
  });
  closers.push(shared.close);
  return { clock: shared.clock, logger };
}

test.each([-3, 5])(
  'shows the database’s time on a machine that is %d minutes off, and says so',
  async (minutes) => {
    const { clock, logger } = await start(minutes * minuteMs);
    const before = await readDatabaseTime(database);
    const shown = clock.now();
    const after = await readDatabaseTime(database);
    expect(shown).toBeGreaterThan(before - 2_000);
    expect(shown).toBeLessThan(after + 2_000);
    expect(logger.lines.map(({ event }) => event)).toContain('clock-differs-from-database');
  },
);

test('goes on by itself, whatever is done to the machine’s clock, and does not jump with a late answer', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  let elapsed = 0;
  let isLate = false;
  const asked = vi.fn();
  const query: Database['query'] = async (...question) => {
    const rows = await database.query(...question);
    if (isLate) elapsed += 20_000;
    asked();
    return rows;
  };
  const { clock } = await start(0, { db: { ...database, query }, elapsedMs: () => elapsed });
  const first = clock.now();
  elapsed += 7;
  expect(clock.now()).toBe(first + 7);
  isLate = true;
  await vi.advanceTimersByTimeAsync(30_000);
  await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(2));
  expect(clock.now()).toBe(first + 20_007);
});

test('is compared again, for a machine that slept', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  let sleptMs = 0;
  const elapsedMs = () => performance.now() - sleptMs;
  const { clock } = await start(0, { elapsedMs });
  sleptMs = 60 * minuteMs;
  expect(clock.now()).toBeLessThan((await readDatabaseTime(database)) - 30 * minuteMs);
  await vi.advanceTimersByTimeAsync(30_000);
  const shown = await readDatabaseTime(database);
  await vi.waitFor(() => expect(Math.abs(clock.now() - shown)).toBeLessThan(15_000), 20_000);
});

/** Two instances on one database; the first one's machine is five minutes behind. */
async function apart(): Promise<{ behind: SocketStack; right: SocketStack; sweeps: () => number }> {
  const wire = createTestWire();
  let sweeps = 0;
  const query: Database['query'] = (sql, ...rest) => {
    if (sql.includes('turn_lease_at <= ')) sweeps += 1;
    return database.query(sql, ...rest);
  };
  const { clock } = await start(-5 * minuteMs);
  const timings = { turnLeaseMs: 60_000, turnSweepMs: 20, presenceRenewMs: 50 };
  const behind = await createSocketStack(database, { bus: wire.bus(), clock, timings });
  const right = await createSocketStack({ ...database, query }, { bus: wire.bus(), timings });
  closers.push(
    () => behind.close(),
    () => right.close(),
  );
  return { behind, right, sweeps: () => sweeps };
}

test('TRN-6 an answer being written on a machine minutes behind is not taken for an orphan', async () => {
  const { behind, right, sweeps } = await apart();
  const visitor = behind.visitorClient(await behind.openVisitor());
  visitor.connect();
  visitor.send('How late is it?');
  const turn = await until(() => behind.answers.turns[0]);
  const before = sweeps();
  await until(() => sweeps() > before + 3);
  expect(right.answers.turns).toEqual([]);
  turn.finish({ text: 'Late.' });
  const last = () => visitor.getSnapshot().thread?.entries.at(-1);
  await until(() => {
    const entry = last();
    return entry?.kind === 'message' && entry.text === 'Late.' && entry.status === 'complete';
  });
});

test('SIG-3 an agent who is connected there counts as there', async () => {
  const { behind, right } = await apart();
  const agent = behind.agentClient(await behind.addAgent('Ada'));
  agent.connect();
  const visitor = right.visitorClient(await right.openVisitor());
  visitor.connect();
  await until(() => visitor.getSnapshot().agents === 'online');
  expect(await findTeamPresence(database, new Date())).toBe('online');
});
