import { AppError } from '../server/errors.ts';
import type { Clock, Database, Ids, Logger, Outbound } from '../server/ports.ts';
import type { IntakeQuota } from '../server/services/intake-quota.ts';
import type { PassageIndex } from '../server/services/passage-index.ts';
import type { Lease, SourceRecord } from '../server/store/source.ts';
import type { ParsePool } from './parse/pool.ts';
import type { Publish } from './publish.ts';

export interface PipelineDeps {
  db: Database;
  outbound: Outbound;
  parser: ParsePool;
  index: PassageIndex;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  quota: IntakeQuota;
}

/** One run in hand: what its steps share. */
export interface RunContext extends PipelineDeps {
  source: SourceRecord;
  lease: Lease;
  publish: Publish;
  /** Fires when the run must stop: shutdown, time-out, cancellation, or another worker took it. */
  signal: AbortSignal;
}

/** Thrown when another worker or the owner took the run away; nothing is written any more. */
export class LeaseLost extends AppError {
  constructor() {
    super('conflict', 'The run is in other hands.');
    this.name = 'LeaseLost';
  }
}
