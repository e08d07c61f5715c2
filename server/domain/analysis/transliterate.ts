import { functionWordsOf } from './function-words.ts';
import { normalizeText } from './tokenize.ts';

/** Letters of other alphabets in Latin ones, by sound; what has no entry is left out. */
const cyrillic =
  'а a б b в v г g д d е e ё e ж zh з z и i й i к k л l м m н n о o п p р r с s т t у u ф f х h ц ts ч ch ш sh щ sh ы y э e ю yu я ya і i ї yi є ye ґ g';
const greek =
  'α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ i φ f χ ch ψ ps ω o ά a έ e ή i ί i ό o ύ i ώ o ϊ i ϋ i ΐ i ΰ i';
const arabic =
  'ا a أ a إ i آ a ى a ب b پ p ت t ة a ث th ج j چ ch ح h خ kh د d ذ th ر r ز z ژ zh س s ش sh ص s ض d ط t ظ z ع a غ gh ف f ق q ك k ک k گ g ل l م m ن n ه h و o ؤ o ي i ی i ئ i';
const hebrew =
  'א a ב b ג g ד d ה h ו v ז z ח h ט t י i כ k ך k ל l מ m ם m נ n ן n ס s ע a פ p ף f צ ts ץ ts ק k ר r ש sh ת t';
const devanagari =
  'अ a आ a इ i ई i उ u ऊ u ए e ऐ ai ओ o औ au ऑ o ा a ि i ी i ु u ू u े e ै ai ो o ौ au ॉ o ं n ँ n ः h ृ ri क k ख kh ग g घ gh ङ n च ch छ ch ज j झ jh ञ n ट t ठ th ड d ढ dh ण n त t थ th द d ध dh न n प p फ ph ब b भ bh म m य y र r ल l व v श sh ष sh स s ह h';

interface Alphabet {
  pattern: RegExp;
  /** Languages written in it. */
  languages: readonly string[];
  letters: ReadonlyMap<string, string>;
}

function alphabet(pattern: RegExp, languages: string, table: string): Alphabet {
  const entries = table.split(' ');
  const letters = new Map<string, string>();
  for (let index = 0; index + 1 < entries.length; index += 2) {
    letters.set(entries[index] ?? '', entries[index + 1] ?? '');
  }
  return { pattern, languages: languages.split(' '), letters };
}

const alphabets: readonly Alphabet[] = [
  alphabet(/\p{Script=Cyrillic}/u, 'ru uk bg sr mk be kk', cyrillic),
  alphabet(/\p{Script=Greek}/u, 'el', greek),
  alphabet(/\p{Script=Arabic}/u, 'ar fa ur', arabic),
  alphabet(/\p{Script=Hebrew}/u, 'he yi', hebrew),
  alphabet(/\p{Script=Devanagari}/u, 'hi mr ne', devanagari),
];

const wordPattern = /[\p{L}\p{M}\p{N}]+/gu;

function transliterateWord(word: string, { letters, languages }: Alphabet): string {
  // Words of grammar have no counterpart by sound; in Latin letters they would only be noise.
  if (languages.some((language) => functionWordsOf(language).has(word))) return '';
  return [...word].map((letter) => letters.get(letter) ?? (/[a-z0-9]/u.test(letter) ? letter : '')).join('');
}

/**
 * A question with its words in Latin letters where no language of the site is written in their alphabet: names
 * and loan words are then found by their sound. Other words stay as they are.
 */
export function transliterate(text: string, siteLanguages: readonly (string | null)[]): string {
  const foreign = alphabets.filter(
    ({ pattern, languages }) =>
      pattern.test(text) && !siteLanguages.some((own) => own !== null && languages.includes(own)),
  );
  if (foreign.length === 0) return text;
  return normalizeText(text).replace(wordPattern, (word) => {
    const own = foreign.find(({ pattern }) => pattern.test(word));
    return own === undefined ? word : transliterateWord(word, own);
  });
}
