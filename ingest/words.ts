/** Scripts written without spaces: some 0.6 words per character. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/gu;
const wordsPerCharacter = 0.6;

/** About how many words a text has, in any script. */
export function countWords(text: string): number {
  const spaced = text.match(/\S+/g)?.length ?? 0;
  const characters = text.match(unspaced)?.length ?? 0;
  return Math.max(spaced, Math.round(characters * wordsPerCharacter));
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'sentence' });

/** The sentences of a text by Unicode's rules (UAX 29), with their trailing space: joined, they are the text. */
export function splitSentences(text: string): string[] {
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}
