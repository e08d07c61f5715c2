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

/**
 * The n-grams of an indexed word: 4-grams within it, or, of a pair of a script without spaces, its single
 * characters (a pair is a 2-gram already; its characters join words that share one, as 4-grams join spellings).
 */
export function visitTokenGrams(
  token: { surface: string; isUnspaced: boolean },
  visit: (text: string, start: number, end: number) => void,
): void {
  if (!token.isUnspaced) {
    visitGrams(token.surface, visit);
    return;
  }
  let start = 0;
  for (const character of token.surface) {
    visit(token.surface, start, start + character.length);
    start += character.length;
  }
}
