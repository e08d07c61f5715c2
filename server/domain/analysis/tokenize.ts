/** Runs of letters, marks and digits; everything else separates words. */
const wordPattern = /[\p{L}\p{M}\p{N}]+/gu;

/**
 * Scripts written without spaces: Thai, Lao, Myanmar, Khmer, kana and Han. They are indexed as pairs of
 * neighbouring characters, which needs no dictionary.
 */
const unspacedPattern =
  /[\p{Script=Thai}\p{Script=Lao}\p{Script=Myanmar}\p{Script=Khmer}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}ー]+/gu;

/** The first code unit of any unspaced script; text below it skips the slow pattern. */
const firstUnspacedCode = 0x0e00;

/** NFKC and lower case, with the typographic apostrophe made plain: the form that all analysis starts from. */
export function normalizeText(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll('\u2019', "'");
}

function mayHoldUnspaced(word: string): boolean {
  for (let index = 0; index < word.length; index += 1) {
    if (word.charCodeAt(index) >= firstUnspacedCode) return true;
  }
  return false;
}

function pushPairs(run: string, words: string[]): void {
  const characters = [...run];
  if (characters.length === 1) words.push(run);
  for (let index = 1; index < characters.length; index += 1) {
    words.push(`${characters[index - 1] ?? ''}${characters[index] ?? ''}`);
  }
}

function pushMixed(word: string, words: string[]): void {
  let end = 0;
  for (const match of word.matchAll(unspacedPattern)) {
    if (match.index > end) words.push(word.slice(end, match.index));
    pushPairs(match[0], words);
    end = match.index + match[0].length;
  }
  if (end < word.length) words.push(word.slice(end));
}

/**
 * Splits normalised text into words, in order. Runs of CJK and Southeast Asian scripts become overlapping
 * pairs of characters; a lone character stays as it is.
 */
export function tokenize(normalized: string): string[] {
  const words: string[] = [];
  for (const [word] of normalized.matchAll(wordPattern)) {
    if (mayHoldUnspaced(word)) pushMixed(word, words);
    else words.push(word);
  }
  return words;
}

/** Whether a word is a pair of characters of a script without spaces; such words have no inner n-grams. */
export function isUnspaced(word: string): boolean {
  unspacedPattern.lastIndex = 0;
  return mayHoldUnspaced(word) && unspacedPattern.test(word);
}
