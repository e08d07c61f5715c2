import type { Analyzer, Token } from '../analysis/analyze.ts';
import { guessLanguage } from '../language.ts';
import { accountWords } from './words-account.ts';
import { everydayWords } from './words-everyday.ts';
import { grammarWords } from './words-grammar.ts';
import { orderWords } from './words-orders.ts';

/** Languages of the word lists' columns behind English, in their order. */
const columns = ['de', 'fr', 'es', 'it', 'pt', 'nl'] as const;
/** Words that a phrase of the lists has at most. */
const maxPhrase = 4;
/** Of the words of content, this share must be known, else the question stays as it is. */
const minKnown = 0.25;

/** English by the stems of a word or phrase, without accents. */
type Dictionary = ReadonlyMap<string, string>;

/** Puts a question into English, word by word; null where that is not called for or too little is known. */
export type Translate = (text: string, siteLanguages: readonly (string | null)[]) => string | null;

const spaced = (entry: string) => entry.replaceAll('_', ' ');

/** Many visitors type without accents. */
const keyOf = (stems: readonly string[]) => stems.join(' ').normalize('NFD').replaceAll(/\p{M}/gu, '');

function readDictionary(analyzer: Analyzer, language: string): Dictionary {
  const column = columns.findIndex((own) => own === language) + 1;
  const found = new Map<string, string>();
  for (const line of `${grammarWords}${orderWords}${accountWords}${everydayWords}`.split('\n')) {
    const cells = line.split('|').map((cell) => cell.trim());
    const [english] = (cells[0] ?? '').split(' ');
    if (column === 0 || english === undefined || english === '') continue;
    for (const entry of (cells[column] ?? '').split(' ').filter((word) => word !== '-')) {
      const stems = analyzer.analyze(spaced(entry), language).map(({ stem }) => stem);
      const key = keyOf(stems);
      // what stands first is meant more often
      if (key !== '' && !found.has(key)) found.set(key, spaced(english));
    }
  }
  return found;
}

/** The two words of a compound that the lists know, in English. */
function translateCompound(analyzer: Analyzer, dictionary: Dictionary, word: string, language: string) {
  for (const { lefts, right } of analyzer.splits(word, language)) {
    const second = dictionary.get(keyOf([right]));
    const first = lefts.map((left) => dictionary.get(keyOf([left]))).find((known) => known !== undefined);
    if (first !== undefined && second !== undefined) return `${first} ${second}`;
  }
  return null;
}

interface Rendered {
  words: string[];
  known: number;
  content: number;
}

function render(
  analyzer: Analyzer,
  dictionary: Dictionary,
  tokens: readonly Token[],
  language: string,
): Rendered {
  const rendered: Rendered = { words: [], known: 0, content: 0 };
  for (let at = 0; at < tokens.length;) {
    const token = tokens[at];
    if (token === undefined) break;
    let length = Math.min(maxPhrase, tokens.length - at);
    const read = () => dictionary.get(keyOf(tokens.slice(at, at + length).map(({ stem }) => stem)));
    let english = read();
    while (english === undefined && length > 1) {
      length -= 1;
      english = read();
    }
    english ??= translateCompound(analyzer, dictionary, token.surface, language) ?? undefined;
    const content = tokens.slice(at, at + length).filter(({ isFunction }) => !isFunction).length;
    rendered.content += content;
    if (english !== undefined) {
      rendered.known += content;
      rendered.words.push(english);
    } else if (!token.isFunction) rendered.words.push(token.surface);
    at += length;
  }
  return rendered;
}

/**
 * Makes the translator of questions to sites that have English pages and none in the visitor's language. By lists of
 * everyday words of support alone: names and loan words stay as they are, words of grammar without a counterpart go.
 */
export function createTranslate(analyzer: Analyzer): Translate {
  const dictionaries = new Map<string, Dictionary>();
  return (text, siteLanguages) => {
    if (!siteLanguages.includes('en')) return null;
    const language = guessLanguage(text);
    if (language === null || siteLanguages.includes(language)) return null;
    if (!columns.some((own) => own === language)) return null;
    const dictionary = dictionaries.get(language) ?? readDictionary(analyzer, language);
    dictionaries.set(language, dictionary);
    const { words, known, content } = render(
      analyzer,
      dictionary,
      analyzer.analyze(text, language),
      language,
    );
    if (known === 0 || known < minKnown * content) return null;
    return `${words.join(' ')}?`;
  };
}
