/** How much of a reference text another text has, and how much it has besides. All 0..1. */
export interface Overlap {
  precision: number;
  recall: number;
  f1: number;
}

/** Words in lower case without punctuation, in any script. */
export function tokens(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function countGrams(words: readonly string[], length: number): Map<string, number> {
  const counts = new Map<string, number>();
  const last = Math.max(words.length - length, 0);
  for (let at = 0; at <= last && words.length > 0; at += 1) {
    const gram = words.slice(at, at + length).join(' ');
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}

const total = (counts: ReadonlyMap<string, number>) =>
  [...counts.values()].reduce((sum, count) => sum + count, 0);

/**
 * Overlap of n-grams as multisets: `length` 1 is the word F1; 4 is the measure of scrapinghub's
 * article-extraction-benchmark (https://github.com/scrapinghub/article-extraction-benchmark).
 */
export function overlap(reference: string, text: string, length: number): Overlap {
  const wanted = countGrams(tokens(reference), length);
  const given = countGrams(tokens(text), length);
  let common = 0;
  for (const [gram, count] of given) common += Math.min(count, wanted.get(gram) ?? 0);
  const precision = total(given) === 0 ? 0 : common / total(given);
  const recall = total(wanted) === 0 ? 1 : common / total(wanted);
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { precision, recall, f1 };
}
