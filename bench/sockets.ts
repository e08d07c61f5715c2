import { parseArgs } from 'node:util';
import { startServers } from './chaos/servers.ts';
import { startServer } from './sockets/child.ts';
import type { ServerChild } from './sockets/child.ts';
import { measureDrain } from './sockets/drain.ts';
import { countDatabaseConnections, measureInsert, openVisitors, prepare } from './sockets/ground.ts';
import { measureFlood } from './sockets/flood.ts';
import { measureFuzz } from './sockets/hostile.ts';
import { measureIdle } from './sockets/idle.ts';
import type { Token } from './sockets/load.ts';
import { measureRoundTrip } from './sockets/round-trip.ts';
import { measureReturn } from './sockets/storm.ts';
import { measureStoppedReaders } from './sockets/stopped-readers.ts';
import { measureStreams } from './sockets/streams.ts';
import { measureThroughput } from './sockets/throughput.ts';

/**
 * The live side on real PostgreSQL and Redis, beside a `ws` server that only echoes, in the same run and on the
 * same machine as its load. Needs a limit of open files above twice the connections.
 *
 *   npm run bench -- sockets [--only idle,round-trip,streams,storm,drain,hostile,instances] [--connections 10000]
 *     [--ways bare,deskbell] [--conversations 1,100,200,1000] [--rounds 2] [--streams 100,1000] [--turns 4]
 *     [--profile <folder>] [--json]
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'idle,round-trip,streams,storm,drain,hostile,instances' },
    ways: { type: 'string', default: 'bare,deskbell' },
    connections: { type: 'string', default: '10000' },
    conversations: { type: 'string', default: '1,100,200,1000' },
    streams: { type: 'string', default: '100,1000' },
    /** Messages of each of the 200 who talk beside the idle ones, one every 20 s. */
    rounds: { type: 'string', default: '2' },
    /** How often those who stop reading and nobody take turns. */
    turns: { type: 'string', default: '4' },
    'per-second': { type: 'string', default: '100' },
    profile: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const list = (text: string): number[] => text.split(',').map(Number);
const only = new Set(values.only.split(','));

const rows: Record<string, object> = {};
const servers = startServers();
const db = await prepare(servers.databaseUrl);
try {
  await run();
} finally {
  await db.close();
  servers.stop();
}
if (values.json) console.log(JSON.stringify(rows, null, 1));
process.exit();

interface Way {
  name: string;
  start: (more?: Record<string, string>) => Promise<ServerChild>;
  tokens: Token[];
}

async function run(): Promise<void> {
  const tokens = await openVisitors(db, Number(values.connections) + 200);
  const profile: Record<string, string> = values.profile === undefined ? {} : { PROFILE: values.profile };
  const deskbell = { DATABASE_URL: servers.databaseUrl, REDIS_URL: servers.redisUrl, MODE: 'deskbell' };
  const ways: Way[] = [
    {
      name: 'bare',
      start: (more = {}) => startServer({ MODE: 'bare', ...profile, ...more }),
      tokens: tokens.map(() => null),
    },
    { name: 'deskbell', start: (more = {}) => startServer({ ...deskbell, ...profile, ...more }), tokens },
  ];
  const wanted = new Set(values.ways.split(','));
  for (const way of ways) if (wanted.has(way.name)) await measure(way);
  if (only.has('round-trip')) report('one committed insert', await measureInsert(db));
  const [, own] = ways;
  if (own !== undefined && only.has('drain')) {
    report('deskbell: drain', await measureDrain(await own.start(), own.tokens.slice(200)));
  }
  if (own !== undefined && only.has('hostile')) {
    // answers last as long as what is measured beside them
    const server = await own.start({ TOKENS: '900', TOKEN_MS: '10' });
    const turns = Number(values.turns);
    report('deskbell: readers that stop', await measureStoppedReaders(server, own.tokens, { turns }));
    report('deskbell: broken frames', await measureFuzz(server));
    await server.kill();
    const limited = await own.start({ LIMITS: 'product' });
    report('deskbell: floods', await measureFlood(limited, tokens));
    await limited.kill();
  }
  if (own !== undefined && only.has('instances')) await compareInstances(own);
}

async function measure({ name, start, tokens }: Way): Promise<void> {
  const [active, many] = [tokens.slice(0, 200), tokens.slice(200)];
  const fresh = async (
    row: string,
    work: (server: ServerChild) => Promise<object>,
    env = {},
  ): Promise<void> => {
    const server = await start(env);
    report(`${name}: ${row}`, await work(server));
    await server.kill();
  };
  if (only.has('idle'))
    await fresh('idle', (server) => measureIdle(server, many, { active, rounds: Number(values.rounds) }));
  for (const count of only.has('round-trip') ? list(values.conversations) : []) {
    const perSecond = Math.min(Number(values['per-second']), count * 20);
    const rounds = Math.max(3, Math.ceil((perSecond * 8) / count));
    await fresh(`round trip, ${String(count)} conversations`, (server) =>
      measureRoundTrip(server, tokens.slice(0, count), { rounds, perSecond }),
    );
  }
  for (const count of only.has('streams') ? list(values.streams) : []) {
    const env = { TOKENS: String(Math.ceil(300_000 / count)), TOKEN_MS: String(Math.ceil(count / 100)) };
    await fresh(
      `${String(count)} streams`,
      (server) => measureStreams([server], tokens.slice(0, count)),
      env,
    );
  }
  if (only.has('storm')) {
    const server = await start();
    const { result, reborn } = await measureReturn(server, many, {
      restart: () => start({ PORT: String(server.port) }),
      countConnections: () => countDatabaseConnections(db),
    });
    report(`${name}: all back after a kill`, result);
    await reborn.kill();
  }
}

/** The same load on one instance and on two, over one PostgreSQL and one Redis. */
async function compareInstances({ name, start, tokens }: Way): Promise<void> {
  for (const count of [1, 2]) {
    const instances = await Promise.all(
      Array.from({ length: count }, () => start({ TOKENS: '500', TOKEN_MS: '10' })),
    );
    const row = `${name}: ${String(count)} instance(s)`;
    report(`${row}, messages`, await measureThroughput(instances, tokens.slice(0, 200)));
    report(`${row}, 400 streams`, await measureStreams(instances, tokens.slice(0, 400)));
    for (const instance of instances) await instance.kill();
  }
}

function report(name: string, row: object): void {
  rows[name] = row;
  if (!values.json) console.log(name, JSON.stringify(row));
}
