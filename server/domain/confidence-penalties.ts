import { normalizeText, tokenize } from './analysis/tokenize.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/u));

/** Words that turn a statement round, in the languages of the phrases. "No" alone is too common in headings. */
const negations =
  words(`not never without cannot nobody none neither nor n't nicht nie niemals ohne kein keine keinen
  keinem keiner niemand weder pas jamais sans aucun aucune personne nunca jamás sin ningún ninguna nadie non mai senza
  nessun nessuna não sem nenhum nenhuma niet nooit zonder geen niemand unable impossible`);

/** Opposites; whoever asks for one does not want a sentence about the other. */
const opposites: readonly (readonly [string, string])[] = [
  ['before', 'after'],
  ['first', 'last'],
  ['minimum', 'maximum'],
  ['least', 'most'],
  ['lowest', 'highest'],
  ['smallest', 'largest'],
  ['increase', 'decrease'],
  ['increased', 'decreased'],
  ['open', 'close'],
  ['begin', 'end'],
  ['north', 'south'],
  ['northern', 'southern'],
  ['east', 'west'],
  ['eastern', 'western'],
  ['above', 'below'],
  ['more', 'less'],
  ['fewer', 'more'],
  ['accept', 'refuse'],
  ['allowed', 'forbidden'],
  ['legal', 'illegal'],
  ['possible', 'impossible'],
  ['win', 'lose'],
  ['won', 'lost'],
  ['male', 'female'],
  ['early', 'late'],
  ['vor', 'nach'],
  ['erste', 'letzte'],
  ['mindestens', 'höchstens'],
  ['erlaubt', 'verboten'],
  ['avant', 'après'],
  ['premier', 'dernier'],
  ['antes', 'después'],
  ['primero', 'último'],
];

const oppositeOf: ReadonlyMap<string, readonly string[]> = new Map(
  [...new Set(opposites.flat())].map((word) => [
    word,
    opposites.flatMap(([a, b]) => (a === word ? [b] : b === word ? [a] : [])),
  ]),
);

function tokensOf(text: string): Set<string> {
  // "don't" is cut at the apostrophe: its second half says what matters
  return new Set(tokenize(normalizeText(text).replaceAll(/n't\b/gu, ' not')));
}

const isNegated = (tokens: ReadonlySet<string>) => [...tokens].some(isNegationWord);
/** Whether a normalised word negates. */
export function isNegationWord(word: string): boolean {
  return negations.has(word);
}

const isNumber = (token: string) => /^\d+$/u.test(token);

/** Three traps for a match of words: a negation, an opposite, a number that stands nowhere. */
export function readPenalties(
  question: string,
  bestSentence: string,
  passages: readonly string[],
): { negation: boolean; antonym: boolean; missingNumber: boolean } {
  const asked = tokensOf(question);
  const said = tokensOf(bestSentence);
  const numbers = [...asked].filter(isNumber);
  const held =
    numbers.length === 0 ? new Set<string>() : new Set(passages.flatMap((text) => [...tokensOf(text)]));
  return {
    negation: isNegated(asked) && !isNegated(said),
    antonym: [...asked].some(
      (word) =>
        !said.has(word) && (oppositeOf.get(word) ?? []).some((other) => said.has(other) && !asked.has(other)),
    ),
    missingNumber: numbers.some((number) => !held.has(number)),
  };
}
