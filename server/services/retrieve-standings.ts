import type { FusedPassage } from '../domain/retrieval/fuse.ts';
import { readStandings, type Standings } from '../domain/retrieval/standings.ts';
import type { AlivePassage } from './retrieve-steps.ts';

/**
 * The standings of the documents behind all that was found (`fused`, best first), of which `alive` was read. What
 * should have been read and was not is deleted and does not count; what lies behind is taken to be alive.
 */
export function standingsOf(fused: readonly FusedPassage[], alive: readonly AlivePassage[]): Standings {
  const idOf = new Map(alive.map(({ found }) => [found.passageId, found.documentId]));
  const lastRead = fused.findLastIndex(({ passageId }) => idOf.has(passageId));
  // a document is known by its place in the index, where a word of it was found, else by its id
  const placeOf = new Map<number, string>();
  for (const { document, passageId } of fused) {
    const id = idOf.get(passageId);
    if (id !== undefined && document !== null) placeOf.set(id, document);
  }
  return readStandings(
    fused.flatMap((passage, rank) => {
      const id = idOf.get(passage.passageId);
      if (id === undefined && rank < lastRead) return [];
      const document =
        passage.document ?? (id === undefined ? null : (placeOf.get(id) ?? `id ${String(id)}`));
      return document === null ? [] : [{ ...passage, document }];
    }),
  );
}
