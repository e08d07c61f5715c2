import { normalizeText } from './tokenize.ts';

/** Words that open a question, by language; only languages where the opening word tells. */
const openers: Readonly<Record<string, string>> = {
  en: 'what which who whom whose when where why how is are was were do does did can could will would should may must have has',
  de: 'wer was wen wem wessen wo wohin woher wann warum weshalb wieso wie welche welcher welches kann können darf dürfen muss ist sind gibt',
  nl: 'wie wat welke waar wanneer waarom hoe hoeveel kan kunnen is zijn mag moet',
  fr: 'qui que quoi quel quelle quels quelles comment combien pourquoi quand où est peut puis dois',
  es: 'qué quién quiénes cuál cuáles cuándo dónde cómo cuánto cuánta cuántos puedo puede',
  it: 'chi che cosa quale quali quando dove come perché quanto posso può',
  pt: 'quem que qual quais quando onde como porquê quanto posso pode',
  sv: 'vem vad vilken vilket vilka var när varför hur kan får är',
  da: 'hvem hvad hvilken hvor hvornår hvorfor hvordan kan må er',
  no: 'hvem hva hvilken hvor når hvorfor hvordan kan må er',
  pl: 'kto co jaki jaka jakie który gdzie kiedy dlaczego jak ile czy',
  ru: 'кто что какой какая какие где когда почему как сколько зачем можно',
};

const openerSets: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(openers).map(([language, words]) => [language, new Set(words.split(' '))]),
);

const questionMarks = /[?？؟՞]\s*$/u;

/** Whether a text reads as a question: it ends with a question mark or opens with a question word. */
export function isQuestion(text: string, language: string | null): boolean {
  const normalized = normalizeText(text).trim();
  if (questionMarks.test(normalized)) return true;
  if (language === 'el' && normalized.endsWith(';')) return true;
  const first = /[\p{L}\p{M}]+/u.exec(normalized)?.[0];
  return first !== undefined && language !== null && (openerSets.get(language)?.has(first) ?? false);
}
