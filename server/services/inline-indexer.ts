import { createAnalyzer } from '../domain/analysis/analyze.ts';
import { combineInfos, mergePortion, packDocuments } from '../domain/retrieval/segment-work.ts';
import type { Indexer } from '../ports.ts';

/** An indexer that computes where it is called: for what has nobody waiting beside it. */
export function createInlineIndexer(): Indexer {
  const analyzer = createAnalyzer();
  return {
    pack: (documents) => Promise.resolve(packDocuments(analyzer, documents)),
    combine: (infos, livingIds) => Promise.resolve(combineInfos(infos, livingIds)),
    merge: (portion) => Promise.resolve(mergePortion(portion)),
  };
}
