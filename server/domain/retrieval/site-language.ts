import type { Analyzer } from '../analysis/analyze.ts';

/**
 * The one of `languages` whose function words the text holds most of; among equals, and without any, the
 * first one.
 */
export function siteLanguageOf(
  analyzer: Analyzer,
  text: string,
  languages: readonly (string | null)[],
): string | null {
  let best: string | null = languages[0] ?? null;
  let bestCount = 0;
  for (const language of languages) {
    const count = analyzer.analyze(text, language).filter((token) => token.isFunction).length;
    if (count > bestCount) {
      best = language;
      bestCount = count;
    }
  }
  return best;
}
