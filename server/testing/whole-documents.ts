import { z } from 'zod';
import { decodeSegmentInfo } from '../domain/retrieval/segment.ts';
import type { Database } from '../ports.ts';

const count = z.object({ n: z.number() });
const packed = z.instanceof(Uint8Array);

/** What must never be there, each as a statement that counts it. */
const orphans: Readonly<Record<string, string>> = {
  'passages without a document':
    'select count(*) as n from passage where not exists (select 1 from document where id = document_id)',
  'documents without passages':
    'select count(*) as n from document where not exists (select 1 from passage where document_id = document.id)',
  'passages whose text is not in their document': `select count(*) as n from passage join document on document.id = document_id
     where substring(document.text from char_start + 1 for char_end - char_start) <> passage.text`,
  'vectors without a passage':
    'select count(*) as n from passage_embedding where not exists (select 1 from passage where id = passage_id)',
  'indexed passages without a vector': `select count(*) as n from passage where holder_id is null
     and not exists (select 1 from passage_embedding where passage_id = passage.id)`,
  'passages that others are to stand in for and do not': `select count(*) as n from passage where holder_id is not null
     and not exists (select 1 from passage holder where holder.id = passage.holder_id and holder.holder_id is null)`,
  'segments of a document that is gone': `select count(*) as n from lexical_segment where document_id is not null
     and not exists (select 1 from document where id = document_id)`,
  'blocks without a segment':
    'select count(*) as n from lexical_block where not exists (select 1 from lexical_segment where id = segment_id)',
  'empty segments':
    'select count(*) as n from lexical_segment where document_id is null and passage_count = 0',
  'rows of the ledger that say indexed without a document': `select count(*) as n from source_item
     where state in ('indexed', 'unchanged') and document_id is null`,
  'documents without a row of the ledger': `select count(*) as n from document where source_id is not null
     and not exists (select 1 from source_item item where item.source_id = document.source_id
       and item.document_id = document.id)`,
  'bytes of files that have been read': `select count(*) as n from source_file join source_item item on item.id = item_id
     where item.state not in ('found', 'fetched')`,
};

/** Passages that stand in no live segment, or in several: they are found never, or twice. */
async function misplaced(db: Database): Promise<number> {
  const segments = await db.query(
    `select info, passage_ids as ids from lexical_segment where state = 'live'`,
    [],
    z.object({ info: packed, ids: packed }),
  );
  const places = new Map<number, number>();
  for (const { info, ids } of segments) {
    for (const id of decodeSegmentInfo(info, ids).passageIds) places.set(id, (places.get(id) ?? 0) + 1);
  }
  const passages = await db.query('select id as n from passage where holder_id is null', [], count);
  return passages.filter(({ n }) => places.get(n) !== 1).length;
}

/** Everything in a database that is half of something, in words; empty when each document is whole. */
export async function findHalves(db: Database): Promise<string[]> {
  const found: string[] = [];
  for (const [what, sql] of Object.entries(orphans)) {
    const [row] = await db.query(sql, [], count);
    if (row === undefined || row.n > 0) found.push(`${String(row?.n)} ${what}`);
  }
  const lost = await misplaced(db);
  if (lost > 0) found.push(`${String(lost)} passages that stand in no live segment, or in several`);
  return found;
}
