import type { Analyzer, Token } from '../analysis/analyze.ts';
import { backgroundWeight } from '../analysis/background.ts';

/** The words of a text, by stem and as they are written. */
export interface Words {
  stems: ReadonlySet<string>;
  surfaces: ReadonlySet<string>;
}

export interface QuestionTerm {
  stem: string;
  surface: string;
  background: number;
  idf: number;
  /** A word of grammar. */
  isFunction: boolean;
  /** It stands in none of the passages that are read. */
  isUnknown: boolean;
}

/** What a term counts that is there in another form only: *founded* and *found* share a stem and nothing else. */
const otherFormCredit = 0.9;
/** What a term counts that stands in the heading above the unit or in its table's head, not in the unit itself. */
const headingCredit = 0.8;
/** What it counts in the title of the page or in the headings further up. */
const titleCredit = 0.3;
/** What a term counts that names the kind of thing that the unit shows: *cost* where there is a price. */
const shownCredit = 0.9;
const nothing: ReadonlySet<string> = new Set();
/** A term that shares a long stem with a word of the unit (compounds, derivations). */
const partialCredit = 0.6;
const partialLength = 5;
/** "Again" before a verb: *resole* is answered where soles are. */
const againPrefix = /^re(?=\p{L}{3})/u;

export const noWords: Words = { stems: new Set(), surfaces: new Set() };

export function wordsOf(analyzer: Analyzer, text: string, language: string): Words {
  const tokens = analyzer.analyze(text, language);
  return {
    stems: new Set(tokens.map(({ stem }) => stem)),
    surfaces: new Set(tokens.map(({ surface }) => surface)),
  };
}

export function joinWords(a: Words, b: Words): Words {
  return {
    stems: new Set([...a.stems, ...b.stems]),
    surfaces: new Set([...a.surfaces, ...b.surfaces]),
  };
}

/** The words of a question, each once, with what finding them is worth among `passages`. */
export function readTerms(
  analyzer: Analyzer,
  question: string,
  language: string,
  passages: readonly Words[],
): QuestionTerm[] {
  const seen = new Map<string, Token>();
  for (const token of analyzer.analyze(question, language))
    if (!seen.has(token.stem)) seen.set(token.stem, token);
  return [...seen.values()].map((token) => {
    const found = passages.filter(({ stems }) => stems.has(token.stem)).length;
    const idf = Math.log(1 + (passages.length - found + 0.5) / (found + 0.5));
    return {
      stem: token.stem,
      surface: token.surface,
      background: backgroundWeight(token, language),
      idf: token.isFunction ? idf * 0.1 : idf,
      isFunction: token.isFunction,
      isUnknown: found === 0,
    };
  });
}

export interface Coverage {
  /** Share of the terms' weight that is found, 0..1, by either weight. */
  background: number;
  idf: number;
  /** Stems of the terms that are found for the most part; words of grammar do not count. */
  held: ReadonlySet<string>;
}

/** Terms with less credit than this were not quite found. */
const heldCredit = 0.5;

/** What of the terms stands in `words`, or in part in `heading` or `title`; those of `shown` need not be said. */
export function cover(
  terms: readonly QuestionTerm[],
  words: Words,
  heading: Words,
  title: Words,
  shown: ReadonlySet<string> = nothing,
): Coverage {
  const held = new Set<string>();
  let background = 0;
  let backgroundAll = 0;
  let idf = 0;
  let idfAll = 0;
  for (const term of terms) {
    const credit = Math.max(
      creditOf(term, words),
      heading.stems.has(term.stem) ? headingCredit : 0,
      title.stems.has(term.stem) ? titleCredit : 0,
      shown.has(term.stem) ? shownCredit : 0,
    );
    if (credit >= heldCredit && !term.isFunction) held.add(term.stem);
    background += term.background * credit;
    backgroundAll += term.background;
    idf += term.idf * credit;
    idfAll += term.idf;
  }
  return {
    background: backgroundAll === 0 ? 0 : background / backgroundAll,
    idf: idfAll === 0 ? 0 : idf / idfAll,
    held,
  };
}

function creditOf({ stem, surface, isUnknown }: QuestionTerm, { stems, surfaces }: Words): number {
  if (surfaces.has(surface)) return 1;
  if (stems.has(stem)) return otherFormCredit;
  const bare = isUnknown ? stem.replace(againPrefix, '') : stem;
  if (
    bare !== stem &&
    [...stems].some((other) => other.startsWith(bare) && other.length <= bare.length + 1)
  ) {
    return partialCredit;
  }
  if (stem.length < partialLength) return 0;
  for (const other of stems) {
    if (other.length >= partialLength && (other.includes(stem) || stem.includes(other))) return partialCredit;
  }
  return 0;
}
