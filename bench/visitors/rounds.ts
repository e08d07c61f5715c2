import { setTimeout as wait } from 'node:timers/promises';
import type { TestProcess } from '../../server/testing/process.ts';
import { round, spreadOf, type Spread } from '../sockets/load.ts';
import { knownDocuments } from './content.ts';
import { readLag, type Lag } from './product.ts';
import { readLines, type Reading } from './reading.ts';
import { measureTalks, type Talks } from './talks.ts';

export interface RoundOptions {
  rounds: number;
  visitors: number;
  /** How long visitors talk to the idle product in each round. */
  idleSeconds: number;
  /** Documents that are read in each round. */
  documents: number;
  read: Reading;
}

/** One kind of phase, all rounds together. */
export interface PhaseResult {
  questions: number;
  unanswered: number;
  ack: Spread;
  firstPiece: Spread;
  /** The worst of the rounds. */
  lag: Lag;
  /** The 99th of 100 acks in each round. */
  ackP99s: number[];
}

export interface RoundsResult {
  idle: PhaseResult;
  reading: PhaseResult & { documentsPerSecond: number };
}

const warmMs = 3_000;
/** What follows a reading (merges of the index) is over by then. */
const restMs = 5_000;

interface Phase extends Talks {
  lag: Lag;
}

function summarize(phases: readonly Phase[]): PhaseResult {
  const acks = phases.flatMap((phase) => phase.acks);
  const worst = phases.map(({ lag }) => lag).toSorted((a, b) => b.p99 - a.p99)[0];
  return {
    questions: acks.length,
    unanswered: phases.reduce((sum, { unanswered }) => sum + unanswered, 0),
    ack: spreadOf(acks),
    firstPiece: spreadOf(phases.flatMap(({ firsts }) => firsts)),
    lag: worst ?? { p50: 0, p99: 0, max: 0 },
    ackP99s: phases.map((phase) => spreadOf(phase.acks).p99),
  };
}

/** Lets visitors talk to the product in turn while it is idle and while it reads. */
export async function runRounds(
  product: TestProcess,
  port: number,
  options: RoundOptions,
): Promise<RoundsResult> {
  const { rounds, visitors, idleSeconds, documents, read } = options;
  const talkFor = (ms: number) => {
    const until = performance.now() + ms;
    return measureTalks(port, visitors, () => performance.now() > until);
  };
  await readLines(product, knownDocuments());
  await talkFor(warmMs);
  const idle: Phase[] = [];
  const reading: Phase[] = [];
  let seconds = 0;
  let done = 0;
  for (let number = 0; number < rounds; number += 1) {
    await readLag(product);
    const quiet = await talkFor(idleSeconds * 1_000);
    idle.push({ ...quiet, lag: await readLag(product) });
    let isRead = false;
    const begun = performance.now();
    const load = read(product, number * documents, documents).finally(() => (isRead = true));
    const [talks, count] = await Promise.all([measureTalks(port, visitors, () => isRead), load]);
    seconds += (performance.now() - begun) / 1_000;
    done += count;
    reading.push({ ...talks, lag: await readLag(product) });
    await wait(restMs);
  }
  return {
    idle: summarize(idle),
    reading: { ...summarize(reading), documentsPerSecond: round(done / seconds) },
  };
}
