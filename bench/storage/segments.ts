import { createAnalyzer } from '../../server/domain/analysis/analyze.ts';
import { termKey } from '../../server/domain/analysis/term-key.ts';
import { chooseBlockBits, packBlocks } from '../../server/domain/retrieval/blocks.ts';
import { planQuery } from '../../server/domain/retrieval/plan.ts';
import { encodePostings } from '../../server/domain/retrieval/postings.ts';
import { rankPassages } from '../../server/domain/retrieval/rank.ts';
import { recipe as productRecipe } from '../../server/domain/retrieval/recipe.ts';
import type { Part, PartRule } from '../../server/domain/retrieval/recipe.ts';
import { encodePassageIds, encodeSegmentInfo } from '../../server/domain/retrieval/segment.ts';
import type { Database, Queryable } from '../../server/ports.ts';
import { createLexicalReader } from '../../server/services/lexical-reader.ts';
import { insertBlocks, insertSegment } from '../../server/store/lexical.ts';
import { readSearchState } from '../../server/store/search-state.ts';
import type { CountedPassage } from './corpus.ts';
import type { Storage } from './storage.ts';

const siteId = 'storage';
const nothing = { weight: 0, functionWeight: 0 };
const { parts } = productRecipe;
/** Plain BM25 of the text, as the other storages compute it. */
const bodyParts: Record<Part, PartRule> = {
  body: { ...parts.body, weight: 1, functionWeight: 1 },
  pair: { ...parts.pair, ...nothing },
  skip: { ...parts.skip, ...nothing },
  gram: { ...parts.gram, ...nothing },
  half: { ...parts.half, ...nothing },
  title: { ...parts.title, ...nothing },
  titleHalf: { ...parts.titleHalf, ...nothing },
  questionTitle: { ...parts.questionTitle, ...nothing },
  questionTitleGram: { ...parts.questionTitleGram, ...nothing },
};
const recipe = { ...productRecipe, parts: bodyParts, gramWeightUnstemmed: 0 };

async function writeSegment(tx: Queryable, passages: readonly CountedPassage[]): Promise<void> {
  const lists = new Map<number, { ordinals: number[]; frequencies: number[] }>();
  for (const [ordinal, { counts }] of passages.entries()) {
    for (const [stem, count] of counts) {
      const key = termKey('body', stem);
      const list = lists.get(key) ?? { ordinals: [], frequencies: [] };
      list.ordinals.push(ordinal);
      list.frequencies.push(count);
      lists.set(key, list);
    }
  }
  const encoded = [...lists]
    .sort(([first], [second]) => first - second)
    .map(([key, list]) => ({ key, bytes: encodePostings(list) }));
  const bytes = encoded.reduce((sum, list) => sum + list.bytes.length + 8, 0);
  const blockBits = passages.length > 1000 ? chooseBlockBits(bytes) : 0;
  const lengths = Uint32Array.from(passages, ({ length }) => length);
  const none = new Uint32Array(passages.length);
  const document = { language: 'en', titleLength: 0, titleGramLength: 0, hasQuestionTitle: false };
  const segmentId = await insertSegment(tx, {
    siteId,
    documentId: null,
    state: 'live',
    passageCount: passages.length,
    bytes,
    blockBits,
    info: encodeSegmentInfo({
      documentOf: none,
      lengths: { body: lengths, pair: none, gram: none },
      documents: [{ ...document, passageCount: passages.length }],
    }),
    passageIds: encodePassageIds(passages.map(({ ordinal }) => ordinal)),
  });
  await insertBlocks(tx, siteId, segmentId, packBlocks(encoded, blockBits, 0, 2 ** blockBits));
}

/** The product's segments and ranking, with the lists of the text alone. */
export async function createSegmentStorage(db: Database): Promise<Storage> {
  const analyzer = createAnalyzer();
  const reader = createLexicalReader();
  const loaded: CountedPassage[] = [];
  await db.execute('insert into site (id, name) values ($1, $1)', [siteId]);
  return {
    name: 'segments, ranked in Node',
    tables: ['lexical_segment', 'lexical_block'],
    load(passages) {
      loaded.push(...passages);
      return Promise.resolve();
    },
    async finish() {
      await db.transaction((tx) => writeSegment(tx, loaded.splice(0)));
      await db.execute('vacuum analyze lexical_block');
    },
    async best({ text }) {
      const { segments: heads } = await readSearchState(db, siteId);
      const view = await reader.open(db, siteId, heads);
      const { languages, hasQuestionTitles } = view;
      const plan = planQuery(analyzer, recipe, { question: text, history: [], languages, hasQuestionTitles });
      const segments = await view.load(plan.keys);
      if (segments === null) throw new Error('A segment is missing.');
      const input = { plan, question: text, history: [], segments, recipe, limit: 5 };
      return rankPassages(input).candidates.map(({ passageId }) => passageId);
    },
    update: (passages) => db.transaction((tx) => writeSegment(tx, passages)),
  };
}
