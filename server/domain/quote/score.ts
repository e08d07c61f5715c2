import type { Analyzer, Token } from '../analysis/analyze.ts';
import type { RetrievedPassage } from '../knowledge.ts';
import { backgroundWeight } from './background.ts';
import type { QuestionKind } from './question-kind.ts';
import { readBlocks, type Block, type Span } from './blocks.ts';

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
  /** Share of it found in the heading above alone, 0..1. */
  headingCoverage: number;
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

/** Score of a unit: background-weighted coverage + 0.5 idf coverage + 0.6 passage score over the top's. */
const idfShare = 0.5;
const passageShare = 0.6;
/** What a term counts that stands in the heading above the unit or in its table's head, not in the unit itself. */
const headingCredit = 0.8;
/** What it counts in the title of the page or in the headings further up. */
const titleCredit = 0.3;
/** A term that shares a long stem with a word of the unit (compounds, derivations). */
const partialCredit = 0.6;
const partialLength = 5;

/** Weighs `question`'s words against all units of `passages` (best first); units come in reading order. */
export function scoreUnits(
  analyzer: Analyzer,
  question: string,
  kind: QuestionKind,
  language: string,
  passages: readonly RetrievedPassage[],
): { read: ReadPassage[]; units: Unit[] } {
  const read = passages.map((passage) => ({ passage, blocks: readBlocks(passage.text) }));
  const stemSets = passages.map((passage) => stemsOf(analyzer, passage.text, passage.language ?? language));
  const terms = readTerms(analyzer, question, language, stemSets);
  const topScore = Math.max(...passages.map(({ score }) => score), Number.MIN_VALUE);
  const seen = new Set<string>();
  const units = read.flatMap((source, passageIndex) => {
    const share = (passageShare * source.passage.score) / topScore;
    const found = unitsOf(analyzer, terms, kind, language, source).map((unit) => ({
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
  terms: readonly QuestionTerm[],
  kind: QuestionKind,
  language: string,
  { passage, blocks }: ReadPassage,
): Omit<Unit, 'passageIndex'>[] {
  const pageLanguage = passage.language ?? language;
  const stems = (text: string) => stemsOf(analyzer, text, pageLanguage);
  const title = stems(`${passage.title} ${passage.headingPath.slice(0, -1).join(' ')}`);
  let heading = stems(passage.headingPath.at(-1) ?? '');
  let section = 0;
  let position = 0;
  return blocks.flatMap((block, blockIndex) => {
    if (block.type === 'heading') {
      heading = stems(textOf(passage, block));
      section += 1;
      return [];
    }
    if (block.type === 'code') return [];
    const above = block.head === null ? heading : union(heading, stems(textOf(passage, block.head)));
    const headingCoverage = cover(terms, heading, nothing, nothing).background;
    return block.units.map((span) => {
      const { background, idf } = cover(terms, stems(textOf(passage, span)), above, title);
      const score = background + idfShare * idf + fitOf(kind, textOf(passage, span));
      return {
        ...span,
        blockIndex,
        section,
        position: position++,
        coverage: background,
        headingCoverage,
        score,
      };
    });
  });
}

/** A unit with the kind of thing that was asked for is worth this much more. */
const kindBonus = 0.25;
const evidence: Partial<Record<QuestionKind, RegExp>> = {
  amount: /\d|[€$£¥₹%]|\b(?:free|kostenlos|gratis|gratuit\w*)\b/iu,
  when: /\d|\b(?:day|week|month|year|hour|morning|evening|tag|woche|monat|jahr|uhr|jour|semaine|mois|heure|d[ií]a|semana|mes|hora|giorno|settimana|mese|ora|dag|maand|uur)/iu,
};

function fitOf(kind: QuestionKind, text: string): number {
  return evidence[kind]?.test(text) === true ? kindBonus : 0;
}

const nothing: ReadonlySet<string> = new Set();

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

/** Share of the terms' weight that stands in `stems`, or in part in `heading` or `title`. */
function cover(
  terms: readonly QuestionTerm[],
  stems: ReadonlySet<string>,
  heading: ReadonlySet<string>,
  title: ReadonlySet<string>,
): { background: number; idf: number } {
  let background = 0;
  let backgroundAll = 0;
  let idf = 0;
  let idfAll = 0;
  for (const term of terms) {
    const credit = Math.max(
      creditOf(term.stem, stems),
      heading.has(term.stem) ? headingCredit : 0,
      title.has(term.stem) ? titleCredit : 0,
    );
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

function creditOf(stem: string, stems: ReadonlySet<string>): number {
  if (stems.has(stem)) return 1;
  if (stem.length < partialLength) return 0;
  for (const other of stems) {
    if (other.length >= partialLength && (other.includes(stem) || stem.includes(other))) return partialCredit;
  }
  return 0;
}
