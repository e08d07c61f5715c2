import { detectAll } from 'tinyld';
import { functionWordsOf, languagesWithFunctionWords } from './analysis/function-words.ts';
import { normalizeText, tokenize } from './analysis/tokenize.ts';

/** Scripts that one language (or, for Han, one default) claims. Checked in order: kana before Han. */
const scripts: readonly [RegExp, string][] = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, 'ja'],
  [/\p{Script=Hangul}/u, 'ko'],
  [/\p{Script=Han}/u, 'zh'],
  [/\p{Script=Thai}/u, 'th'],
  [/\p{Script=Greek}/u, 'el'],
  [/\p{Script=Hebrew}/u, 'he'],
  [/\p{Script=Devanagari}/u, 'hi'],
  [/\p{Script=Arabic}/u, 'ar'],
  [/\p{Script=Armenian}/u, 'hy'],
  [/\p{Script=Tamil}/u, 'ta'],
  [/\p{Script=Cyrillic}/u, 'ru'],
];

/** Letters that few languages of the Latin script use. */
const letters: readonly [RegExp, readonly string[]][] = [
  [/ß/u, ['de']],
  [/[ñ¿¡]/u, ['es']],
  [/[ãõ]/u, ['pt']],
  [/[äöü]/u, ['de', 'sv', 'fi', 'tr', 'hu']],
  [/[èêëîûœ]|\b(?:[ldcjmnst]|qu)'/u, ['fr', 'it']],
  [/[łżśąęć]/u, ['pl']],
  [/[ğı]/u, ['tr']],
  // normalised: Romanian's comma below is a cedilla here
  [/ş/u, ['tr', 'ro']],
  [/[ăţ]/u, ['ro']],
  [/[řůěč]/u, ['cs']],
  [/[őű]/u, ['hu']],
  [/å/u, ['sv', 'da', 'no']],
  [/[æø]/u, ['da', 'no']],
  [/[ươđ]/u, ['vi']],
];

/** How sure one needs to be before a word of another language turns the answer's language. */
const minimumLead = 0.5;
/** What letter statistics alone need: words, and a share of the probability. */
const minimumWords = 4;
const minimumAccuracy = 0.5;

function scoreByLanguage(text: string): Map<string, number> {
  const normalized = normalizeText(text);
  const words = tokenize(normalized);
  const scores = new Map<string, number>();
  const add = (language: string, points: number) =>
    scores.set(language, (scores.get(language) ?? 0) + points);
  for (const word of words) {
    const owners = languagesWithFunctionWords.filter((language) => functionWordsOf(language).has(word));
    // a word that many languages share ("a", "in", "no") says little about any of them
    for (const owner of owners) add(owner, 1 / owners.length);
  }
  for (const [pattern, owners] of letters) {
    if (pattern.test(normalized)) for (const owner of owners) add(owner, 1 / owners.length);
  }
  return scores;
}

/** A single letter tells Ukrainian from Russian. */
function tellCyrillic(text: string): 'uk' | 'ru' {
  return /[іїєґ]/iu.test(text) && !/[ыэъё]/iu.test(text) ? 'uk' : 'ru';
}

/** ISO 639-1 code by script, function words and telling letters; null when a short text does not tell. */
export function guessLanguage(text: string): string | null {
  const letterCount = text.match(/\p{L}/gu)?.length ?? 0;
  for (const [pattern, language] of scripts) {
    const own = text.match(new RegExp(pattern, 'gu'))?.length ?? 0;
    if (own > 0 && own * 3 >= letterCount) return language === 'ru' ? tellCyrillic(text) : language;
  }
  const ranked = [...scoreByLanguage(text)].sort((a, b) => b[1] - a[1]);
  const [first, second] = ranked;
  if (first !== undefined && first[1] - (second?.[1] ?? 0) >= minimumLead) return first[0];
  const candidates = ranked.filter(([, score]) => score > (first?.[1] ?? 0) - minimumLead);
  return secondOpinion(
    text,
    candidates.map(([language]) => language),
  );
}

/** Letter statistics decide between what the words leave open; alone they need some text to go by. */
function secondOpinion(text: string, candidates: readonly string[]): string | null {
  const likely = detectAll(text).slice(0, 3);
  const among = likely.find(({ lang }) => candidates.includes(lang));
  if (among !== undefined) return among.lang;
  const [best] = likely;
  const isTelling = candidates.length === 0 && tokenize(normalizeText(text)).length >= minimumWords;
  if (!isTelling || best === undefined || best.accuracy < minimumAccuracy) return null;
  return languagesWithFunctionWords.includes(best.lang) ? best.lang : null;
}

/**
 * The language to answer in: that of the question, else of the visitor's newest turn that tells; null where
 * neither does.
 */
export function chooseLanguage(question: string, earlierTurns: readonly string[]): string | null {
  const own = guessLanguage(question);
  if (own !== null) return own;
  for (const turn of [...earlierTurns].reverse()) {
    const guess = guessLanguage(turn);
    if (guess !== null) return guess;
  }
  return null;
}
