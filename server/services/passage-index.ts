import { createAnalyzer } from '../domain/analysis/analyze.ts';
import type { NewDocument, NewPassage } from '../domain/knowledge.ts';
import { indexDocument } from '../domain/retrieval/index-document.ts';
import type { IndexedDocument } from '../domain/retrieval/index-document.ts';
import { ownTitle } from '../domain/retrieval/own-title.ts';
import { encodePassageIds, encodeSegmentInfo } from '../domain/retrieval/segment.ts';
import { AppError, errorMessage } from '../errors.ts';
import type { Database, Embedder, Logger, Transaction } from '../ports.ts';
import { deleteDocumentSegment, insertBlocks, insertSegment } from '../store/lexical.ts';
import { createAnnIndex, hasAnnIndex, maxAnnDimensions } from '../store/passage-ann.ts';
import { countPassages } from '../store/lexical-merge.ts';
import { isBuiltin, maxExactPassages } from './dense-policy.ts';
import { mergeSegments } from './segment-merge.ts';
import { deleteDocumentEmbeddings, insertEmbeddings } from '../store/passage-index.ts';

/** A document, analysed and embedded; only `write` looks inside. */
export interface PreparedDocument {
  readonly lexical: IndexedDocument;
  readonly embedderId: string;
  /** One per passage. */
  readonly vectors: readonly Float32Array[];
}

export interface IndexedPassages {
  siteId: string;
  documentId: number;
  /** Ids of the stored passages, in the order of the prepared document's passages. */
  passageIds: readonly number[];
  prepared: PreparedDocument;
}

export interface PassageIndex {
  /**
   * Analyses and embeds a document; no database, may take long (the embedder may be a remote model).
   * @throws AppError `model-unavailable` or `embedding-invalid` from the embedder.
   */
  prepare(document: NewDocument, signal?: AbortSignal): Promise<PreparedDocument>;
  /**
   * Makes a document findable, inside the transaction that stores its passages, and replaces whatever the
   * index held of it. Passages whose text changed must have got new ids: an id stands for one text for ever.
   */
  write(tx: Transaction, passages: IndexedPassages): Promise<void>;
  /**
   * Forgets a document, inside the transaction that deletes its passages' rows: with the commit it is found
   * nowhere any more, on no instance.
   */
  remove(tx: Transaction, document: { siteId: string; documentId: number }): Promise<void>;
  /**
   * Merges what was published one by one, where enough has gathered. Call it after each publishing, outside the
   * transaction: it costs one short query when nothing is due. Search is right with or without it, only slower
   * the more is left unmerged; so a failure is logged and left to the next call.
   * @throws the signal's reason
   */
  merge(db: Database, siteId: string, signal?: AbortSignal): Promise<void>;
}

/** What the embedder reads of a passage: the page's own title and the last heading give a short text its subject. */
export function embeddingText(pageTitle: string, passage: Pick<NewPassage, 'headingPath' | 'text'>): string {
  const title = ownTitle(pageTitle, passage.headingPath);
  const heading = passage.headingPath.at(-1) ?? '';
  return [title, heading === title ? '' : heading, passage.text].filter((part) => part !== '').join('\n');
}

export function createPassageIndex(deps: { embedder: Embedder; logger: Logger }): PassageIndex {
  const analyzer = createAnalyzer();
  const { embedder } = deps;

  async function prepare(document: NewDocument, signal?: AbortSignal): Promise<PreparedDocument> {
    const texts = document.passages.map((passage) => embeddingText(document.title, passage));
    const vectors = texts.length === 0 ? [] : await embedder.embed(texts, 'passage', signal);
    if (vectors.length !== texts.length) {
      throw new AppError('embedding-invalid', 'The embedder gave a wrong number of vectors.');
    }
    const title = ownTitle(document.title, document.passages[0]?.headingPath ?? []);
    const lexical = indexDocument(analyzer, { ...document, title });
    return { lexical, embedderId: embedder.id, vectors };
  }

  async function write(tx: Transaction, passages: IndexedPassages): Promise<void> {
    const { siteId, documentId, passageIds, prepared } = passages;
    if (passageIds.length !== prepared.vectors.length) {
      throw new AppError('internal', 'Passages and their ids do not match.');
    }
    await remove(tx, passages);
    if (passageIds.length === 0) return;
    const segmentId = await insertSegment(tx, {
      siteId,
      documentId,
      state: 'live',
      passageCount: passageIds.length,
      bytes: prepared.lexical.block.length,
      blockBits: 0,
      info: encodeSegmentInfo(prepared.lexical.info),
      passageIds: encodePassageIds(passageIds),
    });
    await insertBlocks(tx, siteId, segmentId, [{ key: 0, data: prepared.lexical.block }]);
    await insertEmbeddings(tx, siteId, prepared.embedderId, passageIds, prepared.vectors);
  }

  async function remove(tx: Transaction, document: { siteId: string; documentId: number }): Promise<void> {
    await deleteDocumentSegment(tx, document.siteId, document.documentId);
    await deleteDocumentEmbeddings(tx, document.siteId, document.documentId);
  }

  const merging = new Set<string>();

  async function merge(db: Database, siteId: string, signal?: AbortSignal): Promise<void> {
    if (merging.has(siteId)) return;
    merging.add(siteId);
    try {
      const merges = await mergeSegments({ db, logger: deps.logger }, siteId, signal);
      if (merges > 0) await ensureAnnIndex(db, embedder, siteId);
    } catch (error) {
      signal?.throwIfAborted();
      deps.logger.warn('index-merge-failed', { siteId, reason: errorMessage(error) });
    } finally {
      merging.delete(siteId);
    }
  }

  return { prepare, write, remove, merge };
}

/** Builds the approximate index of the vectors once a site has outgrown exact scans. */
async function ensureAnnIndex(db: Database, embedder: Embedder, siteId: string): Promise<void> {
  // PGlite takes some 7 ms per vector to build one; a knowledge base that needs it needs PostgreSQL.
  if (db.kind !== 'postgres' || isBuiltin(embedder) || embedder.dimensions > maxAnnDimensions) return;
  const space = { embedderId: embedder.id, dimensions: embedder.dimensions };
  if ((await countPassages(db, siteId)) <= maxExactPassages || (await hasAnnIndex(db, space))) return;
  await createAnnIndex(db, space);
}
