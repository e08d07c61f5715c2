import { expect, it } from 'vitest';
import { describeMove } from './reranking.ts';

const passage = {
  documentId: 'delivery',
  title: 'Delivery',
  url: null,
  text: 'Two days.',
  score: 9.5,
  headingPath: [],
  lexicalScore: 6,
  cosine: null,
};

it('says from which place and score a reranker moved a passage', () => {
  const reranked = { placeBefore: 3, scoreBefore: 6.125, relevance: 0.5 };
  expect(describeMove({ ...passage, reranked }, 1)).toBe(
    'From place 3 (score 6.13) to 1 (9.50) · reranker 0.50',
  );
  expect(describeMove({ ...passage, reranked }, 3)).toBe('Stayed in place 3 · reranker 0.50');
});

it('says nothing of a passage that no reranker read', () => {
  expect(describeMove(passage, 1)).toBeUndefined();
});
