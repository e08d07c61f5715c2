import type { Analyzer, Token } from './analyze.ts';

/** Phrases kept; beyond, all are forgotten. */
const defaultMost = 10_000;

/**
 * An analysis that remembers what it read, for short texts that every search reads again, such as the owner's
 * synonyms. They are known by their wording: one that is changed is another text.
 */
export function createPhraseCache(
  analyzer: Pick<Analyzer, 'analyze'>,
  most = defaultMost,
): Pick<Analyzer, 'analyze'> {
  const known = new Map<string, Token[]>();
  return {
    analyze(text, language) {
      const key = `${language ?? ''}\n${text}`;
      const found = known.get(key) ?? analyzer.analyze(text, language);
      if (!known.has(key) && known.size >= most) known.clear();
      known.set(key, found);
      return found;
    },
  };
}
