import type { Analyzer, Token } from '../analysis/analyze.ts';
import { gramProfile, profileCosine } from '../analysis/gram-profile.ts';
import type { RetrievalSignals } from '../knowledge.ts';
import { backgroundWeight } from '../quote/background.ts';
import { recipe } from './recipe.ts';
import type { LookedUpTerm } from './score.ts';

/** What the signals read of a passage. */
export interface SignalPassage {
  documentId: number;
  language: string | null;
  /** Title, last heading and text. */
  contextText: string;
  text: string;
  score: number;
  /** BM25 of the question alone over the passage's body. */
  bodyScore: number;
}

export interface SignalInput {
  analyzer: Analyzer;
  question: string;
  /** The question with what the history adds to it. */
  standaloneQuery: string;
  language: string | null;
  /** The question's own terms, with their idf. */
  questionTerms: readonly LookedUpTerm[];
  /** Best first. */
  passages: readonly SignalPassage[];
}

/** Passages that each signal looks at; sentences and pairs are only looked for in the very best. */
const depths = { cosine: 10, sentences: 5, pairs: 3 } as const;
/** Two words of the question are close when at most this many places part them. */
const pairDistance = 3;
/** What a search without any passage knows. */
export const noSignals: RetrievalSignals = {
  lexicalCoverage: 0,
  ngramCosine: 0,
  sentenceOverlap: 0,
  documentMargin: 0,
  pairProximity: 0,
};

function clamp(value: number): number {
  return Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 0;
}

/** Best body score over what a passage full of all the question's words would get; unknown words count fully. */
function lexicalCoverage(input: SignalInput): number {
  const { k1, parts } = recipe;
  const body = input.questionTerms.filter(({ term }) => term.part === 'body');
  const possible = body.reduce(
    (sum, found) => sum + found.idf * (k1 + 1) * (found.term.isFunction ? parts.body.functionWeight : 1),
    0,
  );
  const best = Math.max(0, ...input.passages.map((passage) => passage.bodyScore));
  return possible === 0 ? 0 : best / possible;
}

function ngramCosine(input: SignalInput): number {
  const question = gramProfile(input.standaloneQuery);
  const cosines = input.passages
    .slice(0, depths.cosine)
    .map((passage) => profileCosine(question, gramProfile(passage.contextText)));
  return Math.max(0, ...cosines);
}

/** Cuts at sentence ends and line breaks; good enough to keep far apart words apart. */
function splitSentences(text: string): string[] {
  return text.split(/(?<=[.!?。！？])\s+|[。！？]|\n+/u).filter((sentence) => sentence.trim() !== '');
}

function squaredWeights(tokens: readonly Token[], language: string | null): Map<string, number> {
  return new Map(tokens.map((token) => [token.stem, backgroundWeight(token, language) ** 2]));
}

function sentenceOverlap(input: SignalInput): number {
  let best = 0;
  for (const passage of input.passages.slice(0, depths.sentences)) {
    const weights = squaredWeights(input.analyzer.analyze(input.question, passage.language), input.language);
    const all = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
    if (all === 0) continue;
    for (const sentence of splitSentences(passage.text)) {
      const stems = new Set(input.analyzer.analyze(sentence, passage.language).map((token) => token.stem));
      let found = 0;
      for (const [stem, weight] of weights) if (stems.has(stem)) found += weight;
      best = Math.max(best, found / all);
    }
  }
  return best;
}

/** (first - second) / first over documents, each with its best passage. */
function documentMargin(passages: readonly SignalPassage[]): number {
  const first = passages[0];
  if (first === undefined || first.score <= 0) return 0;
  const second = passages.find((passage) => passage.documentId !== first.documentId);
  return (first.score - (second?.score ?? 0)) / first.score;
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

function isClose(first: readonly number[], second: readonly number[]): boolean {
  return first.some((left) =>
    second.some((right) => left !== right && Math.abs(left - right) <= pairDistance),
  );
}

function pairProximity(input: SignalInput): number {
  let best = 0;
  for (const passage of input.passages.slice(0, depths.pairs)) {
    const content = input.analyzer
      .analyze(input.question, passage.language)
      .filter((token) => !token.isFunction);
    const where = places(input.analyzer.analyze(passage.contextText, passage.language));
    let all = 0;
    let near = 0;
    for (let index = 1; index < content.length; index += 1) {
      const left = content[index - 1];
      const right = content[index];
      if (left === undefined || right === undefined) continue;
      const weight = backgroundWeight(left, input.language) * backgroundWeight(right, input.language);
      all += weight;
      if (isClose(where.get(left.stem) ?? [], where.get(right.stem) ?? [])) near += weight;
    }
    if (all > 0) best = Math.max(best, near / all);
  }
  return best;
}

/** The five figures that tell best, without a model, whether the site answers a question. */
export function readSignals(input: SignalInput): RetrievalSignals {
  if (input.passages.length === 0) return noSignals;
  return {
    lexicalCoverage: clamp(lexicalCoverage(input)),
    ngramCosine: clamp(ngramCosine(input)),
    sentenceOverlap: clamp(sentenceOverlap(input)),
    documentMargin: clamp(documentMargin(input.passages)),
    pairProximity: clamp(pairProximity(input)),
  };
}
