import type { Clock, Database, Logger } from '../ports.ts';
import { forgetOldVisits } from '../store/host-visit.ts';
import { finishOpenItems } from '../store/source-item.ts';
import { deferSource, endSource, overdueSources, stuckSources, type OverdueSource } from '../store/source.ts';
import { queuedMs } from './source-create.ts';

const sweepLimit = 100;
/** A run of which nothing ended for this long gets nowhere: whatever takes it up breaks off. */
const stuckMs = 24 * 60 * 60_000;

interface SweepDeps {
  db: Database;
  clock: Clock;
  logger: Logger;
}

interface End {
  state: 'failed' | 'cancelled';
  reason: string;
  /** Whether what was handed over can still be read another time. */
  keepsInput: boolean;
}

const intakeBroke: End = {
  state: 'failed',
  reason: 'The upload broke off before all of it had arrived. Send it again.',
  keepsInput: false,
};
const pausedTooLong: End = {
  state: 'cancelled',
  reason: 'It was paused for 30 days. Read it again if it is still wanted.',
  keepsInput: true,
};
const gotNowhere: End = {
  state: 'failed',
  reason:
    'Nothing of it could be read for a whole day. Look for its id in the log of the server, then read it again.',
  keepsInput: true,
};

async function end(deps: SweepDeps, id: string, { state, reason, keepsInput }: End): Promise<void> {
  await deps.db.transaction(async (tx) => {
    if (!(await endSource(tx, id, { state, reason, at: new Date(deps.clock.now()) }))) return;
    await finishOpenItems(tx, id, { state: state === 'failed' ? 'failed' : 'skipped', reason }, keepsInput);
  });
  deps.logger.warn('source-given-up', { sourceId: id, state });
}

async function takeUp(
  deps: SweepDeps,
  { id, run, kind }: OverdueSource,
  enqueue: (id: string, run: number) => Promise<void>,
): Promise<void> {
  if (kind === 'intake') return end(deps, id, intakeBroke);
  if (kind === 'paused') return end(deps, id, pausedTooLong);
  await enqueue(id, run);
  await deferSource(deps.db, id, run, new Date(deps.clock.now() + queuedMs));
  deps.logger.info('source-swept', { sourceId: id, run });
}

/**
 * Looks after every source whose deadline has passed: what the queue lost goes into it again, an intake that broke
 * off, a pause of a month and a run that gets nowhere end with their reason.
 */
export async function sweepSources(
  deps: SweepDeps,
  enqueue: (id: string, run: number) => Promise<void>,
): Promise<void> {
  const now = deps.clock.now();
  await forgetOldVisits(deps.db);
  for (const id of await stuckSources(deps.db, new Date(now - stuckMs), sweepLimit))
    await end(deps, id, gotNowhere);
  for (const source of await overdueSources(deps.db, new Date(now), sweepLimit))
    await takeUp(deps, source, enqueue);
}
