import type { Analyzer } from '../analysis/analyze.ts';
import type { RetrievedPassage } from '../knowledge.ts';
import { ownTitle } from '../retrieval/own-title.ts';
import { readBlocks, type Block, type Span } from './blocks.ts';
import { cover, joinWords, noWords, readTerms, wordsOf, type QuestionTerm } from './cover.ts';
import { saysWhatItIs } from './definition.ts';
import { lacksKind, shownBy } from './kind-fit.ts';
import type { QuestionKind } from './question-kind.ts';

/** A sentence, item or row of a passage, with what it is worth as an answer. */
export interface Unit extends Span {
  passageIndex: number;
  blockIndex: number;
  /** Which part of the passage, cut at its headings. */
  section: number;
  /** Place among the units of its passage. */
  position: number;
  /** Share of the question's weight found in it, 0..1. */
  coverage: number;
  /** Share of the weight of the question's own words, without those that it takes from what was said before. */
  ownCoverage: number;
  /** Share of it found in the heading above alone, 0..1. */
  headingCoverage: number;
  score: number;
  /** Stems of the question that it, or the heading above, holds. */
  held: ReadonlySet<string>;
  /** It holds nothing of the kind that was asked for. */
  lacksKind: boolean;
}

export interface ReadPassage {
  passage: RetrievedPassage;
  blocks: readonly Block[];
}

/** A question with what is known of it. */
export interface Asked {
  /** With the words that it takes from what was said before. */
  question: string;
  /** As it was put. */
  own: string;
  kind: QuestionKind;
  language: string;
}

/** Score of a unit: background-weighted coverage + 0.5 idf coverage + 0.6 passage score over the top's. */
const idfShare = 0.5;
const passageShare = 0.6;
/** A unit with the kind of thing that was asked for, where that can be seen, is worth this much more. */
const kindBonus = 0.25;
/** Kinds of which a sentence shows whether it holds one. */
export const visibleKinds: ReadonlySet<QuestionKind> = new Set([
  'amount',
  'when',
  'who',
  'phone',
  'email',
  'contact',
]);
/** Kinds whose answer is the thing itself: a sentence without it answers nothing. */
export const plainKinds: ReadonlySet<QuestionKind> = new Set(['phone', 'email']);

/** Weighs the words of what was `asked` against all units of `passages` (best first); units come in reading order. */
export function scoreUnits(
  analyzer: Analyzer,
  asked: Asked,
  passages: readonly RetrievedPassage[],
): { read: ReadPassage[]; units: Unit[] } {
  const { question, own, language } = asked;
  const read = passages.map((passage) => ({ passage, blocks: readBlocks(passage.text) }));
  const words = passages.map((passage) => wordsOf(analyzer, passage.text, passage.language ?? language));
  const terms = readTerms(analyzer, question, language, words);
  const ownTerms = own === question ? null : readTerms(analyzer, own, language, words);
  const topScore = Math.max(...passages.map(({ score }) => score), Number.MIN_VALUE);
  const seen = new Set<string>();
  const units = read.flatMap((source, passageIndex) => {
    const share = (passageShare * source.passage.score) / topScore;
    const found = unitsOf(analyzer, { all: terms, own: ownTerms }, asked, source).map((unit) => ({
      ...unit,
      passageIndex,
      score: unit.score + share,
    }));
    // passages of a page overlap: what was read before is not read again
    return found.filter((unit) => {
      const text = textOf(source.passage, unit);
      const isNew = !seen.has(text);
      seen.add(text);
      return isNew;
    });
  });
  return { read, units };
}

/** The units of one passage, each under its nearest heading. */
function unitsOf(
  analyzer: Analyzer,
  { all: terms, own: ownTerms }: { all: readonly QuestionTerm[]; own: readonly QuestionTerm[] | null },
  asked: Asked,
  { passage, blocks }: ReadPassage,
): Omit<Unit, 'passageIndex'>[] {
  const pageLanguage = passage.language ?? asked.language;
  const read = (text: string) => wordsOf(analyzer, text, pageLanguage);
  const name = ownTitle(passage.title, passage.headingPath);
  const title = read(`${name} ${passage.headingPath.slice(0, -1).join(' ')}`);
  let heading = read(passage.headingPath.at(-1) ?? '');
  const named = (ownTerms ?? terms).filter(({ isFunction }) => !isFunction);
  // the first words of the page about a thing say what it is, often without its name
  const opensPage =
    asked.kind === 'definition' &&
    passage.headingPath.length === 0 &&
    named.every(({ stem }) => title.stems.has(stem));
  let section = 0;
  let position = 0;
  return blocks.flatMap((block, blockIndex) => {
    if (block.type === 'heading') {
      heading = read(textOf(passage, block));
      section += 1;
      return [];
    }
    if (block.type === 'code') return [];
    const opening = opensPage && position === 0 ? joinWords(heading, title) : heading;
    const above = block.head === null ? opening : joinWords(heading, read(textOf(passage, block.head)));
    const headingCoverage = cover(terms, heading, noWords, noWords).background;
    return block.units.map((span) => {
      const text = textOf(passage, span);
      const words = read(text);
      const shown = shownBy(asked.kind, text);
      const { background, idf, held } = cover(terms, words, above, title, shown);
      const lacks = lacksKind(asked.kind, text, asked.question, pageLanguage);
      const isFitting =
        asked.kind === 'definition'
          ? (position === 0 && opensPage) || saysWhatItIs(analyzer.analyze(text, pageLanguage), named)
          : visibleKinds.has(asked.kind) && !lacks;
      const bonus = isFitting ? kindBonus : 0;
      const score = background + idfShare * idf + bonus;
      return {
        ...span,
        blockIndex,
        section,
        position: position++,
        coverage: background,
        ownCoverage: ownTerms === null ? background : cover(ownTerms, words, above, title, shown).background,
        headingCoverage,
        score,
        held,
        lacksKind: lacks,
      };
    });
  });
}

/** The largest share of the question's weight that one of the owner's ways to ask for a passage holds, 0..1. */
export function coverOfAliases(
  analyzer: Analyzer,
  question: string,
  language: string,
  passage: RetrievedPassage | undefined,
): number {
  const aliases = passage?.aliases ?? [];
  if (aliases.length === 0) return 0;
  const words = aliases.map((alias) => wordsOf(analyzer, alias, passage?.language ?? language));
  const terms = readTerms(analyzer, question, language, words);
  return Math.max(...words.map((held) => cover(terms, held, noWords, noWords).background));
}

export function textOf(passage: RetrievedPassage, span: Span): string {
  return passage.text.slice(span.start, span.end);
}
