/** Length of the character n-grams; boundaries count as characters. */
export const gramLength = 4;

/**
 * Calls `visit` with the padded word and each of its 4-grams' range: "_car_" gives "_car" and "car_".
 * Words too short for one gram give themselves, padded.
 */
export function visitGrams(word: string, visit: (padded: string, start: number, end: number) => void): void {
  const padded = `_${word}_`;
  if (padded.length <= gramLength) {
    visit(padded, 0, padded.length);
    return;
  }
  for (let start = 0; start + gramLength <= padded.length; start += 1) {
    visit(padded, start, start + gramLength);
  }
}
