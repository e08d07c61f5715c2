import type { Guard } from './guard.ts';

const hosts = { id: 'host', tests: ['ingest/host.test.ts'] } as const;
const states = { id: 'state', tests: ['server/services/deadlines.test.ts'] } as const;

/** What workers do together: hosts, queues, deadlines. */
export const jobGuards: readonly Guard[] = [
  {
    ...hosts,
    guard: 'places at a host are shared by all runs',
    file: 'server/store/host-visit.ts',
    edits: [
      [
        'select 1 from host_slot where host = $1 and slot = wanted and expires_at > now())',
        'select 1 from host_slot where host = $1 and slot = wanted and worker = $3)',
      ],
      ['where host_slot.expires_at <= now()', ''],
    ],
  },
  {
    ...hosts,
    guard: 'a page is fetched in one of them',
    file: 'ingest/host.ts',
    edits: [['const slot = await places.take();', 'const slot = 0;']],
  },
  {
    ...hosts,
    guard: 'turns at a host are shared by all runs',
    file: 'ingest/host.ts',
    edits: [['await takeTurn(db, visit.host, delayMs)', 'await takeTurn(db, visit.worker, delayMs)']],
  },
  {
    ...hosts,
    guard: 'each try takes a turn',
    file: 'ingest/fetch-retry.ts',
    edits: [['await deps.turn();', 'if (attempt === 1) await deps.turn();']],
  },
  {
    ...hosts,
    guard: 'who has just had a place lets others come first',
    file: 'ingest/host.ts',
    edits: [['const isCrowded = runs > limit;', 'const isCrowded = runs > 1e9;']],
  },
  {
    ...states,
    guard: 'runs that get nowhere end',
    file: 'server/services/source-sweep.ts',
    edits: [['await end(deps, id, gotNowhere);', 'deps.logger.info(id);']],
  },
  {
    ...states,
    guard: 'pauses end',
    file: 'server/services/source-sweep.ts',
    edits: [["if (kind === 'paused') return end(deps, id, pausedTooLong);", '']],
  },
  {
    ...states,
    guard: 'what the queue lost goes into it again',
    file: 'server/services/source-sweep.ts',
    edits: [['await enqueue(id, run);', '']],
  },
  {
    ...states,
    guard: 'builds are looked after',
    file: 'server/services/index-build.ts',
    edits: [
      [
        'for (const siteId of await takeDueBuilds(db, embedder, buildSeconds)) {',
        'for (const siteId of [].slice()) {',
      ],
    ],
  },
  {
    ...states,
    guard: 'versions of no configured embedder are dropped',
    file: 'server/services/index-build.ts',
    edits: [['await dropAbandonedVersions(db, embedder);', '']],
  },
  {
    ...states,
    guard: 'vectors that were put by are dropped',
    file: 'server/services/index-build.ts',
    edits: [['await forgetOldVectors(db);', '']],
  },
  {
    ...states,
    guard: 'segments that a merge left are dropped',
    file: 'server/services/index-build.ts',
    edits: [['await deleteOldSegments(db, null);', '']],
  },
];
