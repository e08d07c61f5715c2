import { errorMessage } from '../server/errors.ts';
import { reopenFetched } from '../server/store/source-item.ts';
import { countItems, frequentReasons, noItems } from '../server/store/source-ledger.ts';
import { claimSource, finishSource, renewLease, type Lease } from '../server/store/source.ts';
import { crawlPages } from './crawl-pages.ts';
import { crawlWebsite } from './crawl.ts';
import type { Sleep } from './host.ts';
import { sleep } from './fetch-retry.ts';
import { readHandedOver } from './handed-over.ts';
import { readDocumentLine, readPair, readUploadedFile } from './intake-items.ts';
import { createPublisher, groupLimits } from './publish.ts';
import { LeaseLost, type PipelineDeps, type RunContext } from './run-context.ts';

export type { PipelineDeps } from './run-context.ts';

/** A run without a sign of life for this long is taken up by another worker. */
export const leaseMs = 20_000;
const renewEveryMs = 5_000;
/** Items in hand for each that one transaction stores: one group is read while another is stored. */
const itemsPerPlace = 2;
/** Files may be large, and are held in memory. */
const filesAtOnce = 4;

export interface Pipeline {
  /**
   * Reads a source: crawl, extract, chunk, embed, publish, until every item has ended. Idempotent: done items are
   * not done again, and a run that is over or in other hands is left alone.
   * @throws what is no item's fault (database away, `signal` fired); the run then stays open for another try.
   */
  run(job: { sourceId: string; run: number }, signal: AbortSignal): Promise<void>;
}

/** Renews the lease until `stop` is called; `onLost` when it is in other hands. */
function keepLease(deps: PipelineDeps, lease: Lease, onLost: (error: unknown) => void): () => void {
  const timer = setInterval(() => {
    const deadline = new Date(deps.clock.now() + leaseMs);
    renewLease(deps.db, lease, deadline).then(
      (isHeld) => {
        if (!isHeld) onLost(new LeaseLost());
      },
      (error: unknown) =>
        deps.logger.warn('ingest-lease-not-renewed', { ...lease, cause: errorMessage(error) }),
    );
  }, renewEveryMs);
  return () => clearInterval(timer);
}

async function readSource(context: RunContext, pause: Sleep): Promise<void> {
  const itemsAtOnce = groupLimits[context.db.kind].documents * itemsPerPlace;
  switch (context.source.type) {
    case 'website':
      return crawlWebsite(context, pause);
    case 'pages':
      return crawlPages(context, pause);
    case 'documents':
      return readHandedOver(context, itemsAtOnce, (item) => readDocumentLine(context, item));
    case 'upload':
      return readHandedOver(context, filesAtOnce, (item) => readUploadedFile(context, item));
    case 'qa':
      return readHandedOver(context, itemsAtOnce, (item) => readPair(context, item));
  }
}

/** A run that has nothing to show for itself has failed, and says why. */
async function concludeRun(context: RunContext): Promise<void> {
  const { db, lease, clock } = context;
  const { counts } = (await countItems(db, [lease.sourceId])).get(lease.sourceId) ?? noItems();
  const kept = (counts['indexed'] ?? 0) + (counts['unchanged'] ?? 0) + (counts['removed'] ?? 0);
  const at = new Date(clock.now());
  if (kept > 0) {
    await finishSource(db, lease, { state: 'done', reason: null, at });
    return;
  }
  const [main] = await frequentReasons(db, lease.sourceId, 1);
  const reason =
    main === undefined ? 'There was nothing to read.' : `Nothing could be stored. ${main.reason}`;
  await finishSource(db, lease, { state: 'failed', reason, at });
}

/** The one path from a source to what visitors can be told; `pause` waits between two fetches of a site. */
export function createPipeline(deps: PipelineDeps, pause: Sleep = sleep): Pipeline {
  return {
    async run({ sourceId, run }, signal) {
      const lease: Lease = { sourceId, run, worker: deps.ids.uuid() };
      const now = deps.clock.now();
      const source = await claimSource(deps.db, lease, new Date(now), new Date(now + leaseMs));
      if (source === null) return;
      const stop = new AbortController();
      const context: RunContext = {
        ...{ ...deps, source, lease },
        signal: AbortSignal.any([signal, stop.signal]),
        publish: (publishing) => publisher.publish(publishing),
      };
      const publisher = createPublisher(context);
      const release = keepLease(deps, lease, (error) => stop.abort(error));
      try {
        await reopenFetched(deps.db, sourceId, run);
        await readSource(context, pause);
        await concludeRun(context);
        deps.logger.info('ingest-run-finished', { sourceId, run });
      } catch (error) {
        if (error instanceof LeaseLost) {
          deps.logger.info('ingest-run-left', { sourceId, run });
          return;
        }
        throw error;
      } finally {
        release();
        await publisher.settle();
      }
    },
  };
}
