import type { NewDocument, NewPassage } from '../domain/knowledge.ts';
import { planPassages, type Holder, type PassageMark, type PassagePlan } from '../domain/passage-plan.ts';
import type { IndexableDocument } from '../domain/retrieval/index-document.ts';
import { ownTitle } from '../domain/retrieval/own-title.ts';
import type { PackedSegment } from '../domain/retrieval/segment-work.ts';
import { decodeSegmentInfo, encodePassageIds } from '../domain/retrieval/segment.ts';
import type { Indexer, Queryable, Transaction } from '../ports.ts';
import { insertWholeSegment, takeDocumentSegments } from '../store/lexical.ts';
import { listHolders, promoteSuccessors, type Successor } from '../store/passage-holder.ts';
import { aliasesOf } from './passage-vectors.ts';
import {
  deletePassages,
  insertPassages,
  listStoredPassages,
  markPassages,
  movePassages,
  reservePassageIds,
  type PlacedPassage,
} from '../store/passage.ts';

/** A document that is to be stored; the id is null while it has none. */
export interface IndexedDocument {
  documentId: number | null;
  document: NewDocument;
  /** Whether it is known that nothing is stored of it yet. */
  isNew?: boolean;
}

/** What is to be done to store some documents, as things stand. */
export interface Intention {
  marks: PassageMark[][];
  plan: PassagePlan;
}

/** Looks up what is stored, and decides what becomes of each passage. */
export async function planDocuments(
  db: Queryable,
  siteId: string,
  documents: readonly IndexedDocument[],
  known: ReadonlyMap<NewDocument, PassageMark[]> = new Map(),
): Promise<Intention> {
  const marks = documents.map(({ document }) => known.get(document) ?? markPassages(document));
  const ids = documents.flatMap(({ documentId, isNew }) => (isNew === true ? [] : (documentId ?? [])));
  const stored = await listStoredPassages(db, siteId, ids);
  const wordings = [...new Set(marks.flat().map((mark) => mark.wordingHash))];
  const holders = new Map<string, Holder>();
  for (const { id, wordingHash, title } of await listHolders(db, siteId, wordings, ids)) {
    if (!holders.has(wordingHash)) holders.set(wordingHash, { at: { id }, title });
  }
  const plan = planPassages(
    documents.map(({ documentId, document }, index) => ({
      title: document.title,
      passages: marks[index] ?? [],
      stored: stored.filter((passage) => passage.documentId === documentId),
      isAlwaysIndexed: document.passages.some((passage) => aliasesOf(document, passage).length > 0),
    })),
    holders,
  );
  return { marks, plan };
}

/** Places of the passages that a plan puts into the index anew, by document. */
export function freshPlaces({ plan }: Intention): number[][] {
  return plan.steps.map((steps) =>
    steps.flatMap((step, place) => (step.type === 'add' && step.holder === null ? place : [])),
  );
}

/**
 * Stores the passages of documents as planned, after those that go were deleted. Gives them with their ids, by
 * document.
 */
export async function storePassages(
  tx: Queryable,
  siteId: string,
  documents: readonly { documentId: number; document: NewDocument }[],
  { marks, plan }: Intention,
): Promise<PlacedPassage[][]> {
  const ids = await reservePassageIds(tx, plan.additions);
  const idOf = (at: Holder['at']) => ('id' in at ? at.id : (ids[at.addition] ?? 0));
  const added: PlacedPassage[] = [];
  const moved: PlacedPassage[] = [];
  const placed = documents.map(({ documentId, document }, index) =>
    (plan.steps[index] ?? []).flatMap((step, place): PlacedPassage[] => {
      const passage = document.passages[place];
      const mark = marks[index]?.[place];
      if (passage === undefined || mark === undefined) return [];
      const id = step.type === 'keep' ? step.id : (ids[step.addition] ?? 0);
      const holderId = step.holder === null ? null : idOf(step.holder);
      const entry = { id, documentId, passage, mark, holderId };
      (step.type === 'keep' ? moved : added).push(entry);
      return [entry];
    }),
  );
  await movePassages(tx, moved);
  await insertPassages(tx, siteId, added);
  return placed;
}

/** Passages of one document that are put into a segment together, as the index reads them. */
export interface SegmentPart {
  document: IndexableDocument;
  /** Its passages as they are in the document, to tell whether two parts are the same. */
  passages: readonly Pick<NewPassage, 'headingPath' | 'text'>[];
}

/** A part whose passages have ids. */
export interface StoredPart extends SegmentPart {
  /** Null where the document has a segment of its own besides, or may have one. */
  documentId: number | null;
  passageIds: readonly number[];
}

/** The indexable part of a document: some of its passages. */
export function toPart(document: NewDocument, passages: readonly NewPassage[]): SegmentPart {
  const title = ownTitle(document.title, document.passages[0]?.headingPath ?? []);
  const { language, aliases = [] } = document;
  const read = passages.map(({ headingPath, text, aliases: own = [] }) => ({
    headingPath,
    text,
    aliases: own,
  }));
  return { document: { title, language, aliases, passages: read }, passages };
}

function successorPart(successor: Successor): StoredPart {
  const { id, title, language, firstHeadingPath, headingPath, text } = successor;
  const passages = [{ headingPath, text }];
  const document = { title: ownTitle(title, firstHeadingPath), language, passages };
  return { documentId: null, document, passages, passageIds: [id] };
}

/** A segment that was packed before its passages were stored. */
export interface PackedAhead {
  parts: readonly SegmentPart[];
  packed: PackedSegment;
}

/** Packs what is likely to be stored together, so that the transaction need not wait for it. */
export async function packAhead(indexer: Indexer, all: readonly SegmentPart[]): Promise<PackedAhead> {
  const parts = all.filter(({ passages }) => passages.length > 0);
  return { parts, packed: await indexer.pack(parts.map(({ document }) => document)) };
}

/** The same passages of the same documents in the same order. */
function isSame(left: readonly SegmentPart[], right: readonly SegmentPart[]): boolean {
  const passagesOf = (parts: readonly SegmentPart[]) => parts.map(({ passages }) => passages);
  const [ours, theirs] = [passagesOf(left), passagesOf(right)];
  return (
    ours.length === theirs.length &&
    ours.every((passages, place) => {
      const others = theirs[place] ?? [];
      return passages.length === others.length && passages.every((each, at) => each === others[at]);
    })
  );
}

/** Stores passages as one live segment; `ahead` serves where it holds just these. */
export async function writeSegment(
  tx: Queryable,
  siteId: string,
  indexer: Indexer,
  all: readonly StoredPart[],
  ahead: PackedAhead | null,
): Promise<void> {
  const parts = all.filter((part) => part.passageIds.length > 0);
  const [first, ...others] = parts;
  if (first === undefined) return;
  const isReady = ahead !== null && isSame(ahead.parts, parts);
  const packed = isReady ? ahead.packed : await indexer.pack(parts.map(({ document }) => document));
  const passageIds = parts.flatMap((part) => part.passageIds);
  const segment = {
    siteId,
    documentId: others.length === 0 ? first.documentId : null,
    passageCount: passageIds.length,
    info: packed.info,
    passageIds: encodePassageIds(passageIds),
  };
  await insertWholeSegment(tx, segment, packed.block);
}

/** Drops the segments of single documents; gives the passages that were in them. */
export async function takeOwnSegments(
  tx: Queryable,
  siteId: string,
  documentIds: readonly number[],
): Promise<Set<number>> {
  const segments = await takeDocumentSegments(tx, siteId, documentIds);
  return new Set(
    segments.flatMap(({ info, passageIds }) => [...decodeSegmentInfo(info, passageIds).passageIds]),
  );
}

/**
 * Deletes passages. Where one stands in for passages of other documents, the next of these takes its place; gives
 * what is to be put into the index for that, in the same transaction.
 */
export async function dropPassages(
  tx: Transaction,
  siteId: string,
  ids: readonly number[],
): Promise<StoredPart[]> {
  const successors = await promoteSuccessors(tx, siteId, ids);
  await deletePassages(tx, ids);
  return successors.map(successorPart);
}
