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

/** A passage's words by sentence, as stems: made once for both signals. */
export interface ReadPassage {
  language: string | null;
  sentences: readonly (readonly string[])[];
}

export function readPassage(analyzer: Analyzer, { text, language }: WordPassage): ReadPassage {
  const sentences = splitSentences(text).map((sentence) =>
    analyzer.analyze(sentence, language).map(({ stem }) => stem),
  );
  return { language, sentences };
}

/** A question, analysed in the language of the passage that it is compared with. */
export type ReadQuestion = (language: string | null) => readonly Token[];

/** Makes a reader that analyses a question once per language. */
export function createQuestionReader(analyzer: Analyzer, question: string): ReadQuestion {
  const known = new Map<string | null, Token[]>();
  return (language) => {
    const tokens = known.get(language) ?? analyzer.analyze(question, language);
    known.set(language, tokens);
    return tokens;
  };
}

/** Best background-weighted share of the question's words that stand in one sentence of `passages`. */
export function fitSentences(question: ReadQuestion, passages: readonly ReadPassage[]): number {
  let best = 0;
  for (const { sentences, language } of passages) {
    const asked = weigh(question(language), language);
    const all = [...asked.values()].reduce((sum, weight) => sum + weight, 0);
    if (all === 0) continue;
    for (const said of sentences) {
      let shared = 0;
      for (const [stem, weight] of asked) if (said.includes(stem)) shared += weight;
      best = Math.max(best, shared / all);
    }
  }
  return best;
}

/** Where each of the wanted stems stands. */
function placesOf(wanted: ReadonlySet<string>, sentences: ReadPassage['sentences']): Map<string, number[]> {
  const found = new Map<string, number[]>();
  let place = 0;
  for (const stem of sentences.flat()) {
    if (wanted.has(stem)) {
      const known = found.get(stem);
      if (known === undefined) found.set(stem, [place]);
      else known.push(place);
    }
    place += 1;
  }
  return found;
}

function isClose(first: readonly number[] = [], second: readonly number[] = []): boolean {
  return first.some((left) =>
    second.some((right) => left !== right && Math.abs(left - right) <= pairDistance),
  );
}

/** Best weighted share of the question's neighbouring words that stand close together in one of `passages`. */
export function fitPairs(question: ReadQuestion, passages: readonly ReadPassage[]): number {
  let best = 0;
  for (const { sentences, language } of passages) {
    const asked = question(language);
    const where = placesOf(new Set(asked.map(({ stem }) => stem)), sentences);
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
