import { AppError } from '../errors.ts';
import type { Transaction } from '../ports.ts';
import { addSourceBytes } from '../store/source-bytes.ts';

/** How much may be handed over, in bytes. */
export interface IntakeLimits {
  /** To one source. */
  sourceBytes: number;
  /** To all sources of a site together. */
  siteBytes: number;
  /** In memory of this process at a time, while it arrives. */
  bufferedBytes: number;
}

export const defaultIntakeLimits: IntakeLimits = {
  sourceBytes: 2_000_000_000,
  siteBytes: 10_000_000_000,
  bufferedBytes: 256_000_000,
};

/** Guards disk and memory against what is handed over. */
export interface IntakeQuota {
  /**
   * Counts what is about to be stored, in the transaction that stores it.
   * @throws AppError `too-large` when it is more than the source or the site may have; nothing is stored then.
   */
  take(tx: Transaction, siteId: string, sourceId: string, bytes: number): Promise<void>;
  /** As `take`, for what was unpacked from it and lies there until it is read: given back at the end of the run. */
  takeUnpacked: IntakeQuota['take'];
  /**
   * Counts bytes that are kept in memory; give them back once they are stored.
   * @throws AppError `unavailable` when others fill the memory at this moment.
   */
  hold(bytes: number): void;
  release(bytes: number): void;
}

const inMb = (bytes: number): string => `${Math.floor(bytes / 1_000_000).toLocaleString('en')} MB`;

/** Limits for this process (memory) and for all of them together (what is stored). */
export function createIntakeQuota(limits: IntakeLimits = defaultIntakeLimits): IntakeQuota {
  let held = 0;

  const taker =
    (isUnpacked: boolean): IntakeQuota['take'] =>
    async (tx, siteId, sourceId, bytes) => {
      const sums = await addSourceBytes(tx, siteId, sourceId, bytes, isUnpacked);
      if (sums.source > limits.sourceBytes) {
        throw new AppError('too-large', `A source takes at most ${inMb(limits.sourceBytes)}.`, {
          fix: 'Send the files as several sources, or have the operator raise SOURCE_MAX_MB.',
        });
      }
      if (sums.site > limits.siteBytes) {
        throw new AppError('too-large', `The sources of a site take at most ${inMb(limits.siteBytes)}.`, {
          fix: 'Delete sources that are no longer needed, or have the operator raise SITE_MAX_MB.',
        });
      }
    };

  return {
    take: taker(false),
    takeUnpacked: taker(true),
    hold(bytes) {
      if (held + bytes > limits.bufferedBytes) {
        throw new AppError('unavailable', 'Too much is being uploaded at this moment.', {
          fix: 'Try again in a minute.',
          retryAfterMs: 60_000,
        });
      }
      held += bytes;
    },
    release(bytes) {
      held -= bytes;
    },
  };
}
