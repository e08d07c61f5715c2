import type { NewDocument, NewPassage } from '../domain/knowledge.ts';
import type { PassageMark } from '../domain/passage-plan.ts';
import { AppError, errorMessage } from '../errors.ts';
import type { Database, Embedder, Indexer, Logger, Queryable, Transaction } from '../ports.ts';
import { forgetVectors } from '../store/embedding-cache.ts';
import { lockPassages } from '../store/passage-holder.ts';
import { insertEmbeddings } from '../store/passage-index.ts';
import { listStoredPassages, type PlacedPassage } from '../store/passage.ts';
import { ensureAnnIndex } from './ann-policy.ts';
import { isBuiltin } from './dense-policy.ts';
import { createInlineIndexer } from './inline-indexer.ts';
import { aliasesOf, embeddingText, embedPassages, textKey, type Vectors } from './passage-vectors.ts';
import {
  dropPassages,
  freshPlaces,
  packAhead,
  planDocuments,
  storePassages,
  takeOwnSegments,
  toPart,
  writeSegment,
  type IndexedDocument,
  type PackedAhead,
} from './passage-write.ts';
import { mergeSegments } from './segment-merge.ts';

/** What some documents need as things stood, made before the transaction; only `write` looks inside. */
export interface PreparedDocuments {
  readonly vectors: Vectors;
  readonly marks: ReadonlyMap<NewDocument, PassageMark[]>;
  /** Null where it was not worth while. */
  readonly segment: PackedAhead | null;
}

/** A document whose row is stored. */
export interface DocumentRow {
  documentId: number;
  document: NewDocument;
  /** Whether the row was made in this transaction, so that nothing is stored of it yet. */
  isNew: boolean;
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
   * Embeds what is new in some documents and packs it for the text index; may take long (the embedder may be a
   * remote model), so call it outside of a transaction.
   * @throws AppError `model-unavailable` or `embedding-invalid` from the embedder.
   */
  prepare(db: Queryable, documents: DocumentsToPrepare, signal?: AbortSignal): Promise<PreparedDocuments>;
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
    prepared: PreparedDocuments,
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
): { texts: string[]; found: Float32Array[] } {
  const texts = passages.map(({ passage }) =>
    embeddingText(document.title, passage, aliasesOf(document, passage)),
  );
  const found = texts.flatMap((text) => vectors.get(text) ?? []);
  if (found.length < texts.length) throw new NotPrepared();
  return { texts, found };
}

interface Deps {
  embedder: Embedder;
  indexer: Indexer;
}

async function prepare(
  { embedder, indexer }: Deps,
  db: Queryable,
  { siteId, documents, isSure = false }: DocumentsToPrepare,
  signal?: AbortSignal,
): Promise<PreparedDocuments> {
  const intention = isSure ? null : await planDocuments(db, siteId, documents);
  const places = intention === null ? null : freshPlaces(intention);
  const fresh = documents.map(({ document }, index) => ({
    document,
    passages: document.passages.filter((_, place) => places === null || places[index]?.includes(place)),
  }));
  const texts = fresh.flatMap(({ document, passages }) =>
    passages.map((passage) => embeddingText(document.title, passage, aliasesOf(document, passage))),
  );
  const parts = fresh.map(({ document, passages }) => toPart(document, passages));
  const [vectors, segment] = await Promise.all([
    embedPassages(db, embedder, texts, signal),
    isSure || texts.length === 0 ? null : packAhead(indexer, parts),
  ]);
  const marks = documents.map(({ document }, index) => [document, intention?.marks[index] ?? []] as const);
  return { vectors, segment, marks: new Map(intention === null ? [] : marks) };
}

async function writeVectors(
  tx: Transaction,
  { siteId, embedder }: { siteId: string; embedder: Embedder },
  fresh: readonly { document: NewDocument; passages: readonly PlacedPassage[] }[],
  { vectors }: PreparedDocuments,
): Promise<void> {
  const found = fresh.map(({ document, passages }) => vectorsOf(document, passages, vectors));
  const ids = fresh.flatMap(({ passages }) => passages.map(({ id }) => id));
  const all = found.flatMap((each) => each.found);
  await insertEmbeddings(tx, siteId, embedder, ids, all);
  if (ids.length === 0 || isBuiltin(embedder)) return;
  const texts = found.flatMap((each) => each.texts);
  await forgetVectors(tx, embedder.id, texts.map(textKey));
}

async function write(
  { embedder, indexer }: Deps,
  tx: Transaction,
  { siteId, documents }: { siteId: string; documents: readonly DocumentRow[] },
  prepared: PreparedDocuments,
): Promise<StoredDocument[]> {
  await lockPassages(tx, siteId);
  const intention = await planDocuments(tx, siteId, documents, prepared.marks);
  const ids = documents.flatMap(({ documentId, isNew }) => (isNew ? [] : documentId));
  const inOwn = await takeOwnSegments(tx, siteId, ids);
  const successors = await dropPassages(tx, siteId, intention.plan.removed);
  const placed = await storePassages(tx, siteId, documents, intention);
  const places = freshPlaces(intention).map((own) => new Set(own));
  const fresh = documents.map(({ document }, index) => ({
    document,
    passages: (placed[index] ?? []).filter((_, place) => places[index]?.has(place)),
  }));
  await writeVectors(tx, { siteId, embedder }, fresh, prepared);
  const parts = documents.map(({ documentId, document }, index) => {
    const isNew = new Set(fresh[index]?.passages);
    const entries = (placed[index] ?? []).filter(
      (entry) => isNew.has(entry) || (entry.holderId === null && inOwn.has(entry.id)),
    );
    const passages = entries.map(({ passage }): NewPassage => passage);
    return { ...toPart(document, passages), documentId, passageIds: entries.map(({ id }) => id) };
  });
  await writeSegment(tx, siteId, indexer, [...parts, ...successors], prepared.segment);
  return documents.map((_, index) => ({
    passageIds: (placed[index] ?? []).map(({ id }) => id),
    added: (intention.plan.steps[index] ?? []).filter(({ type }) => type === 'add').length,
    repeated: (placed[index] ?? []).filter(({ holderId }) => holderId !== null).length,
  }));
}

/** Keeps what search finds; without an `indexer` it computes in the caller's thread. */
export function createPassageIndex(deps: {
  embedder: Embedder;
  indexer?: Indexer;
  logger: Logger;
}): PassageIndex {
  const { embedder, indexer = createInlineIndexer(), logger } = deps;
  const merging = new Set<string>();

  return {
    prepare: (db, documents, signal) => prepare({ embedder, indexer }, db, documents, signal),
    write: (tx, siteId, documents, prepared) =>
      write({ embedder, indexer }, tx, { siteId, documents }, prepared),
    async remove(tx, { siteId, documentId }) {
      await lockPassages(tx, siteId);
      const stored = await listStoredPassages(tx, siteId, [documentId]);
      await takeOwnSegments(tx, siteId, [documentId]);
      const ids = stored.map((passage) => passage.id);
      await writeSegment(tx, siteId, indexer, await dropPassages(tx, siteId, ids), null);
    },
    async merge(db, siteId, signal) {
      if (merging.has(siteId)) return;
      merging.add(siteId);
      try {
        const merges = await mergeSegments({ db, indexer, logger }, siteId, signal);
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
