import { detectAll } from 'tinyld';

const minLetters = 60;
const sampleLetters = 4_000;

/** The first part of a language tag such as `de-AT`, if it is a two-letter code. */
export function baseLanguage(tag: string | null): string | null {
  const base = tag?.trim().toLowerCase().split(/[-_]/)[0] ?? '';
  return /^[a-z]{2}$/.test(base) ? base : null;
}

/**
 * The language of a text (ISO 639-1): by its content, where there is enough of it; a declared one that the
 * content makes plausible wins over a near miss, and decides alone over short text.
 */
export function detectLanguage(text: string, declared: string | null): string | null {
  const claimed = baseLanguage(declared);
  // Code and addresses say nothing about the language around them.
  const prose = text.replace(/https?:\/\/\S+|[{}<>=;_$\\|#*`~]+/g, ' ').slice(0, sampleLetters);
  if (prose.replace(/[^\p{L}]/gu, '').length < minLetters) return claimed;
  const ranked = detectAll(prose);
  const best = ranked[0];
  if (best === undefined) return claimed;
  const isPlausible = ranked.slice(0, 3).some((entry) => entry.lang === claimed);
  return isPlausible ? claimed : best.lang;
}
