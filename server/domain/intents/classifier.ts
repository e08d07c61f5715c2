import type { Analyzer } from '../analysis/analyze.ts';
import { createCentroids, type CentroidScores } from './centroids.ts';
import { createFeatureSpace, type FeatureSpace } from './features.ts';
import { trainSvm, type LinearModel } from './linear-svm.ts';
import { createNeighbours, type Neighbours } from './neighbours.ts';

/** One thing that somebody may say, and what it means. */
export interface Utterance {
  text: string;
  intent: string;
  /** ISO 639-1; null: unknown. */
  language: string | null;
}

/** What a text was taken for, with what speaks for it. */
export interface IntentGuess {
  intent: string;
  /** The larger, the likelier the guess is right and the text is within what was trained; for ranking. */
  score: number;
  evidence: IntentEvidence;
  /** Place of the utterance of this intent that is nearest; null where none of it is among the neighbours. */
  nearestExample: number | null;
}

/** Each about 0..1 but for `margin`. */
export interface IntentEvidence {
  /** Of the best class's linear function: above 0 on its side. */
  margin: number;
  /** Distance to the second-best class's function. */
  lead: number;
  /** Cosine to the middle of the class's utterances. */
  centroid: number;
  /** Cosine to the nearest utterance of the class. */
  nearest: number;
  /** The class's share among the nearest utterances, weighed by cosine. */
  votes: number;
}

export interface IntentClassifier {
  /** Null where the text shares nothing with any utterance, or there are none. */
  guess(text: string, language: string | null): IntentGuess | null;
}

const neighbourCount = 7;
/** How the three opinions are mixed into a class's score. */
const mix = { margin: 1, centroid: 1, votes: 0.5 } as const;

/**
 * Learns what utterances mean: a linear SVM, the classes' centroids and the seven nearest neighbours, over words and
 * character n-grams (`quality-map`). Yields every few milliseconds and returns the classifier.
 */
export function* trainIntentsGradually(
  analyzer: Analyzer,
  utterances: readonly Utterance[],
): Generator<undefined, IntentClassifier> {
  const intents = [...new Set(utterances.map(({ intent }) => intent))];
  const place = new Map(intents.map((intent, index) => [intent, index]));
  const labels = utterances.map(({ intent }) => place.get(intent) ?? 0);
  const space = createFeatureSpace(analyzer, utterances);
  yield undefined;
  const vectors = utterances.map(({ text, language }) => space.vectorOf(text, language));
  yield undefined;
  const size = { classes: intents.length, features: space.size };
  const svm = yield* trainSvm(vectors, labels, size);
  const opinions = {
    svm,
    centroids: createCentroids(vectors, labels, size),
    neighbours: createNeighbours(vectors, space.size),
  };
  return createClassifier({ intents, labels, space, ...opinions });
}

/** The same in one go. */
export function trainIntents(analyzer: Analyzer, utterances: readonly Utterance[]): IntentClassifier {
  const training = trainIntentsGradually(analyzer, utterances);
  for (;;) {
    const step = training.next();
    if (step.done === true) return step.value;
  }
}

interface Trained {
  intents: readonly string[];
  /** The class of each utterance. */
  labels: readonly number[];
  space: FeatureSpace;
  svm: LinearModel;
  centroids: CentroidScores;
  neighbours: Neighbours;
}

function createClassifier({ intents, labels, space, svm, centroids, neighbours }: Trained): IntentClassifier {
  const margins = new Float64Array(intents.length);
  const middles = new Float64Array(intents.length);
  return {
    guess(text, language) {
      const vector = space.vectorOf(text, language);
      const near = neighbours.nearest(vector, neighbourCount);
      if (near.length === 0) return null;
      svm.score(vector, margins);
      centroids(vector, middles);
      const votes = new Float64Array(intents.length);
      const nearest = new Float64Array(intents.length);
      const weight = near.reduce((sum, { similarity }) => sum + similarity, 0);
      for (const { example, similarity } of near) {
        const label = labels[example] ?? 0;
        votes[label] = (votes[label] ?? 0) + similarity / weight;
        nearest[label] = Math.max(nearest[label] ?? 0, similarity);
      }
      const totals = margins.map(
        (margin, label) =>
          mix.margin * margin + mix.centroid * (middles[label] ?? 0) + mix.votes * (votes[label] ?? 0),
      );
      const winner = totals.reduce((best, total, label) => (total > (totals[best] ?? 0) ? label : best), 0);
      const margin = margins[winner] ?? 0;
      const rival = margins.reduce((most, own, label) => (label === winner ? most : Math.max(most, own)), -1);
      const evidence = {
        margin,
        lead: margin - rival,
        centroid: middles[winner] ?? 0,
        nearest: nearest[winner] ?? 0,
        votes: votes[winner] ?? 0,
      };
      const nearestExample = near.find(({ example }) => labels[example] === winner)?.example ?? null;
      return { intent: intents[winner] ?? '', score: scoreOf(evidence), evidence, nearestExample };
    },
  };
}

/** Hand-set; on a plateau over the sets of `evals/intents.ts`. */
function scoreOf({ margin, lead, centroid, nearest }: IntentEvidence): number {
  return margin + 0.1 * lead + 2 * centroid + nearest;
}
