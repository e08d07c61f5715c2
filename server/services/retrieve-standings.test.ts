import { expect, it } from 'vitest';
import type { FusedPassage } from '../domain/retrieval/fuse.ts';
import type { AlivePassage } from './retrieve-steps.ts';
import { standingsOf } from './retrieve-standings.ts';

const hit = (passageId: number, document: string | null, score: number): FusedPassage => ({
  passageId,
  document,
  score,
  lexicalScore: score,
  bodyScore: score,
  questionScore: score,
  cosine: null,
});

const read = (fused: FusedPassage, documentId: number): AlivePassage => ({
  fused,
  found: {
    passageId: fused.passageId,
    documentId,
    externalId: String(documentId),
    title: '',
    url: null,
    headingPath: [],
    anchor: null,
    page: null,
    language: 'en',
    text: '',
    aliases: [],
    cosine: null,
  },
});

it('reaches behind what was read: a long document may fill all of that', () => {
  const long = Array.from({ length: 12 }, (_, at) => hit(at, '0:0', 20 - at));
  const all = [...long, hit(99, '0:1', 7)];
  const alive = long.slice(0, 10).map((fused) => read(fused, 1));
  expect(standingsOf(all, alive).documents).toEqual([20, 7]);
});

it('leaves out what was deleted, as far as it is known', () => {
  const all = [hit(1, '0:0', 9), hit(2, '0:1', 8), hit(3, '0:2', 7), hit(4, '0:3', 6)];
  const alive = all.filter(({ passageId }) => passageId === 1 || passageId === 3);
  expect(
    standingsOf(
      all,
      alive.map((fused) => read(fused, fused.passageId)),
    ).documents,
  ).toEqual([9, 7, 6]);
});

it('knows the document of a passage whose vector alone was found', () => {
  const [word, near, foreign] = [hit(1, '0:0', 9), hit(2, null, 8), hit(3, null, 5)];
  const alive = [read(word, 17), read(near, 17), read(foreign, 18)];
  expect(standingsOf([word, near, foreign], alive).documents).toEqual([9, 5]);
  expect(standingsOf([word, near, foreign, hit(4, null, 1)], alive).documents).toEqual([9, 5]);
});
