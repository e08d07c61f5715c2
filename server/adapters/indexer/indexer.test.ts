import { afterAll, describe, expect, it } from 'vitest';
import { embedText } from '../../domain/analysis/embed-text.ts';
import type { Indexer } from '../../ports.ts';
import { createInlineIndexer } from '../../services/inline-indexer.ts';
import { createIndexerThread } from './thread.ts';

const thread = createIndexerThread();
afterAll(() => thread.close());

const documents = ['Return a tent within thirty days.', 'Der Schlafsack wird gewaschen.'].map(
  (text, place) => ({
    title: `Page ${String(place)}`,
    language: place === 0 ? 'en' : 'de',
    passages: [
      { headingPath: [], text },
      { headingPath: ['More'], text: `${text} Again.` },
    ],
  }),
);

/** Packs two segments and merges them without the second passage. */
async function packAndMerge(indexer: Indexer) {
  const [first, second] = await Promise.all(documents.map((document) => indexer.pack([document])));
  if (first === undefined || second === undefined) throw new Error('Two segments were expected.');
  const infos = [
    { info: first.info, passageIds: Uint8Array.from([2, 2]) },
    { info: second.info, passageIds: Uint8Array.from([6, 2]) },
  ];
  const info = await indexer.combine(infos, [1, 3, 4]);
  const inputs = [first, second].map(({ block }, segment) => ({ segment, rows: [{ key: 0, data: block }] }));
  const range = { from: 0, to: 2 ** 48 };
  const { maps } = info;
  const blocks = await indexer.merge({ inputs, maps, range, blockBits: 1, from: 0, to: 2 });
  return { first, second, info, blocks };
}

describe('the indexing thread', () => {
  it('gives the same bytes as the computation in place', async () => {
    const own = await packAndMerge(thread);
    expect(own).toEqual(await packAndMerge(createInlineIndexer()));
    expect(own.info.passageCount).toBe(3);
  });

  it('gives the same vectors', async () => {
    const texts = ['Return a tent.', 'Wash it.'];
    expect(await thread.embed(texts, 384)).toEqual(texts.map((text) => embedText(text, 384)));
  });

  it('says what went wrong with a task, and goes on', async () => {
    const broken = { info: Uint8Array.from([1]), passageIds: new Uint8Array() };
    await expect(thread.combine([broken], [])).rejects.toThrow(/Indexing failed: .*too early/);
    expect(await thread.embed(['Still here.'], 8)).toHaveLength(1);
  });

  it('fails what it had in hand when it is closed, and takes nothing more', async () => {
    const closing = createIndexerThread();
    const pending = closing.embed(['Too late.'], 8);
    const outcome = expect(pending).rejects.toMatchObject({ code: 'unavailable' });
    await closing.close();
    await outcome;
    await expect(closing.embed(['After.'], 8)).rejects.toMatchObject({ code: 'unavailable' });
  });
});
