/** Words of this length or longer may be misspelt. */
const minLength = 5;
/** One long word in this many is misspelt. */
const every = 4;

/** A small deterministic hash of a text (FNV-1a), so that the same question is always misspelt the same way. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}

function breakWord(word: string, seed: number): string {
  const at = 1 + (seed % (word.length - 2));
  const before = word.slice(0, at);
  const here = word[at] ?? '';
  const next = word[at + 1] ?? '';
  switch (Math.floor(seed / 97) % 4) {
    case 0:
      return `${before}${word.slice(at + 1)}`;
    case 1:
      return `${before}${here}${here}${word.slice(at + 1)}`;
    case 2:
      return `${before}${next}${here}${word.slice(at + 2)}`;
    default:
      return `${before}${here === 'e' ? 'a' : 'e'}${word.slice(at + 1)}`;
  }
}

/** Misspells about a quarter of the long words: a letter dropped, doubled, swapped with the next, or wrong. */
export function misspell(question: string): string {
  return question.replace(/\p{L}+/gu, (word, offset: number) => {
    if (word.length < minLength) return word;
    const seed = hash(`${question}:${String(offset)}`);
    return seed % every === 0 ? breakWord(word, Math.floor(seed / every)) : word;
  });
}
