import type { Analyzer } from '../analysis/analyze.ts';
import { isNegationWord } from '../confidence-penalties.ts';
import { readQuestionKind } from './question-kind.ts';

/** Fewer content words than this say too little to be told the same. */
const minimumContent = 2;

/**
 * Whether two questions ask the same: letter for letter but for case and punctuation, or with the same content
 * words, the same kind of answer wanted, and alike negated.
 */
export function isSameQuestion(analyzer: Analyzer, first: string, second: string, language: string): boolean {
  const [a, b] = [first, second].map((question) => analyzer.analyze(question, language));
  if (a === undefined || b === undefined || a.length === 0) return false;
  const surfaces = (tokens: typeof a) => tokens.map(({ surface }) => surface).join(' ');
  if (surfaces(a) === surfaces(b)) return true;
  const stems = (tokens: typeof a) =>
    new Set(
      tokens
        .filter(({ isFunction, surface }) => !isFunction || isNegationWord(surface))
        .map(({ stem }) => stem),
    );
  const [content, other] = [stems(a), stems(b)];
  if (content.size < minimumContent || content.size !== other.size) return false;
  return (
    [...content].every((stem) => other.has(stem)) && readQuestionKind(first) === readQuestionKind(second)
  );
}
