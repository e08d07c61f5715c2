/** What the choice of segments to merge reads of one. */
export interface MergeCandidate {
  id: number;
  passageCount: number;
  /** 0 for the segment of documents as they were published. */
  blockBits: number;
  bytes: number;
}

/** Segments as they were published are gathered when there are this many ... */
export const maxSingles = 48;
/** ... or this much: they have one block each, which search reads whole; merging seldom rewrites less. */
const maxSingleBytes = 3 * 1024 * 1024;
/** Larger ones are merged when this many are about as large. */
const fanIn = 4;
/** Passages of the smallest class of merged segments; each class holds `fanIn` times the one before. */
const smallestClass = 256;
/** A segment beyond this many passages is merged no further. */
const maxPassages = 400_000;
/** Share of dead passages over all, beyond which everything is rewritten. */
const maxDeadShare = 0.3;
/** Fewer dead passages than this are not worth a rewrite. */
const minDead = 500;

function classOf(segment: MergeCandidate): number {
  return Math.max(0, Math.floor(Math.log(segment.passageCount / smallestClass) / Math.log(fanIn)) + 1);
}

/**
 * The segments to merge next, or null when all is well: first those just published, then the smallest class
 * that has enough members. So n passages are rewritten about log4(n / 256) times, and a site has at most some
 * twenty segments beside those.
 */
export function chooseMerge(segments: readonly MergeCandidate[]): MergeCandidate[] | null {
  const singles = segments.filter((segment) => segment.blockBits === 0);
  const bytes = singles.reduce((sum, segment) => sum + segment.bytes, 0);
  if (singles.length >= maxSingles || (singles.length > 1 && bytes >= maxSingleBytes)) return singles;
  const classes = new Map<number, MergeCandidate[]>();
  for (const segment of segments) {
    if (segment.blockBits === 0 || segment.passageCount >= maxPassages) continue;
    const own = classOf(segment);
    classes.set(own, [...(classes.get(own) ?? []), segment]);
  }
  const [smallest] = [...classes.entries()]
    .filter(([, members]) => members.length >= fanIn)
    .sort(([first], [second]) => first - second);
  return smallest === undefined ? null : smallest[1];
}

/** Whether so many of the indexed passages are dead that all segments should be rewritten. */
export function isMostlyDead(indexed: number, living: number): boolean {
  return indexed - living >= minDead && indexed - living > maxDeadShare * indexed;
}
