import { chunk, defaultChunkOptions, type ChunkOptions } from '../ingest/chunk.ts';
import { extractHtml } from '../ingest/extract/html.ts';
import { extractText } from '../ingest/extract/text.ts';
import type { Analyzer } from '../server/domain/analysis/analyze.ts';
import { keyBits } from '../server/domain/analysis/term-key.ts';
import { indexDocument } from '../server/domain/retrieval/index-document.ts';
import { countFigures } from '../server/domain/retrieval/figures.ts';
import { ownTitle } from '../server/domain/retrieval/own-title.ts';
import { mergeBlocks, mergeInfos } from '../server/domain/retrieval/merge.ts';
import { decodeBlock } from '../server/domain/retrieval/postings.ts';
import { sizeFor } from '../server/domain/retrieval/score.ts';
import type { SearchableSegment } from '../server/domain/retrieval/score.ts';
import { keptList } from '../server/domain/retrieval/term-list.ts';
import type { TermList } from '../server/domain/retrieval/term-list.ts';
import type { NewPassage } from '../server/domain/knowledge.ts';
import type { CorpusRow } from './data.ts';

export interface MemoryPassage extends NewPassage {
  documentId: string;
  title: string;
  language: string | null;
}

/** A corpus as one segment in memory: the product's own analysis, index and merge, without a database. */
export interface MemoryIndex {
  segments: SearchableSegment[];
  /** By passage id. */
  passages: MemoryPassage[];
  languages: (string | null)[];
}

/** A row's passages, extracted and cut as the pipeline does it. */
export async function chunkText(
  row: CorpusRow,
  options: ChunkOptions = defaultChunkOptions,
): Promise<NewPassage[]> {
  const { blocks } = row.ownPage === undefined ? extractText(row.text) : extractHtml(row.ownPage, null);
  const { passages } = await chunk(blocks, row.title, options);
  return passages;
}

export async function buildMemoryIndex(
  analyzer: Analyzer,
  corpus: readonly CorpusRow[],
  options: ChunkOptions = defaultChunkOptions,
): Promise<MemoryIndex> {
  const passages: MemoryPassage[] = [];
  const parts = [];
  for (const row of corpus) {
    const language = row.lang ?? 'en';
    const own = await chunkText(row, options);
    if (own.length === 0) continue;
    const title = ownTitle(row.title, own[0]?.headingPath ?? []);
    const { info, block } = indexDocument(analyzer, { title, language, passages: own });
    const passageIds = Float64Array.from(own, (_, index) => passages.length + index);
    passages.push(...own.map((passage) => ({ ...passage, documentId: row.id, title: row.title, language })));
    parts.push({ info: { ...info, passageIds }, block: decodeBlock(block) });
  }
  const { info, maps } = mergeInfos(
    parts.map((part) => part.info),
    () => true,
  );
  const lists = mergeBlocks(
    parts.map((part, segment) => ({ segment, block: part.block, own: new Map() })),
    maps,
    { from: 0, to: 2 ** keyBits },
  );
  const encoded = new Map(lists.map((list) => [list.key, list.bytes]));
  const decoded = new Map<number, TermList | null>();
  const postings = (key: number): TermList | null => {
    const known = decoded.get(key);
    if (known !== undefined) return known;
    const bytes = encoded.get(key);
    const list = bytes === undefined ? null : keptList(bytes, 0, bytes.length, sizeFor(info, key));
    decoded.set(key, list);
    return list;
  };
  const languages = [...new Set(corpus.map((row) => row.lang ?? 'en'))];
  return { segments: [{ info, figures: countFigures(info), postings }], passages, languages };
}
