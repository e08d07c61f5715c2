import type { Analyzer, Token } from './analysis/analyze.ts';
import { citedIndexes, markPattern } from './citations.ts';
import { mailPattern, phonePattern } from './reach.ts';

/** Something in a sentence that the pages do not bear out. */
export type Finding = 'number' | 'link' | 'phone' | 'promise' | 'words';

export interface SentenceCheck {
  findings: readonly Finding[];
  /** Share of the sentence's content words that stand in what it cites, 0..1; null when it has none. */
  support: number | null;
  /** How much of all its words and pairs of words stands there, 0..1; null where words cannot be compared. */
  groundedness: number | null;
  /** Words of the sentence, those of grammar for less: what it weighs in the answer. */
  weight: number;
  hasCitation: boolean;
}

/**
 * What the words of grammar, and the pairs of neighbouring words, count beside content words. Chosen on answers that
 * people judged (`npm run eval -- --grounded`); a plateau: .3 to .5 for both is the same to half a point.
 */
const groundingWeights = { functionWord: 0.3, pairs: 0.3 } as const;

/** How well an answer's sentences stand in what they cite, 0..1; null where none can be compared. */
export function groundednessOf(checks: readonly SentenceCheck[]): number | null {
  let found = 0;
  let all = 0;
  for (const { groundedness, weight } of checks) {
    if (groundedness === null) continue;
    found += groundedness * weight;
    all += weight;
  }
  return all === 0 ? null : found / all;
}

/** What sentences are checked against. */
export interface Evidence {
  analyzer: Analyzer;
  /** Texts that the model was given, in the order of their numbers. */
  passages: readonly { text: string; title: string; url: string | null; language: string | null }[];
  /** The visitor's words: repeating a number of theirs is no invention. */
  visitorText: string;
  language: string;
  /** Hosts that may be linked besides those of the passages. */
  allowedHosts: readonly string[];
}

/** Below this share of its content words a sentence counts as unsupported. */
const minimumSupport = 0.4;

const numberPattern = /\d+(?:[.,\u00a0\u202f ]\d{3})*(?:[.,]\d+)?/gu;
const urlPattern = /\b(?:[a-z][a-z\d+.-]*:\/\/|www\.)[^\s<>()[\]"']+/giu;

/** "I will refund you": an act that the assistant cannot do, in the first person singular. */
const ownPromise =
  /\b(?:i(?:'ll| will| can| have|'ve| am going to)(?: already| now| gladly)?|ich (?:werde|habe|kann)|je (?:vais|peux)|j'ai|voy a|he|vou|vado a|ik (?:zal|ga|heb|kan))\b.{0,40}?\b(?:refund\w*|cancel\w*|send|sent|replac\w+|credit\w*|process\w*|arrang\w+|book\w*|upgrad\w+|reship\w*|compensat\w+|waiv\w+|call you|e-?mail you|contact you|discount|erstatt\w+|zurückerstatten|stornier\w+|schick\w*|senden|anrufen|gutschreib\w*|rembours\w+|annul\w+|envoy\w+|reembols\w+|cancelar\w*|enviar\w*|rimbors\w+|annull\w+|reembolsar\w*|terugbetal\w+|annuleren|sturen)/u;
/** "We will refund you": fine where the page says so. */
const ourPromise =
  /\b(?:we(?:'ll| will| can| guarantee| promise)|wir (?:werden|erstatten|garantieren|können)|nous (?:allons|garantissons|pouvons)|nosotros|garantizamos|garantiamo|garantimos|wij (?:zullen|garanderen))\b/u;

const numberWords: Readonly<Record<string, string>> = {
  one: '1',
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
  ten: '10',
  eleven: '11',
  twelve: '12',
  twenty: '20',
  thirty: '30',
  sixty: '60',
  ninety: '90',
  hundred: '100',
  eins: '1',
  ein: '1',
  eine: '1',
  zwei: '2',
  drei: '3',
  vier: '4',
  fünf: '5',
  sechs: '6',
  sieben: '7',
  acht: '8',
  neun: '9',
  zehn: '10',
  elf: '11',
  zwölf: '12',
  vierzehn: '14',
  dreißig: '30',
  un: '1',
  une: '1',
  deux: '2',
  trois: '3',
  quatre: '4',
  cinq: '5',
  sept: '7',
  huit: '8',
  neuf: '9',
  dix: '10',
  quatorze: '14',
  trente: '30',
  uno: '1',
  dos: '2',
  tres: '3',
  cuatro: '4',
  cinco: '5',
  seis: '6',
  siete: '7',
  ocho: '8',
  nueve: '9',
  diez: '10',
  catorce: '14',
  treinta: '30',
  due: '2',
  tre: '3',
  quattro: '4',
  cinque: '5',
  sei: '6',
  sette: '7',
  otto: '8',
  nove: '9',
  dieci: '10',
  quattordici: '14',
  trenta: '30',
  dois: '2',
  três: '3',
  quatro: '4',
  sete: '7',
  oito: '8',
  dez: '10',
  trinta: '30',
  een: '1',
  twee: '2',
  drie: '3',
  vijf: '5',
  zes: '6',
  zeven: '7',
  negen: '9',
  tien: '10',
  veertien: '14',
  dertig: '30',
  fourteen: '14',
};

/** Digits only: `1.299,00`, `1,299.00` and `1 299` agree in their leading digits. */
function numberKey(number: string): string {
  const trimmed = number.replace(/[.,]0{1,2}$/u, '');
  return trimmed.replaceAll(/\D/gu, '');
}

/** All numbers of a text, written out ones included. */
function numbersOf(text: string): Set<string> {
  const numbers = new Set<string>();
  for (const [number] of text.matchAll(numberPattern)) numbers.add(numberKey(number));
  for (const [word] of text.toLowerCase().matchAll(/\p{L}+/gu)) {
    const number = numberWords[word];
    if (number !== undefined) numbers.add(number);
  }
  return numbers;
}

function hostOf(url: string): string | null {
  const address = /^www\./iu.test(url) ? `https://${url}` : url;
  return URL.canParse(address) ? new URL(address).hostname.toLowerCase() : null;
}

export interface SupportChecker {
  /** Checks one sentence of an answer, with its marks. */
  check(sentence: string): SentenceCheck;
  /** Whether a link to `url` may stand in the answer. */
  allowsLink(url: string): boolean;
}

/** Prepares what an answer's sentences are held against; the passages are read once. */
export function createSupportChecker(evidence: Evidence): SupportChecker {
  const { analyzer, passages, visitorText, language } = evidence;
  const known = [visitorText, ...passages.map(({ title, text, url }) => `${title}\n${text}\n${url ?? ''}`)];
  const numbers = new Set(known.flatMap((text) => [...numbersOf(text)]));
  const digits = known.map((text) => text.replaceAll(/\D/gu, ''));
  const addresses = known.join('\n').toLowerCase();
  const hosts = new Set([
    ...evidence.allowedHosts,
    ...passages.flatMap(({ url }) => (url === null ? [] : [hostOf(url)])),
    ...passages.flatMap(({ text }) => [...text.matchAll(urlPattern)].map(([url]) => hostOf(url))),
  ]);
  const sources = passages.map(({ title, text, language: own }) =>
    readSource(analyzer.analyze(`${title} ${text}`, own ?? language)),
  );
  const allowsLink = (url: string) => hosts.has(hostOf(url) ?? '');

  const findIn = (text: string, support: number | null): Finding[] => {
    const findings: Finding[] = [];
    const plain = text.replaceAll(urlPattern, ' ').replaceAll(/^\s*\d{1,2}[.)]\s/gmu, '');
    const phones = [...plain.matchAll(phonePattern)].map(([phone]) => phone.replaceAll(/\D/gu, ''));
    if (phones.some((phone) => !digits.some((held) => held.includes(phone)))) findings.push('phone');
    const rest = plain.replaceAll(phonePattern, ' ');
    if ([...rest.matchAll(numberPattern)].some(([number]) => !numbers.has(numberKey(number))))
      findings.push('number');
    const links = [...text.matchAll(urlPattern)].map(([url]) => url);
    const mails = [...text.matchAll(mailPattern)].map(([mail]) => mail.toLowerCase());
    if (links.some((url) => !allowsLink(url)) || mails.some((mail) => !addresses.includes(mail)))
      findings.push('link');
    const lower = text.toLowerCase().replaceAll('’', "'");
    if (ownPromise.test(lower) || (ourPromise.test(lower) && (support ?? 0) < 0.6)) findings.push('promise');
    if (support !== null && support < minimumSupport) findings.push('words');
    return findings;
  };

  return {
    allowsLink,
    check(sentence) {
      const cited = citedIndexes(sentence, passages.length);
      const text = sentence.replaceAll(markPattern, ' ');
      // across languages words cannot be compared, numbers and links still can
      const isForeign =
        passages.length > 0 && passages.every(({ language: own }) => own !== null && own !== language);
      const used = cited.length === 0 ? sources : cited.flatMap((index) => sources[index] ?? []);
      const words = isForeign ? noWords : weighWords(analyzer.analyze(text, language), used);
      return { findings: findIn(text, words.support), ...words, hasCitation: cited.length > 0 };
    },
  };
}

/** The stems of a passage, and its pairs of neighbouring stems. */
interface Source {
  stems: ReadonlySet<string>;
  pairs: ReadonlySet<string>;
}

const pairsOf = (tokens: readonly Token[]): string[] =>
  tokens.slice(1).map(({ stem }, index) => `${tokens[index]?.stem ?? ''} ${stem}`);

function readSource(tokens: readonly Token[]): Source {
  return { stems: new Set(tokens.map(({ stem }) => stem)), pairs: new Set(pairsOf(tokens)) };
}

const noWords = { support: null, groundedness: null, weight: 0 } as const;

/** How much of a sentence's words stands in any of the sources. */
function weighWords(
  tokens: readonly Token[],
  sources: readonly Source[],
): Pick<SentenceCheck, 'support' | 'groundedness' | 'weight'> {
  const content = tokens.filter(({ isFunction }) => !isFunction);
  if (content.length === 0) return noWords;
  const isFound = ({ stem }: Token) => sources.some(({ stems }) => stems.has(stem));
  const foundContent = content.filter(isFound).length;
  const { functionWord, pairs: pairWeight } = groundingWeights;
  const functions = tokens.filter(({ isFunction }) => isFunction);
  const weight = content.length + functionWord * functions.length;
  const words = (foundContent + functionWord * functions.filter(isFound).length) / weight;
  const pairs = pairsOf(tokens);
  const foundPairs = pairs.filter((pair) => sources.some((source) => source.pairs.has(pair))).length;
  const pairShare = pairs.length === 0 ? words : foundPairs / pairs.length;
  return {
    support: foundContent / content.length,
    groundedness: (words + pairWeight * pairShare) / (1 + pairWeight),
    weight,
  };
}
