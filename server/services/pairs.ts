import { isDeepStrictEqual } from 'node:util';
import { storedReason } from '../../ingest/ledger.ts';
import { externalIdOf, pairTask, qaPairSchema, type QaPair } from '../../ingest/pair.ts';
import type { ParsePool } from '../../ingest/parse/pool.ts';
import { toNewDocument } from '../../ingest/publish.ts';
import type { NewDocument } from '../domain/knowledge.ts';
import { AppError } from '../errors.ts';
import type { Database, Queryable } from '../ports.ts';
import type { Pair, PairUpdate } from '../protocol/http-knowledge.ts';
import { withOwnersQuestions } from '../store/document-question.ts';
import { findDocumentHash, upsertDocuments } from '../store/document.ts';
import { findPairItem, isAskedElsewhere, lockPairItem, updatePairItem } from '../store/pair-item.ts';
import { lockPassages } from '../store/passage-holder.ts';
import { finishItem } from '../store/source-item.ts';
import type { IntakeQuota } from './intake-quota.ts';
import { NotPrepared, type PassageIndex } from './passage-index.ts';

/** Where a pair stands: `locator` is its id in the list. */
export interface PairPlace {
  siteId: string;
  sourceId: string;
  locator: string;
}

/** Single pairs of lists of questions and answers. */
export interface Pairs {
  /** @throws AppError `not-found`. */
  get(place: PairPlace): Promise<Pair>;
  /**
   * Changes a pair where it stands; what is left out stays. The next search knows it and nothing of the former text,
   * and later readings of the list read it.
   * @throws AppError `not-found`; `conflict` while it is being read, when it was changed meanwhile, or when another
   * pair of the list has the question; `invalid-request` for an answer without text; those of the embedder.
   */
  update(place: PairPlace, change: PairUpdate): Promise<Pair>;
}

interface PairsDeps {
  db: Database;
  index: PassageIndex;
  parser: Pick<ParsePool, 'parse'>;
  quota: IntakeQuota;
}

/** A pair with its row in the ledger. */
interface KeptPair {
  itemId: number;
  isOpen: boolean;
  pair: QaPair;
}

async function getKept(db: Queryable, place: PairPlace): Promise<KeptPair> {
  const isId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(place.sourceId);
  const item = isId ? await findPairItem(db, place) : null;
  if (item === null) {
    throw new AppError('not-found', 'There is no such question in this list.', {
      fix: 'List the items of the source: the id of each is the question that it was first written with.',
    });
  }
  const isOpen = item.state === 'found' || item.state === 'fetched';
  return { itemId: item.id, isOpen, pair: qaPairSchema.parse(item.payload) };
}

async function assertFree(db: Queryable, place: PairPlace, kept: KeptPair, question: string): Promise<void> {
  if (kept.isOpen) {
    throw new AppError('conflict', 'This pair still waits to be read.', {
      fix: 'Try again when the reading of its list is over, or cancel the reading.',
    });
  }
  if (await isAskedElsewhere(db, place.sourceId, kept.itemId, question)) {
    throw new AppError('conflict', 'Another pair of this list has that question.', {
      fix: 'Change that pair, or word the question otherwise.',
    });
  }
}

async function readDocument(
  parser: PairsDeps['parser'],
  place: PairPlace,
  pair: QaPair,
): Promise<NewDocument> {
  const parsed = await parser.parse(pairTask(pair, place.locator));
  if (parsed.kind === 'failure') throw new AppError('invalid-request', parsed.message, { fix: parsed.fix });
  if (parsed.kind !== 'document' || parsed.passages.length === 0) {
    throw new AppError('invalid-request', 'There is no text in the answer.', {
      fix: 'Write what a visitor is to read.',
    });
  }
  const externalId = externalIdOf(place.sourceId, 'qa', place.locator);
  return toNewDocument(parsed, externalId, pair.url, pair.alternatives);
}

const sizeOf = (pair: QaPair): number => Buffer.byteLength(JSON.stringify(pair));

/** Publishes the pair in place of `kept` in one transaction: its row, its document, its passages, every index. */
async function store(
  { db, index, quota }: PairsDeps,
  place: PairPlace,
  change: { kept: KeptPair; pair: QaPair; document: NewDocument },
  isSure: boolean,
): Promise<void> {
  const { siteId, sourceId } = place;
  const { kept, pair } = change;
  const documents = await withOwnersQuestions(db, siteId, [change.document]);
  const known = await findDocumentHash(db, siteId, change.document.externalId);
  const given = documents.map((document) => ({ document, documentId: known?.id ?? null }));
  const prepared = await index.prepare(db, { siteId, documents: given, isSure });
  await db.transaction(async (tx) => {
    // In the order of those who read and delete: source, passages, row.
    await quota.take(tx, siteId, sourceId, sizeOf(pair) - sizeOf(kept.pair));
    await lockPassages(tx, siteId);
    await lockPairItem(tx, kept.itemId);
    const current = await getKept(tx, place);
    await assertFree(tx, place, current, pair.question);
    if (!isDeepStrictEqual(current.pair, kept.pair)) {
      throw new AppError('conflict', 'Somebody else changed this pair at the same time.', {
        fix: 'Look at what it says now, then change it again.',
      });
    }
    await updatePairItem(tx, kept.itemId, pair);
    const asked = await withOwnersQuestions(tx, siteId, [change.document]);
    const rows = await upsertDocuments(tx, siteId, sourceId, asked);
    for (const document of asked) {
      const row = rows.get(document.externalId);
      if (row === undefined) continue;
      const [counts] = await index.write(tx, siteId, [{ ...row, documentId: row.id, document }], prepared);
      const reason = ['It was changed by hand.', ...(counts ? storedReason(counts, row.isNew) : [])].join(
        ' ',
      );
      await finishItem(tx, kept.itemId, { state: 'indexed', reason, documentId: row.id });
    }
  });
  await index.merge(db, siteId);
}

const toView = ({ locator }: PairPlace, pair: QaPair): Pair => ({ id: locator, ...pair });

/** The use cases of single pairs. */
export function createPairs(deps: PairsDeps): Pairs {
  const { db, parser } = deps;
  return {
    get: async (place) => toView(place, (await getKept(db, place)).pair),
    async update(place, change) {
      const kept = await getKept(db, place);
      const { question, answer, alternatives, url } = change;
      const pair: QaPair = {
        question: question ?? kept.pair.question,
        answer: answer ?? kept.pair.answer,
        alternatives: alternatives ?? kept.pair.alternatives,
        url: url === undefined ? kept.pair.url : url,
      };
      await assertFree(db, place, kept, pair.question);
      const document = await readDocument(parser, place, pair);
      try {
        await store(deps, place, { kept, pair, document }, false);
      } catch (error) {
        if (!(error instanceof NotPrepared)) throw error;
        await store(deps, place, { kept, pair, document }, true);
      }
      return toView(place, pair);
    },
  };
}
