import type { Analyzer } from '../analysis/analyze.ts';
import { siteLanguageOf } from '../retrieval/site-language.ts';
import { createTranslate, type Translate } from '../translation/translate.ts';
import { createThesaurus, thesaurusLanguage, type FrequencyOf, type KnownWord } from './thesaurus.ts';

/** Puts questions as a site with these languages would put them. */
export interface SiteWording {
  /** Into English, where the site has no pages in the visitor's language. */
  translate: Translate;
  /** What of `text`, translated where need be, other words are known for. */
  find(text: string, languages: readonly (string | null)[]): KnownWord[];
  /** As `translate`; after that, words that no passage of the site holds are put in the site's own. */
  using(frequencyOf: FrequencyOf): Translate;
}

/** Makes the one of a process; it holds the lists. */
export function createSiteWording(analyzer: Analyzer): SiteWording {
  const translate = createTranslate(analyzer);
  const thesaurus = createThesaurus(analyzer);
  const inEnglish: Translate = (text, languages) => {
    const english = translate(text, languages);
    if (english !== null) return english;
    return siteLanguageOf(analyzer, text, languages) === thesaurusLanguage ? text : null;
  };
  return {
    translate,
    find(text, languages) {
      const english = inEnglish(text, languages);
      return english === null ? [] : thesaurus.find(english);
    },
    using: (frequencyOf) => (text, languages) => {
      const english = inEnglish(text, languages);
      if (english === null) return null;
      const wording = thesaurus.reword(english, thesaurus.find(english), frequencyOf) ?? english;
      return wording === text ? null : wording;
    },
  };
}
