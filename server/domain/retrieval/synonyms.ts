import type { Analyzer, Token } from '../analysis/analyze.ts';
import { pairOf } from '../analysis/pair.ts';
import { termKey } from '../analysis/term-key.ts';

/** What a site's owner says means the same. */
export interface SynonymRule {
  /** Words or phrases of a question. */
  words: readonly string[];
  /** What a question with one of `words` also looks for; empty where the words mean each other. */
  means: readonly string[];
}

/** What a word of the question is also found by. */
export interface OtherForms {
  body: number[];
  title: number[];
}

export interface SynonymMatch {
  /** By place of the word in the question. */
  forms: ReadonlyMap<number, OtherForms>;
  /** The text in the owner's other words, for what reads it as a text. */
  rewordings: string[];
}

/** Wordings that are tried on the passages; each costs as much as the question itself. */
const maxRewordings = 3;

/** Where the words of a phrase stand in a row, by stem. */
function placesOf(phrase: readonly Token[], tokens: readonly Token[]): number[] {
  if (phrase.length === 0) return [];
  return tokens.flatMap((_, start) =>
    phrase.every((word, offset) => word.stem === tokens[start + offset]?.stem) ? [start] : [],
  );
}

const contentOf = (tokens: readonly Token[]) => {
  const content = tokens.filter((token) => !token.isFunction);
  return content.length > 0 ? content : [...tokens];
};

/** One word as it is, several as the pairs of neighbours that they make. */
function formsOf(tokens: readonly Token[]): OtherForms {
  const [first, ...rest] = contentOf(tokens).map(({ stem }) => stem);
  if (first === undefined) return { body: [], title: [] };
  if (rest.length === 0) return { body: [termKey('body', first)], title: [termKey('title', first)] };
  const stems = [first, ...rest];
  const pairs = rest.map((stem, index) => termKey('pair', pairOf(stems[index] ?? '', stem)));
  return { body: pairs, title: [] };
}

function reword(tokens: readonly Token[], start: number, count: number, other: string): string {
  const surfaces = tokens.map(({ surface }) => surface);
  return [...surfaces.slice(0, start), other, ...surfaces.slice(start + count)].join(' ');
}

/**
 * Finds the owner's words in a question. Every word of content in a phrase is then also found by what the phrase
 * means, as if that were another spelling of it: so frequencies and the confidence count both as one word.
 */
export function matchSynonyms(
  analyzer: Pick<Analyzer, 'analyze'>,
  tokens: readonly Token[],
  rules: readonly SynonymRule[],
  language: string | null,
): SynonymMatch {
  const forms = new Map<number, OtherForms>();
  const rewordings = new Set<string>();
  for (const { words, means } of rules) {
    for (const word of words) {
      const phrase = analyzer.analyze(word, language);
      const places = placesOf(phrase, tokens);
      if (places.length === 0) continue;
      const others = means.length > 0 ? means : words.filter((other) => other !== word);
      const wanted = others.map((other) => formsOf(analyzer.analyze(other, language)));
      for (const other of others) rewordings.add(reword(tokens, places[0] ?? 0, phrase.length, other));
      for (const place of places.flatMap((start) => phrase.map((_, offset) => start + offset))) {
        if (phrase.length > 1 && tokens[place]?.isFunction === true) continue;
        const known = forms.get(place) ?? { body: [], title: [] };
        forms.set(place, {
          body: [...known.body, ...wanted.flatMap(({ body }) => body)],
          title: [...known.title, ...wanted.flatMap(({ title }) => title)],
        });
      }
    }
  }
  return { forms, rewordings: [...rewordings].slice(0, maxRewordings) };
}

/** Keys of every single word that a rule is about: what they mean is the owner's to say. */
export function keysOfRules(
  analyzer: Pick<Analyzer, 'analyze'>,
  rules: readonly SynonymRule[],
  language: string | null,
): ReadonlySet<number> {
  return new Set(
    rules.flatMap(({ words }) =>
      words.flatMap((word) => {
        const [only, second] = contentOf(analyzer.analyze(word, language));
        return only === undefined || second !== undefined ? [] : [termKey('body', only.stem)];
      }),
    ),
  );
}
