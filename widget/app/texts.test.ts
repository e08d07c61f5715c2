import { describe, expect, it } from 'vitest';
import { english, loadTexts, type Texts } from './texts.ts';

/** Paths of all texts, with what a text made of parts looks like. */
function shape(texts: object, prefix = ''): string[] {
  return Object.entries(texts).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null ? shape(value, `${prefix}${name}.`) : [`${prefix}${name}`],
  );
}

function words(texts: object): string[] {
  return Object.values(texts).flatMap((value: unknown): string[] => {
    if (typeof value === 'string') return [value];
    if (typeof value === 'function') return [String(value('Mara', 'Mara'))];
    return typeof value === 'object' && value !== null ? words(value) : [];
  });
}

describe('loadTexts', () => {
  it('takes the first language that is there, and English where none is', async () => {
    const languageOf = async (languages: string[]) => (await loadTexts(languages)).language;
    expect(await languageOf(['de-AT', 'en'])).toBe('de');
    expect(await languageOf(['xx', 'fr', 'en'])).toBe('fr');
    expect(await languageOf(['en-GB', 'de'])).toBe('en');
    expect(await languageOf(['xx'])).toBe('en');
    expect(await languageOf([])).toBe('en');
  });

  it.each(['de', 'fr', 'es', 'ar'])('has every text in %s, and none left in English', async (language) => {
    const texts: Texts = await loadTexts([language]);
    expect(shape(texts)).toEqual(shape(english));
    const own = words(texts);
    expect(own.filter((text) => text.trim() === '')).toEqual([]);
    const same = own.filter((text) => words(english).includes(text) && text.length > 8);
    expect(same).toEqual([]);
  });

  it('writes without exclamation marks', async () => {
    const all = await Promise.all(['en', 'de', 'fr', 'es', 'ar'].map((language) => loadTexts([language])));
    expect(all.flatMap((texts) => words(texts)).filter((text) => text.includes('!'))).toEqual([]);
  });
});
