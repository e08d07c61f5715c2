import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startInstance } from './chaos/instances.ts';
import { startServers } from './chaos/servers.ts';
import { createExpectations, promiseBroken } from './expectations.ts';
import { startTalker, takeAnswers } from './faults/talker.ts';
import type { Talker } from './faults/talker.ts';
import { openVisitors, prepare } from './sockets/ground.ts';
import { openMany, spreadOf, wait } from './sockets/load.ts';

/**
 * F1 and F3: people talk while PostgreSQL is killed and started again, its connections are ended, its disk is full,
 * rows are locked, statements are slow and no connection is left. How long until each of them is told something, and
 * until everybody is served again after the fault; the exit code is 3 when that is more than 2 s and 5 s.
 *
 *   npm run bench -- faults [--only restart,terminate,disk,lock,slow,connections] [--rounds 50] [--clients 40]
 *     [--hold 20]
 *
 * Needs root and the Debian tree of `.ci/real-servers.sh`.
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'restart,terminate,disk,lock,slow,connections' },
    rounds: { type: 'string', default: '50' },
    clients: { type: 'string', default: '40' },
    hold: { type: 'string', default: '20' },
  },
});
const only = new Set(values.only.split(','));
const rounds = Number(values.rounds);
const holdMs = Number(values.hold) * 1_000;

const terminateAll = `select pg_terminate_backend(pid) from pg_stat_activity
   where usename = current_user and backend_type = 'client backend' and pid <> pg_backend_pid()`;

const servers = startServers();
const db = await prepare(servers.databaseUrl);
const tokens = await openVisitors(db, Number(values.clients));
const { databaseUrl: DATABASE_URL, redisUrl: REDIS_URL } = servers;
const env = { DATABASE_URL, REDIS_URL, SEED: '1', ORIGIN: 'http://bench.example' };
const crashes: string[] = [];
const expectations = createExpectations();
const instance = await startInstance(env, (text) => crashes.push(text));
const clients = await openMany(instance.port, tokens);
const talkers = clients.map(startTalker);
try {
  await everybody();
  if (only.has('restart')) await repeat('PostgreSQL killed and started', () => servers.crash('postgres'));
  if (only.has('terminate')) await repeat('all connections ended', () => run(terminateAll));
  if (only.has('disk')) await fullDisk();
  if (only.has('lock')) await held('a locked table', 'lock table event in access exclusive mode');
  if (only.has('slow')) await slowStatements();
  if (only.has('connections')) await noConnections();
  expectations.report(
    'the instance',
    { endedByItself: crashes.length },
    { 'did not end by itself': crashes.length === 0 },
  );
  if (!expectations.allHeld()) process.exitCode = promiseBroken;
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await instance.stop();
  await db.close();
  servers.stop();
}
process.exit();

/** Everybody gets one more ack; how long that takes, milliseconds. */
async function everybody(): Promise<number> {
  const startedAt = performance.now();
  const times = await Promise.all(talkers.map((talker: Talker) => talker.nextAck()));
  return Math.max(...times) - startedAt;
}

/** A connection of our own, outside of any pool. */
async function run(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: servers.databaseUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function repeat(name: string, fault: () => Promise<void>): Promise<void> {
  takeAnswers(talkers);
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await wait(300);
    await fault();
    times.push(await everybody());
  }
  const slowestMs = Math.round(Math.max(...times));
  const row = { ...spreadOf(times), slowestMs, meanwhile: takeAnswers(talkers) };
  expectations.report(`${name}, ${String(rounds)} times; all served again after`, row, {
    'all are served again within 5 s': slowestMs <= 5_000,
  });
}

/** While `during` lasts people are told; then it ends, and they are served again. */
async function report(name: string, end: () => Promise<void>): Promise<void> {
  takeAnswers(talkers);
  await wait(holdMs);
  const meanwhile = takeAnswers(talkers);
  await end();
  const backMs = Math.round(await everybody());
  expectations.report(
    name,
    { heldMs: holdMs, meanwhile, backMs },
    {
      'each is told within 2 s': Math.max(meanwhile.slowestAckMs, meanwhile.slowestNackMs) <= 2_000,
      'somebody was told meanwhile': meanwhile.acks + meanwhile.nacks > 0,
      'all are served again within 5 s': backMs <= 5_000,
    },
  );
}

async function held(name: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: servers.databaseUrl });
  await client.connect();
  await client.query('begin');
  await client.query(statement);
  await report(name, async () => {
    await client.query('rollback');
    await client.end();
  });
}

async function slowStatements(): Promise<void> {
  await run(`create function dawdle() returns trigger language plpgsql as
    $$ begin perform pg_sleep(3); return new; end $$`);
  await run('create trigger dawdle before insert on event for each row execute function dawdle()');
  await report('statements of 3 s', () => run('drop trigger dawdle on event'));
}

/** Somebody else has all connections that PostgreSQL allows; the pool of the instance finds none. */
async function noConnections(): Promise<void> {
  const greedy: pg.Client[] = [];
  const takeOne = async (): Promise<boolean> => {
    const client = new pg.Client({ connectionString: servers.databaseUrl, application_name: 'greedy' });
    client.on('error', () => {});
    const isTaken = await client.connect().then(
      () => true,
      () => false,
    );
    if (isTaken) greedy.push(client);
    return isTaken;
  };
  const takeMany = async (): Promise<void> => {
    while ((await Promise.all(Array.from({ length: 20 }, takeOne))).some(Boolean));
  };
  // whoever is quicker gets what was ended: the instance loses one after the other
  let others = 1;
  for (let attempt = 0; attempt < 100 && others > 0; attempt += 1) {
    await takeMany();
    const ended = await greedy[0]?.query(`${terminateAll} and application_name <> 'greedy'`);
    others = ended?.rowCount ?? 0;
  }
  await report('no connection left', async () => {
    await Promise.all(greedy.map((client) => client.end()));
  });
}

/** The log lies on a disk of 8 MB for a while. */
async function fullDisk(): Promise<void> {
  const near = new URL(servers.databaseSocketUrl.replace('@/', '@localhost/')).searchParams.get('host') ?? '';
  const disk = `${near}/small`;
  const inside = /\/run\/deskbell-.*$/.exec(disk)?.[0] ?? disk;
  const { uid, gid } = statSync(near);
  const options = `uid=${String(uid)},gid=${String(gid)},mode=700`;
  const mount = (size: string, how: string): void =>
    void execFileSync('mount', ['-t', 'tmpfs', '-o', `${how}${options},size=${size}`, 'tmpfs', disk]);
  mkdirSync(disk);
  mount('8m', '');
  try {
    await run(`create tablespace small location '${inside}'`);
    await run('alter table event set tablespace small');
    await fill();
    await report('a full disk', async () => mount('256m', 'remount,'));
    await run('alter table event set tablespace pg_default');
    await run('drop table filler');
    await run('drop tablespace small');
  } finally {
    execFileSync('umount', ['-l', disk]);
    rmSync(disk, { recursive: true, force: true });
  }
}

async function fill(): Promise<void> {
  await run('create table filler (text text) tablespace small');
  for (const rows of [1_000, 100, 10, 1]) {
    const more = `insert into filler select repeat(md5(n::text), 20) from generate_series(1, ${String(rows)}) as n`;
    let isFull = false;
    while (!isFull) await run(more).catch(() => (isFull = true));
  }
}
