import { eld } from 'eld/extrasmall';

const minLetters = 60;
const sampleLetters = 4_000;
/** A declared language this close to the best score is believed: neighbours such as Danish and Norwegian are. */
const nearShare = 0.9;

/** The first part of a language tag such as `de-AT`, if it is a two-letter code; both kinds of Norwegian are one. */
export function baseLanguage(tag: string | null): string | null {
  const base = tag?.trim().toLowerCase().split(/[-_]/)[0] ?? '';
  if (base === 'nb' || base === 'nn') return 'no';
  return /^[a-z]{2}$/.test(base) ? base : null;
}

/** Code and addresses say nothing about the language around them. */
function proseOf(text: string): string {
  return text
    .slice(0, sampleLetters * 3)
    .replace(/^```[\s\S]*?(?:^```|$(?![\s\S]))/gm, ' ')
    .replace(/https?:\/\/\S+|[{}<>=;_$\\|#*`~]+/g, ' ')
    .slice(0, sampleLetters);
}

/**
 * The language of a text (ISO 639-1): by its content, where there is enough of it; a declared one that the
 * content makes plausible wins over a near miss, and decides alone over short text.
 */
export function detectLanguage(text: string, declared: string | null): string | null {
  const claimed = baseLanguage(declared);
  const prose = proseOf(text);
  if (prose.replace(/[^\p{L}]/gu, '').length < minLetters) return claimed;
  const found = eld.detect(prose);
  if (found.language === '') return claimed;
  const scores = found.getScores();
  const best = scores[found.language] ?? 0;
  const isPlausible = claimed !== null && (scores[claimed] ?? 0) >= best * nearShare;
  return isPlausible ? claimed : found.language;
}
