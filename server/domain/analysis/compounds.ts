/** Languages that write compounds as one word, with the letters that may join the parts, longest first. */
const linkers: Readonly<Record<string, readonly string[]>> = {
  de: ['es', 'en', 's', 'n', 'e'],
  nl: ['en', 's', 'e'],
  sv: ['s', 'e', 'u', 'o', 'a'],
  da: ['s', 'e'],
  no: ['s', 'e'],
  nb: ['s', 'e'],
  nn: ['s', 'e'],
  fi: ['n', 'en'],
  hu: [],
};

/** Letters that each part of a compound must have. */
const minPart = 4;
/** A word longer than this is not worth taking apart. */
const maxLength = 40;

/** Two words that a longer one may be made of; the left one with and without the letters that may join them. */
export interface Split {
  lefts: readonly string[];
  right: string;
}

/** Every way to read a normalised word as two; none where the language does not join words, or the word is short. */
export function splitsOf(word: string, language: string | null): Split[] {
  const own = language === null ? undefined : linkers[language];
  if (own === undefined || word.length < 2 * minPart || word.length > maxLength || !/^\p{L}+$/u.test(word))
    return [];
  const splits: Split[] = [];
  for (let at = minPart; at <= word.length - minPart; at += 1) {
    const whole = word.slice(0, at);
    const lefts = [whole];
    for (const linker of own) {
      if (whole.endsWith(linker) && whole.length - linker.length >= minPart)
        lefts.push(whole.slice(0, -linker.length));
    }
    splits.push({ lefts, right: word.slice(at) });
  }
  return splits;
}
