import type { Analyzer, Token } from './analysis/analyze.ts';
import type { RetrievedPassage } from './knowledge.ts';
import { readQuestionKind } from './quote/question-kind.ts';
import type { HistoryTurn } from '../protocol/entities.ts';

/** Words that say that somebody wants something, not what: by hand, normalised, by language. */
const askingWords: Readonly<Record<string, string>> = {
  en: `help helping assist assistance support question questions query problem problems issue issues trouble info
    information something anything thing things stuff need want would like please hi hello hey thanks ask asking know
    tell understand find look looking see get give show use using try trying site website page pages web chat bot
    company here stuck confused lost start wondering wonder sure ok okay just really quick guide explain more`,
  de: `hilfe helfen unterstützung frage fragen problem probleme anliegen info infos information informationen etwas was
    brauche brauchen möchte will hätte gern gerne bitte hallo danke wissen sagen finden suche suchen schauen seite
    webseite website webseiten chat firma hier weiter verstehe versteht verstehen erklären mehr mal kurz eine einige`,
  fr: `aide aider assistance question questions problème problèmes souci info infos information informations besoin
    voudrais veux aimerais bonjour salut merci savoir dire trouver cherche chercher voir site page pages web chat
    entreprise ici comprends comprendre expliquer plus quelque chose plaît renseignement renseignements`,
  es: `ayuda ayudar ayudarme asistencia soporte pregunta preguntas consulta duda dudas problema problemas info
    información necesito quiero quisiera gustaría favor hola gracias saber decir encontrar busco buscar ver sitio web
    página páginas chat empresa aquí entiendo explicar más algo tengo`,
  it: `aiuto aiutare aiutarmi assistenza supporto domanda domande dubbio problema problemi info informazione
    informazioni bisogno vorrei voglio favore ciao salve grazie sapere dire trovare cerco cercare vedere sito web pagina
    pagine chat azienda qui capisco spiegare più qualcosa ho`,
  pt: `ajuda ajudar ajudar-me assistência suporte pergunta perguntas dúvida dúvidas problema problemas info informação
    informações preciso quero queria gostaria favor olá oi obrigado obrigada saber dizer encontrar procuro ver site web
    página páginas chat empresa aqui entendo explicar mais algo tenho`,
  nl: `hulp helpen ondersteuning vraag vragen probleem problemen info informatie nodig wil graag hallo hoi bedankt weten
    zeggen vinden zoek zoeken zien site website pagina pagina's web chat bedrijf hier begrijp uitleggen meer iets heb`,
};

const askingSets: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(askingWords).map(([language, list]) => [language, new Set(list.split(/\s+/u))]),
);

/** Words of `tokens` that name what the question is about. */
function topicWords(tokens: readonly Token[], language: string): Token[] {
  const asking = askingSets.get(language);
  return tokens.filter(({ surface, isFunction }) => !isFunction && asking?.has(surface) !== true);
}

/**
 * Whether a question names nothing that could be looked up ("I need help with your site"). Only in the languages
 * whose words of asking we know; elsewhere no question counts as empty.
 */
export function isContentFree(analyzer: Analyzer, question: string, language: string): boolean {
  if (!askingSets.has(language)) return false;
  const tokens = analyzer.analyze(question, language);
  return tokens.length > 0 && topicWords(tokens, language).length === 0;
}

/** A single word says nothing of what is wanted; where no answer is sure, two do not either, nor does a complaint. */
const vague = {
  always: { maxWords: 1, kinds: ['other', 'topic', 'definition'] },
  inDoubt: { maxWords: 2, kinds: ['other', 'topic', 'definition', 'situation'] },
} as const;
/** A page that scores this share of the best one fits as well. */
const rivalShare = 0.8;
/** A word counts as said where one begins alike, so that endings and small slips do not matter. */
const sameBeginning = 4;
const maxChoices = 4;
const maxChoiceLength = 80;

/**
 * The topics between which a question leaves the choice: pages that fit it about equally well, where it names
 * little and asks for no particular kind of thing ("Versand"). Empty where it is clear enough, or names what no page
 * speaks of.
 * @param passages best first
 * @param isDoubtful no answer is sure enough to be given
 */
export function rivalTopics(
  analyzer: Analyzer,
  question: string,
  language: string,
  passages: readonly RetrievedPassage[],
  isDoubtful: boolean,
): string[] {
  const { maxWords, kinds } = isDoubtful ? vague.inDoubt : vague.always;
  const words = topicWords(analyzer.analyze(question, language), language);
  if (words.length === 0 || words.length > maxWords) return [];
  const kind = readQuestionKind(question);
  if (!kinds.some((each) => each === kind)) return [];
  const best = passages[0]?.score ?? 0;
  const rivals = passages.filter(
    (passage) => passage.score >= rivalShare * best && saysAll(analyzer, words, passage),
  );
  const choices = toChoices(rivals.map(({ title }) => title));
  return choices.length < 2 ? [] : choices;
}

/** Whether a passage is about all that was named, and not only the nearest of what there is. */
function saysAll(
  analyzer: Analyzer,
  words: readonly Token[],
  { title, text, language }: RetrievedPassage,
): boolean {
  const tokens = analyzer.analyze(`${title}\n${text}`, language ?? 'en');
  return words.every(({ stem }) =>
    tokens.some((token) => token.stem.startsWith(stem.slice(0, sameBeginning))),
  );
}

/** What stands behind the last of these marks is the website's name, where all titles end alike. */
const siteSuffix = /\s+[|·–—-]\s+[^|·–—]+$/u;

/**
 * Titles as choices: without the website's name that all of them end with, each once, none too long for a button,
 * `maxChoices` at most.
 */
export function toChoices(titles: readonly string[]): string[] {
  const endings = new Set(titles.map((title) => siteSuffix.exec(title)?.[0] ?? ''));
  const isShared = titles.length > 1 && endings.size === 1;
  const fitting = titles
    .map((title) => (isShared ? title.replace(siteSuffix, '') : title).trim())
    .filter(({ length }) => length > 0 && length <= maxChoiceLength);
  return [...new Set(fitting)].slice(0, maxChoices);
}

/** Whether the visitor was just asked something back: two such questions in a row are one too many. */
export function hasJustAsked(history: readonly HistoryTurn[]): boolean {
  const last = history.at(-1);
  return last?.role === 'agent' && /[?？؟]\s*$/u.test(last.text);
}
