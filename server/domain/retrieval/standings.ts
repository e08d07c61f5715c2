/** A passage that was found, as far as the standing of its document goes. */
export interface StandingCandidate {
  /** The same for all passages of a document, whatever it is made of. */
  document: string;
  score: number;
  /** BM25 of the question alone over the passage's body. */
  bodyScore: number;
  /** What `score` would be without the history. */
  questionScore: number;
}

/** How the documents that were found stand to each other. */
export interface Standings {
  /** The score of each document's best passage, best first. */
  documents: readonly number[];
  /** The highest of any passage. */
  bodyScore: number;
  questionScore: number;
}

/** Reads the standings from all that was found: of a long page a dozen passages may come before the next page. */
export function readStandings(candidates: readonly StandingCandidate[]): Standings {
  const best = new Map<string, number>();
  let bodyScore = 0;
  let questionScore = 0;
  for (const candidate of candidates) {
    best.set(candidate.document, Math.max(best.get(candidate.document) ?? 0, candidate.score));
    bodyScore = Math.max(bodyScore, candidate.bodyScore);
    questionScore = Math.max(questionScore, candidate.questionScore);
  }
  return { documents: [...best.values()].sort((a, b) => b - a), bodyScore, questionScore };
}

/** The document that the first is measured against besides the second, and how much of the lead that makes. */
const field = { place: 8, share: 0.2 } as const;

/**
 * How far the first document leads the second, and a little how far it leads the field, as a share of the first's
 * score, 0..1. Half of that measure (in logarithms) is the question's own best score: otherwise, after much talk
 * about one page, what the history gives to all would hide how far the documents lie apart. Place and share of the
 * field were measured (`evals/README.md`).
 */
export function documentMargin({ documents, questionScore }: Standings): number {
  const [first = 0, second = 0] = documents;
  if (first <= 0) return 0;
  const measure = questionScore > 0 ? Math.sqrt(first * questionScore) : first;
  const ninth = documents.length < 2 ? 0 : (documents[Math.min(field.place, documents.length - 1)] ?? 0);
  const lead = (1 - field.share) * (first - second) + field.share * (first - ninth);
  return Math.min(1, lead / measure);
}
