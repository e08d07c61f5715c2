import { createAnalyzer, type Analyzer } from '../domain/analysis/analyze.ts';
import type { NewDocument } from '../domain/knowledge.ts';
import { AppError, errorMessage } from '../errors.ts';
import type { Database, Embedder, Logger, Queryable, Transaction } from '../ports.ts';
import { forgetVectors } from '../store/embedding-cache.ts';
import { lockPassages } from '../store/passage-holder.ts';
import { insertEmbeddings } from '../store/passage-index.ts';
import { listStoredPassages, type PlacedPassage } from '../store/passage.ts';
import { ensureAnnIndex } from './ann-policy.ts';
import { isBuiltin } from './dense-policy.ts';
import { embeddingText, embedPassages, textKey, type Vectors } from './passage-vectors.ts';
import {
  dropPassages,
  freshPlaces,
  planDocuments,
  storePassages,
  takeOwnSegments,
  toPart,
  writeSegment,
  type IndexedDocument,
} from './passage-write.ts';
import { mergeSegments } from './segment-merge.ts';

/** The vectors that some documents need as things stood; only `write` looks inside. */
export interface PreparedVectors {
  readonly vectors: Vectors;
}

/** A document whose row is stored. */
export interface DocumentRow {
  documentId: number;
  document: NewDocument;
}

export interface DocumentsToPrepare {
  siteId: string;
  documents: readonly IndexedDocument[];
  /** Embeds every passage, so that `write` lacks nothing whatever happens in between. */
  isSure?: boolean;
}

/** What storing a document came to. */
export interface StoredDocument {
  passageIds: number[];
  /** Passages that the version before did not have. */
  added: number;
  /** Passages that are found through another document, which says the same. */
  repeated: number;
}

/** Thrown by `write` when things have changed since `prepare`; nothing was written. Prepare anew. */
export class NotPrepared extends AppError {
  constructor() {
    super('conflict', 'The document was changed by another reader meanwhile.');
    this.name = 'NotPrepared';
  }
}

export interface PassageIndex {
  /**
   * Embeds what is new in some documents; may take long (the embedder may be a remote model), so call it outside of
   * a transaction.
   * @throws AppError `model-unavailable` or `embedding-invalid` from the embedder.
   */
  prepare(db: Queryable, documents: DocumentsToPrepare, signal?: AbortSignal): Promise<PreparedVectors>;
  /**
   * Stores the passages of documents whose rows are there, in place of those they had, and makes them findable:
   * all in the caller's transaction. Passages that did not change keep their ids, their vectors and their place in
   * the index; an id stands for one text for ever.
   * @throws NotPrepared
   */
  write(
    tx: Transaction,
    siteId: string,
    documents: readonly DocumentRow[],
    prepared: PreparedVectors,
  ): Promise<StoredDocument[]>;
  /**
   * Forgets a document and deletes its passages: with the commit they are found nowhere any more, on no instance;
   * and what other documents say too is found through those.
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

function vectorsOf(
  document: NewDocument,
  passages: readonly PlacedPassage[],
  vectors: Vectors,
): { keys: string[]; found: Float32Array[] } {
  const texts = passages.map(({ passage }) => embeddingText(document.title, passage));
  const found = texts.flatMap((text) => vectors.get(text) ?? []);
  if (found.length < texts.length) throw new NotPrepared();
  return { keys: texts.map(textKey), found };
}

interface Deps {
  embedder: Embedder;
  analyzer: Analyzer;
}

async function prepare(
  embedder: Embedder,
  db: Queryable,
  { siteId, documents, isSure = false }: DocumentsToPrepare,
  signal?: AbortSignal,
): Promise<PreparedVectors> {
  const places = isSure ? null : freshPlaces(await planDocuments(db, siteId, documents));
  const texts = documents.flatMap(({ document }, index) =>
    document.passages
      .filter((_, place) => places === null || places[index]?.includes(place))
      .map((passage) => embeddingText(document.title, passage)),
  );
  return { vectors: await embedPassages(db, embedder, texts, signal) };
}

async function writeVectors(
  tx: Transaction,
  { siteId, embedder }: { siteId: string; embedder: Embedder },
  fresh: readonly { document: NewDocument; passages: readonly PlacedPassage[] }[],
  { vectors }: PreparedVectors,
): Promise<void> {
  const found = fresh.map(({ document, passages }) => vectorsOf(document, passages, vectors));
  const ids = fresh.flatMap(({ passages }) => passages.map(({ id }) => id));
  const all = found.flatMap((each) => each.found);
  await insertEmbeddings(tx, siteId, embedder, ids, all);
  if (ids.length === 0 || isBuiltin(embedder)) return;
  const keys = found.flatMap((each) => each.keys);
  await forgetVectors(tx, embedder.id, keys);
}

async function write(
  { embedder, analyzer }: Deps,
  tx: Transaction,
  { siteId, documents }: { siteId: string; documents: readonly DocumentRow[] },
  prepared: PreparedVectors,
): Promise<StoredDocument[]> {
  await lockPassages(tx, siteId);
  const intention = await planDocuments(tx, siteId, documents);
  const ids = documents.map(({ documentId }) => documentId);
  const inOwn = await takeOwnSegments(tx, siteId, ids);
  const successors = await dropPassages(tx, siteId, intention.plan.removed);
  const placed = await storePassages(tx, siteId, documents, intention);
  const places = freshPlaces(intention).map((own) => new Set(own));
  const fresh = documents.map(({ document }, index) => ({
    document,
    passages: (placed[index] ?? []).filter((_, place) => places[index]?.has(place)),
  }));
  await writeVectors(tx, { siteId, embedder }, fresh, prepared);
  const parts = documents.map((document, index) => {
    const isNew = new Set(fresh[index]?.passages);
    const passages = (placed[index] ?? []).filter(
      (entry) => isNew.has(entry) || (entry.holderId === null && inOwn.has(entry.id)),
    );
    return toPart(document, passages);
  });
  await writeSegment(tx, siteId, analyzer, [...parts, ...successors]);
  return documents.map((_, index) => ({
    passageIds: (placed[index] ?? []).map(({ id }) => id),
    added: (intention.plan.steps[index] ?? []).filter(({ type }) => type === 'add').length,
    repeated: (placed[index] ?? []).filter(({ holderId }) => holderId !== null).length,
  }));
}

export function createPassageIndex(deps: { embedder: Embedder; logger: Logger }): PassageIndex {
  const analyzer = createAnalyzer();
  const { embedder, logger } = deps;
  const merging = new Set<string>();

  return {
    prepare: (db, documents, signal) => prepare(embedder, db, documents, signal),
    write: (tx, siteId, documents, prepared) =>
      write({ embedder, analyzer }, tx, { siteId, documents }, prepared),
    async remove(tx, { siteId, documentId }) {
      await lockPassages(tx, siteId);
      const stored = await listStoredPassages(tx, siteId, [documentId]);
      await takeOwnSegments(tx, siteId, [documentId]);
      const ids = stored.map((passage) => passage.id);
      await writeSegment(tx, siteId, analyzer, await dropPassages(tx, siteId, ids));
    },
    async merge(db, siteId, signal) {
      if (merging.has(siteId)) return;
      merging.add(siteId);
      try {
        const merges = await mergeSegments({ db, logger }, siteId, signal);
        if (merges > 0) await ensureAnnIndex(db, embedder, siteId);
      } catch (error) {
        signal?.throwIfAborted();
        logger.warn('index-merge-failed', { siteId, reason: errorMessage(error) });
      } finally {
        merging.delete(siteId);
      }
    },
  };
}
