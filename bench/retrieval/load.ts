import { z } from 'zod';
import { createAnalyzer } from '../../server/domain/analysis/analyze.ts';
import { keyBits } from '../../server/domain/analysis/term-key.ts';
import { chooseBlockBits, packBlocks } from '../../server/domain/retrieval/blocks.ts';
import { indexDocument } from '../../server/domain/retrieval/index-document.ts';
import { mergeBlocks, mergeInfos } from '../../server/domain/retrieval/merge.ts';
import { decodeBlock } from '../../server/domain/retrieval/postings.ts';
import { encodePassageIds, encodeSegmentInfo } from '../../server/domain/retrieval/segment.ts';
import type { NewDocument } from '../../server/domain/knowledge.ts';
import type { Database } from '../../server/ports.ts';
import { insertBlocks, insertSegment } from '../../server/store/lexical.ts';
import { insertEmbeddings } from '../../server/store/passage-index.ts';
import { benchDocument, benchVector, createRandom, passagesPerDocument } from './corpus.ts';

export interface LoadOptions {
  siteId: string;
  passages: number;
  embedderId: string;
  dimensions: number;
}

const documentsAtOnce = 250;
const vectorsAtOnce = 250;
const clusters = 2000;

async function storeRows(db: Database, siteId: string, documents: readonly NewDocument[]): Promise<number[]> {
  const rows = documents.map(({ externalId, title, passages }) => ({
    external_id: externalId,
    title,
    texts: passages.map((passage) => passage.text),
  }));
  const stored = await db.query(
    `with given as (
       select * from jsonb_to_recordset($2::jsonb) as g (external_id text, title text, texts text[])
     ), added as (
       insert into document (site_id, external_id, title, language, text, content_hash)
       select $1, external_id, title, 'en', '', external_id from given returning id, external_id
     )
     insert into passage (site_id, document_id, position, heading_path, char_start, char_end, text, content_hash)
     select $1, added.id, place - 1, '{}', 0, 0, text, ''
     from given join added using (external_id), unnest(texts) with ordinality as each (text, place)
     order by added.id, place
     returning id`,
    [siteId, JSON.stringify(rows)],
    z.object({ id: z.number() }),
  );
  return stored.map((row) => row.id).sort((first, second) => first - second);
}

/**
 * Fills a site with made-up passages, a few hundred documents a transaction: the product's own analysis, codec
 * and tables, without the ledger and the job queue around it.
 */
export async function loadCorpus(db: Database, options: LoadOptions): Promise<void> {
  const { siteId, passages, dimensions } = options;
  const analyzer = createAnalyzer();
  const random = createRandom(42);
  await db.execute('insert into site (id, name) values ($1, $1)', [siteId]);
  const total = Math.ceil(passages / passagesPerDocument);
  for (let from = 0; from < total; from += documentsAtOnce) {
    const count = Math.min(documentsAtOnce, total - from);
    const documents = Array.from({ length: count }, (_, index) => benchDocument(from + index));
    const ids = await storeRows(db, siteId, documents);
    await storeSegment(db, siteId, analyzer, documents, ids);
    for (let at = 0; at < ids.length; at += vectorsAtOnce) {
      const batch = ids.slice(at, at + vectorsAtOnce);
      const vectors = batch.map(() => benchVector(random, dimensions, clusters));
      await insertEmbeddings(db, siteId, { id: options.embedderId, dimensions }, batch, vectors);
    }
  }
}

async function storeSegment(
  db: Database,
  siteId: string,
  analyzer: ReturnType<typeof createAnalyzer>,
  documents: readonly NewDocument[],
  ids: readonly number[],
): Promise<void> {
  const parts = documents.map((document, number) => {
    const { info, block } = indexDocument(analyzer, document);
    const first = number * passagesPerDocument;
    const passageIds = Float64Array.from(ids.slice(first, first + passagesPerDocument));
    return { info: { ...info, passageIds }, block: decodeBlock(block) };
  });
  const infos = parts.map((part) => part.info);
  const { info, maps } = mergeInfos(infos, () => true);
  const inputs = parts.map(({ block }, segment) => ({ segment, block, own: new Map<number, Uint8Array>() }));
  const lists = mergeBlocks(inputs, maps, { from: 0, to: 2 ** keyBits });
  const bytes = lists.reduce((sum, list) => sum + list.bytes.length + 8, 0);
  const blockBits = chooseBlockBits(bytes);
  await db.transaction(async (tx) => {
    const segmentId = await insertSegment(tx, {
      siteId,
      documentId: null,
      state: 'live',
      passageCount: ids.length,
      bytes,
      blockBits,
      info: encodeSegmentInfo(info),
      passageIds: encodePassageIds(info.passageIds),
    });
    await insertBlocks(tx, siteId, segmentId, packBlocks(lists, blockBits, 0, 2 ** blockBits));
  });
}
