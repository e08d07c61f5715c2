import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createBuiltinEmbedder } from '../adapters/embedder/builtin.ts';
import type { NewDocument } from '../domain/knowledge.ts';
import type { Database } from '../ports.ts';
import { createTestDatabase } from '../testing/database.ts';
import { silentLogger } from '../testing/deps.ts';
import { addDocument, deleteDocument, newDocument } from '../testing/knowledge.ts';
import { createPassageIndex } from './passage-index.ts';

const count = z.object({ count: z.number() });
const index = createPassageIndex({ embedder: createBuiltinEmbedder(), logger: silentLogger });
let db: Database;

async function countRows(table: string): Promise<number> {
  const rows = await db.query(`select count(*) as count from ${table} where site_id <> $1`, [''], count);
  return rows[0]?.count ?? -1;
}

async function countAll(): Promise<Record<string, number>> {
  return {
    segments: await countRows('lexical_segment'),
    blocks: await countRows('lexical_block'),
    embeddings: await countRows('passage_embedding'),
  };
}

beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  await db.execute('delete from site where id <> $1', ['']);
  await db.execute(`insert into site (id, name) values ('shop', 'Shop'), ('other', 'Other')`);
});
afterAll(async () => {
  await db.close();
});

describe('passage index', () => {
  const tents = newDocument('tents', [
    'How to pitch a tent.',
    'Tents are green.',
    'A tent weighs two kilos.',
  ]);

  it('stores one segment with its block and one vector per passage', async () => {
    await addDocument(db, index, 'shop', tents);
    expect(await countAll()).toEqual({ segments: 1, blocks: 1, embeddings: 3 });
  });

  it('replaces what it held of a document', async () => {
    await addDocument(db, index, 'shop', tents);
    await addDocument(db, index, 'shop', newDocument('tents', ['Only one passage is left.']));
    expect(await countAll()).toEqual({ segments: 1, blocks: 1, embeddings: 1 });
  });

  it('forgets a document, and only that of the site', async () => {
    const { documentId } = await addDocument(db, index, 'shop', tents);
    await addDocument(db, index, 'other', tents);
    await deleteDocument(db, index, 'other', documentId);
    expect(await countAll()).toEqual({ segments: 2, blocks: 2, embeddings: 6 });
    await deleteDocument(db, index, 'shop', documentId);
    expect(await countAll()).toEqual({ segments: 1, blocks: 1, embeddings: 3 });
  });

  it('takes part in the transaction: a rollback leaves nothing', async () => {
    const prepared = await index.prepare(db, {
      siteId: 'shop',
      documents: [{ documentId: null, document: tents }],
    });
    const failing = db.transaction(async (tx) => {
      await addDocument({ ...tx, transaction: (work) => work(tx) }, index, 'shop', tents, prepared);
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    expect(await countAll()).toEqual({ segments: 0, blocks: 0, embeddings: 0 });
  });

  it('keeps a document without passages out of the index', async () => {
    const empty: NewDocument = newDocument('empty', []);
    await addDocument(db, index, 'shop', empty);
    expect(await countAll()).toEqual({ segments: 0, blocks: 0, embeddings: 0 });
  });
});
