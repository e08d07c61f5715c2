import type { IndexableDocument } from '../../domain/retrieval/index-document.ts';
import type { PackedBlock } from '../../domain/retrieval/blocks.ts';
import type {
  CombinedInfo,
  MergePortion,
  PackedInfo,
  PackedSegment,
} from '../../domain/retrieval/segment-work.ts';

/** What the main thread may ask of the indexing thread; every request gets one response. */
export type IndexerRequest = { id: number } & IndexerTask;

/** The computations themselves. */
export type IndexerTask =
  | { type: 'pack'; documents: readonly IndexableDocument[] }
  | { type: 'combine'; infos: readonly PackedInfo[]; livingIds: readonly number[] }
  | { type: 'merge'; portion: MergePortion }
  | { type: 'embed'; texts: readonly string[]; dimensions: number };

/** What a task comes to. */
export type IndexerResult =
  | { type: 'packed'; segment: PackedSegment }
  | { type: 'combined'; info: CombinedInfo }
  | { type: 'merged'; blocks: PackedBlock[] }
  | { type: 'embedded'; vectors: Float32Array[] };

/** The answer to the request of that id. */
export type IndexerResponse = { id: number } & (IndexerResult | { type: 'failed'; message: string });
