/** What tells passages apart, of a passage that is to be stored. */
export interface PassageMark {
  /** Of all that the index and the embedder read of it: the same hash, and the stored passage may stay. */
  contentHash: string;
  /** Of its words alone: the same hash, and both say the same. */
  wordingHash: string;
}

/** A passage as stored. */
export interface KeptPassage {
  id: number;
  contentHash: string;
  wordingHash: string;
  /** The passage that is in the index for it; null when it is there itself. */
  holderId: number | null;
}

/** A document that is to be stored, and what is stored of it. */
export interface PlannedDocument {
  title: string;
  passages: readonly PassageMark[];
  stored: readonly KeptPassage[];
  /** Whether every passage has to be found by itself (other wordings belong to this document alone). */
  isAlwaysIndexed: boolean;
}

/** A passage of another document that is in the index. */
export interface Holder {
  /** Its id, or where it will be among the passages that are added. */
  at: { id: number } | { addition: number };
  title: string;
}

/** What becomes of one passage; `holder` where another is in the index for it. */
export type PassageStep =
  | { type: 'keep'; id: number; holder: Holder['at'] | null }
  | { type: 'add'; addition: number; holder: Holder['at'] | null };

export interface PassagePlan {
  /** By document, then by passage. */
  steps: PassageStep[][];
  /** How many passages are added. */
  additions: number;
  /** Ids of stored passages that the new versions do not have. */
  removed: number[];
}

/** The stored passages that stay, by their place in the new version; each stays once. */
function matchStored({ passages, stored }: PlannedDocument): (KeptPassage | null)[] {
  const byHash = new Map<string, KeptPassage[]>();
  for (const passage of stored) {
    byHash.set(passage.contentHash, [...(byHash.get(passage.contentHash) ?? []), passage]);
  }
  return passages.map(({ contentHash }) => byHash.get(contentHash)?.shift() ?? null);
}

/**
 * Whether a document's repeated passages may be left out of the index: never all of them, since then nothing would
 * be found under its title, unless the passages that stand in for them have that title too.
 */
function mayRepeat(document: PlannedDocument, holders: readonly (Holder | null)[]): boolean {
  if (document.isAlwaysIndexed) return false;
  return holders.some((holder) => holder === null || holder.title === document.title);
}

/**
 * Decides what becomes of each passage of some documents that are stored together: those that did not change stay
 * as they are, and what another document says already is not put into the index again. `holders` are passages of
 * other documents, by wording.
 */
export function planPassages(
  documents: readonly PlannedDocument[],
  holders: ReadonlyMap<string, Holder>,
): PassagePlan {
  const matches = documents.map(matchStored);
  const known = new Map(holders);
  for (const [index, document] of documents.entries()) {
    for (const kept of matches[index] ?? []) {
      if (kept === null || kept.holderId !== null || known.has(kept.wordingHash)) continue;
      known.set(kept.wordingHash, { at: { id: kept.id }, title: document.title });
    }
  }
  let additions = 0;
  const keptIds = new Set<number>();
  const steps = documents.map((document, index) => {
    const matched = matches[index] ?? [];
    const own = new Set(document.stored.map((passage) => passage.id));
    const found = document.passages.map(({ wordingHash }, place) => {
      const match = matched[place] ?? null;
      if (match !== null && match.holderId === null) return null;
      const holder = known.get(wordingHash) ?? null;
      return holder !== null && 'id' in holder.at && own.has(holder.at.id) ? null : holder;
    });
    const isSparing = mayRepeat(document, found);
    const fresh: [string, Holder][] = [];
    const planned = document.passages.map(({ wordingHash }, place): PassageStep => {
      const match = matched[place] ?? null;
      const holder = isSparing ? (found[place]?.at ?? null) : null;
      const isSame = match !== null && (match.holderId === null) === (holder === null);
      if (isSame) {
        keptIds.add(match.id);
        return { type: 'keep', id: match.id, holder };
      }
      const step: PassageStep = { type: 'add', addition: additions, holder };
      additions += 1;
      if (holder === null)
        fresh.push([wordingHash, { at: { addition: step.addition }, title: document.title }]);
      return step;
    });
    for (const [wording, holder] of fresh) if (!known.has(wording)) known.set(wording, holder);
    return planned;
  });
  const stored = documents.flatMap((document) => document.stored.map((passage) => passage.id));
  return { steps, additions, removed: stored.filter((id) => !keptIds.has(id)) };
}
