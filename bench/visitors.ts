/**
 * What visitors notice of reading: their messages' way to the commit and back, and the wait for an answer's first
 * piece, in turn on the idle product and while it crawls a site with the pace of a new source, or reads an upload
 * as fast as it can.
 * `npm run bench -- visitors [--by crawl|upload] [--rounds 4] [--documents 300] [--visitors 6] [--seconds 15]
 * [--latency 0] [--delay 0] [--only embedded,worker] [--json]`: `embedded` is the default, everything in one process; `worker`
 * has a worker of its own on a database at TEST_DATABASE_URL, and Redis where TEST_REDIS_URL names one. `latency`
 * is what a page of the crawled site takes to be sent, in milliseconds.
 */
import { parseArgs } from 'node:util';
import { createFreshDatabase, testDatabaseUrl } from '../server/testing/database.ts';
import { round } from './sockets/load.ts';
import { withProduct } from './visitors/product.ts';
import { crawl, upload } from './visitors/reading.ts';
import { runRounds, type RoundOptions, type RoundsResult } from './visitors/rounds.ts';

const { values } = parseArgs({
  options: {
    by: { type: 'string', default: 'crawl' },
    rounds: { type: 'string', default: '4' },
    documents: { type: 'string', default: '300' },
    visitors: { type: 'string', default: '6' },
    seconds: { type: 'string', default: '15' },
    latency: { type: 'string', default: '0' },
    delay: { type: 'string' },
    only: { type: 'string', default: 'embedded,worker' },
    json: { type: 'boolean', default: false },
  },
});
if (values.by !== 'crawl' && values.by !== 'upload') throw new Error('--by takes crawl or upload.');
const delay = values.delay === undefined ? null : Number(values.delay);
const options: RoundOptions = {
  rounds: Number(values.rounds),
  visitors: Number(values.visitors),
  idleSeconds: Number(values.seconds),
  documents: Number(values.documents),
  read: values.by === 'upload' ? upload : crawl(Number(values.latency), delay),
};

const results: Record<string, RoundsResult> = {};
if (values.only.includes('embedded')) {
  results['embedded'] = await withProduct({}, false, (product, port) => runRounds(product, port, options));
}
if (values.only.includes('worker')) {
  if (testDatabaseUrl === null) throw new Error('Set TEST_DATABASE_URL, or say --only embedded.');
  const fresh = await createFreshDatabase(testDatabaseUrl, true);
  const redis = process.env['TEST_REDIS_URL'];
  const servers = { DATABASE_URL: fresh.url, ...(redis === undefined ? {} : { REDIS_URL: redis }) };
  results['worker'] = await withProduct(servers, true, (product, port) => runRounds(product, port, options));
  await fresh.drop();
}

function tableOf({ idle, reading }: RoundsResult) {
  return Object.entries({ idle, [values.by]: reading }).map(([phase, result]) => ({
    phase,
    questions: result.questions,
    unanswered: result.unanswered,
    ackP50: result.ack.p50,
    ackP99: result.ack.p99,
    timesIdle: round(result.ack.p99 / idle.ack.p99),
    firstP50: result.firstPiece.p50,
    firstP99: result.firstPiece.p99,
    lagP99: result.lag.p99,
    lagMax: result.lag.max,
    ackP99s: result.ackP99s.map(Math.round).join(' '),
  }));
}

if (values.json) console.log(JSON.stringify(results, null, 2));
else {
  for (const [size, result] of Object.entries(results)) {
    console.log(`${size}: ${String(result.reading.documentsPerSecond)} documents a second`);
    console.table(tableOf(result));
  }
}
