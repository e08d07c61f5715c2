import type { Token } from '../analysis/analyze.ts';
import type { QuestionTerm } from './cover.ts';

const copulas = new Set(
  `is are was were means refers describes measures shows lets allows helps stands denotes consists
  ist sind bedeutet bezeichnet heißt zeigt est sont désigne signifie permet es son significa permite
  è sono significa permette é são zijn betekent`.split(/\s+/u),
);
/** The thing is named within so many words of the sentence, and the verb follows within so many more. */
const mostBefore = 6;
const mostBetween = 2;

/** Whether a sentence says what the thing that is `named` is: "A funnel is ...", "Funnels let you ...". */
export function saysWhatItIs(tokens: readonly Token[], named: readonly QuestionTerm[]): boolean {
  const opening = tokens.slice(0, mostBefore);
  const places = named.map(({ stem }) => opening.findIndex((token) => token.stem === stem));
  if (places.length === 0 || places.includes(-1)) return false;
  const end = Math.max(...places) + 1;
  return tokens.slice(end, end + 1 + mostBetween).some(({ surface }) => copulas.has(surface));
}
