/**
 * Arrays of scores that are used again by the next ranking: new ones of a large site for every question kept the
 * garbage collector busier than the ranking itself.
 */
export interface ScoreBuffers {
  /** All arrays that were taken are free again. */
  begin(): void;
  /** An array of zeros, the caller's until the next `begin`. */
  take(length: number): Float64Array;
}

/** Makes buffers for rankings that run one after the other, none of them waiting for anything. */
export function createScoreBuffers(): ScoreBuffers {
  const buffers: Float64Array[] = [];
  let taken = 0;
  return {
    begin() {
      taken = 0;
    },
    take(length) {
      const known = buffers[taken];
      const buffer = known !== undefined && known.length >= length ? known : new Float64Array(length);
      buffers[taken] = buffer;
      taken += 1;
      return buffer.subarray(0, length).fill(0);
    },
  };
}
