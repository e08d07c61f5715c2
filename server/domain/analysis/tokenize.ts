/** Runs of letters, marks and digits; everything else separates words. */
const wordPattern = /[\p{L}\p{M}\p{N}]+/gu;

/**
 * Scripts written without spaces (Thai, Lao, Myanmar, Khmer, kana and Han), and Hangul, whose words carry their
 * particles: they are indexed as pairs of neighbouring characters, which needs no dictionary.
 */
const unspaced = String.raw`[\p{Script=Thai}\p{Script=Lao}\p{Script=Myanmar}\p{Script=Khmer}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}\p{Script=Hangul}ー]`;
const unspacedRun = new RegExp(`${unspaced}+`, 'gu');
const startsUnspaced = new RegExp(`^${unspaced}`, 'u');

/** The first code unit of any unspaced script; text below it skips the slow pattern. */
const firstUnspacedCode = 0x0e00;

/**
 * Letters that are written in two ways: the typographic apostrophe, Romanian's comma and cedilla (its stemmer knows
 * the cedilla), Russian's optional ё, and the dot that a Turkish capital İ leaves behind.
 */
const sameLetters: Readonly<Record<string, string>> = { '\u2019': "'", ș: 'ş', ț: 'ţ', ё: 'е', '\u0307': '' };
const twoWays = /[\u2019șțё]|(?<=i)\u0307/gu;

/** NFKC and lower case, letters that are written in two ways made one: the form that all analysis starts from. */
export function normalizeText(text: string): string {
  const lower = text.normalize('NFKC').toLowerCase();
  return lower.replace(twoWays, (letter) => sameLetters[letter] ?? letter);
}

function mayHoldUnspaced(word: string): boolean {
  for (let index = 0; index < word.length; index += 1) {
    if (word.charCodeAt(index) >= firstUnspacedCode) return true;
  }
  return false;
}

/** A word of a text and where it stands, in UTF-16 units. */
export interface PlacedWord {
  word: string;
  start: number;
}

function pushPairs(run: string, start: number, words: PlacedWord[]): void {
  const characters = [...run];
  if (characters.length === 1) words.push({ word: run, start });
  let at = start;
  for (let index = 1; index < characters.length; index += 1) {
    const first = characters[index - 1] ?? '';
    words.push({ word: `${first}${characters[index] ?? ''}`, start: at });
    at += first.length;
  }
}

function pushMixed(word: string, start: number, words: PlacedWord[]): void {
  let end = 0;
  for (const match of word.matchAll(unspacedRun)) {
    if (match.index > end) words.push({ word: word.slice(end, match.index), start: start + end });
    pushPairs(match[0], start + match.index, words);
    end = match.index + match[0].length;
  }
  if (end < word.length) words.push({ word: word.slice(end), start: start + end });
}

/**
 * Splits normalised text into words, in order. Runs of CJK and Southeast Asian scripts become overlapping
 * pairs of characters; a lone character stays as it is.
 */
export function placeWords(normalized: string): PlacedWord[] {
  const words: PlacedWord[] = [];
  for (const match of normalized.matchAll(wordPattern)) {
    if (mayHoldUnspaced(match[0])) pushMixed(match[0], match.index, words);
    else words.push({ word: match[0], start: match.index });
  }
  return words;
}

/** The words of `placeWords` alone. */
export function tokenize(normalized: string): string[] {
  return placeWords(normalized).map(({ word }) => word);
}

/** Whether a word is a pair of characters of a script without spaces; such words have no inner n-grams. */
export function isUnspaced(word: string): boolean {
  return mayHoldUnspaced(word) && startsUnspaced.test(word);
}
