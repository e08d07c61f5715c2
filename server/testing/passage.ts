import type { RetrievedPassage } from '../domain/knowledge.ts';

/** A passage as a search gives it, of a page without a title unless `more` says otherwise. */
export function foundPassage(text: string, more: Partial<RetrievedPassage> = {}): RetrievedPassage {
  return {
    passageId: 1,
    documentId: 1,
    externalId: 'a',
    title: '',
    url: null,
    headingPath: [],
    anchor: null,
    page: null,
    language: 'en',
    text,
    score: 1,
    lexicalScore: 1,
    cosine: null,
    ...more,
  };
}
