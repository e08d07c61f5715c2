import type { Analyzer } from '../analysis/analyze.ts';
import { normalizeText, tokenize } from '../analysis/tokenize.ts';
import { readPenalties } from '../confidence-penalties.ts';
import { isSameQuestion } from '../quote/same-question.ts';
import { certaintyOf } from './certainty.ts';
import { trainIntentsGradually, type IntentClassifier } from './classifier.ts';

/** A question that an owner answered, with other ways to ask it. */
export interface OwnedQuestion {
  /** The document's id. */
  documentId: number;
  question: string;
  alternatives: readonly string[];
  language: string | null;
}

export interface PairMatch {
  documentId: number;
  /** The owner's wording that is nearest to what was asked. */
  wording: string;
  /** How likely the question means this pair, 0..1; 1: it is worded the same. */
  certainty: number;
}

export interface PairMatcher {
  /** The pair that a question means, however uncertain; null where none is near. */
  match(question: string, language: string): PairMatch | null;
}

/** With fewer pairs there is too little that a question is told apart from: then only the same wording counts. */
const fewestPairs = 8;
/** Pairs times features beyond which no classifier is kept: 64 MB of weights. */
const mostWeights = 16_000_000;
/** Features that an utterance brings along, roughly. */
const featuresEach = 40;

/**
 * Makes what finds the pair that a question means. First by the same wording; beside it by a classifier, where there
 * are enough pairs to tell apart. Yields every few milliseconds while it learns.
 */
export function* createPairMatcher(
  analyzer: Analyzer,
  pairs: readonly OwnedQuestion[],
): Generator<undefined, PairMatcher> {
  const wordings = pairs.flatMap(({ documentId, question, alternatives, language }) =>
    [question, ...alternatives].map((text) => ({ documentId, text, language })),
  );
  const byWords = Map.groupBy(wordings, ({ text, language }) => wordsOf(analyzer, text, language));
  yield undefined;
  const isTeachable =
    pairs.length >= fewestPairs && pairs.length * wordings.length * featuresEach <= mostWeights;
  const classifier = isTeachable
    ? yield* trainIntentsGradually(
        analyzer,
        wordings.map(({ documentId, text, language }) => ({ text, language, intent: String(documentId) })),
      )
    : null;

  return {
    match(question, language) {
      // a pair too short to tell its language is filed without one
      const alike = [language, null].flatMap((own) => byWords.get(wordsOf(analyzer, question, own)) ?? []);
      const same = alike.find(
        ({ text, language: own }) =>
          isSameQuestion(analyzer, question, text, own ?? language) && !hasTrap(question, text),
      );
      if (same !== undefined) return { documentId: same.documentId, wording: same.text, certainty: 1 };
      return classifier === null ? null : guess(classifier, question, language);
    },
  };

  function guess(taught: IntentClassifier, question: string, language: string): PairMatch | null {
    const found = taught.guess(question, language);
    const nearest = wordings[found?.nearestExample ?? -1];
    if (found === null || nearest === undefined) return null;
    const isTrap = hasTrap(question, nearest.text);
    return {
      documentId: nearest.documentId,
      wording: nearest.text,
      certainty: isTrap ? 0 : certaintyOf(found.evidence),
    };
  }
}

/** Content words in no order: what two wordings of the same question share. */
function wordsOf(analyzer: Analyzer, text: string, language: string | null): string {
  const content = analyzer.analyze(text, language).filter(({ isFunction }) => !isFunction);
  const stems = [...new Set(content.map(({ stem }) => stem))].sort();
  return stems.length > 1 ? stems.join(' ') : tokenize(normalizeText(text)).join(' ');
}

/** A negation, an opposite or another number: nearly the same words that ask for something else. */
function hasTrap(question: string, wording: string): boolean {
  const there = readPenalties(question, wording, [wording]);
  const back = readPenalties(wording, question, [question]);
  return [there, back].some(({ negation, antonym, missingNumber }) => negation || antonym || missingNumber);
}
