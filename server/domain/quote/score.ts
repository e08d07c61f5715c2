import type { Analyzer, Token } from '../analysis/analyze.ts';
import type { RetrievedPassage } from '../knowledge.ts';
import { backgroundWeight } from './background.ts';
import { readBlocks, type Block, type Span } from './blocks.ts';

/** A sentence, item or row of a passage, with what it is worth as an answer. */
export interface Unit extends Span {
  passageIndex: number;
  blockIndex: number;
  /** Place among the units of its passage. */
  position: number;
  /** Share of the question's weight found in it, 0..1. */
  coverage: number;
  score: number;
}

export interface ReadPassage {
  passage: RetrievedPassage;
  blocks: readonly Block[];
}

interface QuestionTerm {
  stem: string;
  background: number;
  idf: number;
}

/** Score of a sentence: background-weighted coverage + 0.5 idf coverage + 0.4 passage score over the top's. */
const idfShare = 0.5;
const passageShare = 0.4;
/** A term that stands in the heading or title, or in the table's head, and not in the unit itself. */
const contextCredit = 0.3;
/** A term that shares a long stem with a word of the unit (compounds, derivations). */
const partialCredit = 0.6;
const partialLength = 5;

/** Weighs `question`'s words against all units of `passages` (best first); units come in reading order. */
export function scoreUnits(
  analyzer: Analyzer,
  question: string,
  language: string,
  passages: readonly RetrievedPassage[],
): { read: ReadPassage[]; units: Unit[] } {
  const read = passages.map((passage) => ({ passage, blocks: readBlocks(passage.text) }));
  const stemSets = passages.map((passage) => stemsOf(analyzer, passage.text, passage.language ?? language));
  const terms = readTerms(analyzer, question, language, stemSets);
  const topScore = Math.max(...passages.map(({ score }) => score), Number.MIN_VALUE);
  const units = read.flatMap(({ passage, blocks }, passageIndex) => {
    const pageLanguage = passage.language ?? language;
    const context = stemsOf(analyzer, `${passage.title} ${passage.headingPath.join(' ')}`, pageLanguage);
    let position = 0;
    return blocks.flatMap((block, blockIndex) => {
      if (block.type === 'heading' || block.type === 'code') return [];
      const head = block.head === null ? null : textOf(passage, block.head);
      const around = head === null ? context : union(context, stemsOf(analyzer, head, pageLanguage));
      return block.units.map((span): Unit => {
        const stems = stemsOf(analyzer, textOf(passage, span), pageLanguage);
        const { background, idf } = cover(terms, stems, around);
        const score = background + idfShare * idf + (passageShare * passage.score) / topScore;
        return { ...span, passageIndex, blockIndex, position: position++, coverage: background, score };
      });
    });
  });
  return { read, units };
}

export function textOf(passage: RetrievedPassage, span: Span): string {
  return passage.text.slice(span.start, span.end);
}

function stemsOf(analyzer: Analyzer, text: string, language: string): Set<string> {
  return new Set(analyzer.analyze(text, language).map(({ stem }) => stem));
}

function union(a: ReadonlySet<string>, b: ReadonlySet<string>): Set<string> {
  return new Set([...a, ...b]);
}

function readTerms(
  analyzer: Analyzer,
  question: string,
  language: string,
  passages: readonly ReadonlySet<string>[],
): QuestionTerm[] {
  const seen = new Map<string, Token>();
  for (const token of analyzer.analyze(question, language))
    if (!seen.has(token.stem)) seen.set(token.stem, token);
  return [...seen.values()].map((token) => {
    const found = passages.filter((stems) => stems.has(token.stem)).length;
    const idf = Math.log(1 + (passages.length - found + 0.5) / (found + 0.5));
    const background = backgroundWeight(token, language);
    return { stem: token.stem, background, idf: token.isFunction ? idf * 0.1 : idf };
  });
}

/** Share of the terms' weight that stands in `stems`, or in part in `context`. */
function cover(
  terms: readonly QuestionTerm[],
  stems: ReadonlySet<string>,
  context: ReadonlySet<string>,
): { background: number; idf: number } {
  let background = 0;
  let backgroundAll = 0;
  let idf = 0;
  let idfAll = 0;
  for (const term of terms) {
    const credit = creditOf(term.stem, stems, context);
    background += term.background * credit;
    backgroundAll += term.background;
    idf += term.idf * credit;
    idfAll += term.idf;
  }
  return {
    background: backgroundAll === 0 ? 0 : background / backgroundAll,
    idf: idfAll === 0 ? 0 : idf / idfAll,
  };
}

function creditOf(stem: string, stems: ReadonlySet<string>, context: ReadonlySet<string>): number {
  if (stems.has(stem)) return 1;
  if (stem.length >= partialLength) {
    for (const other of stems) {
      if (other.length >= partialLength && (other.includes(stem) || stem.includes(other)))
        return partialCredit;
    }
  }
  return context.has(stem) ? contextCredit : 0;
}
