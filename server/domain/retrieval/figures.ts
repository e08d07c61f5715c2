import type { SegmentInfo } from './segment.ts';

export type LengthField = 'body' | 'pair' | 'gram' | 'title' | 'titleGram';

/** What every search asks of a segment, counted once: a segment never changes. */
export interface SegmentFigures {
  /** Sums of the lengths of its passages (body, pair, gram) and documents (titles). */
  sums: Readonly<Record<LengthField, number>>;
  /** By document. */
  titleLengths: Uint32Array;
  titleGramLengths: Uint32Array;
  /** Whether any of its titles is a question; without one their lists need not be read. */
  hasQuestionTitles: boolean;
  /** Passages by language. */
  languages: ReadonlyMap<string | null, number>;
}

function sum(values: Uint32Array): number {
  let total = 0;
  for (let index = 0; index < values.length; index += 1) total += values[index] ?? 0;
  return total;
}

/** Counts what searches need of a segment; keep it beside the info. */
export function countFigures({ lengths, documents }: SegmentInfo): SegmentFigures {
  const titleLengths = Uint32Array.from(documents, (document) => document.titleLength);
  const titleGramLengths = Uint32Array.from(documents, (document) => document.titleGramLength);
  const languages = new Map<string | null, number>();
  for (const { language, passageCount } of documents) {
    languages.set(language, (languages.get(language) ?? 0) + passageCount);
  }
  return {
    sums: {
      body: sum(lengths.body),
      pair: sum(lengths.pair),
      gram: sum(lengths.gram),
      title: sum(titleLengths),
      titleGram: sum(titleGramLengths),
    },
    titleLengths,
    titleGramLengths,
    hasQuestionTitles: documents.some((document) => document.hasQuestionTitle),
    languages,
  };
}
