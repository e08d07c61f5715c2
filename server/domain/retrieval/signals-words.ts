import type { Analyzer, Token } from '../analysis/analyze.ts';
import { backgroundWeight } from '../analysis/background.ts';

/** A passage as far as the signals of words read it. */
export interface WordPassage {
  language: string | null;
  text: string;
}

/** Two words of the question are close when at most this many places part them. */
const pairDistance = 3;

type Weights = ReadonlyMap<string, number>;

/** Each word once, by its stem, with its weight. */
function weigh(tokens: readonly Token[], language: string | null): Weights {
  return new Map(tokens.map((token) => [token.stem, backgroundWeight(token, language)]));
}

/** Cuts at sentence ends and line breaks; good enough to keep far apart words apart. */
function splitSentences(text: string): string[] {
  return text.split(/(?<=[.!?。！？])\s+|[。！？]|\n+/u).filter((sentence) => sentence.trim() !== '');
}

/** Best background-weighted share of the question's words that stand in one sentence of `passages`. */
export function fitSentences(analyzer: Analyzer, question: string, passages: readonly WordPassage[]): number {
  let best = 0;
  for (const { text, language } of passages) {
    const asked = weigh(analyzer.analyze(question, language), language);
    const all = [...asked.values()].reduce((sum, weight) => sum + weight, 0);
    if (all === 0) continue;
    for (const sentence of splitSentences(text)) {
      const said = new Set(analyzer.analyze(sentence, language).map(({ stem }) => stem));
      let shared = 0;
      for (const [stem, weight] of asked) if (said.has(stem)) shared += weight;
      best = Math.max(best, shared / all);
    }
  }
  return best;
}

function places(tokens: readonly Token[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const [place, token] of tokens.entries()) {
    const known = found.get(token.stem);
    if (known === undefined) found.set(token.stem, [place]);
    else known.push(place);
  }
  return found;
}

function isClose(first: readonly number[] = [], second: readonly number[] = []): boolean {
  return first.some((left) =>
    second.some((right) => left !== right && Math.abs(left - right) <= pairDistance),
  );
}

/** Best weighted share of the question's neighbouring words that stand close together in one of `passages`. */
export function fitPairs(analyzer: Analyzer, question: string, passages: readonly WordPassage[]): number {
  let best = 0;
  for (const { text, language } of passages) {
    const asked = analyzer.analyze(question, language);
    const where = places(analyzer.analyze(text, language));
    let all = 0;
    let near = 0;
    for (const [index, right] of asked.entries()) {
      const left = asked[index - 1];
      if (left === undefined) continue;
      const weight = backgroundWeight(left, language) * backgroundWeight(right, language);
      all += weight;
      if (isClose(where.get(left.stem), where.get(right.stem))) near += weight;
    }
    if (all > 0) best = Math.max(best, near / all);
  }
  return best;
}
