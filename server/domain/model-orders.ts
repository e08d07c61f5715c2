import { readSentences } from './quote/blocks.ts';

/**
 * Sentences that speak to a model instead of a reader. What a page says to its readers is content, however odd; what
 * it tells an assistant to do is none, and neither quoted nor given to a model.
 */

const rules =
  '(?:instructions?|prompts?|directives?|guidelines?|guardrails|system (?:message|prompt)|anweisungen|vorgaben|regeln|instrucciones|istruzioni|consignes|instructions|instruções|instructies|rules)';
const before =
  '(?:previous|prior|above|preceding|earlier|foregoing|former|existing|your|system|vorherigen?|bisherigen?|obigen?|vorigen?|anteriores|previas|précédentes?|antérieures?|precedenti|vorige|eerdere)';
const override =
  '(?:ignore|disregard|forget|override|bypass|overlook|neglect|ignorier\\w*|vergiss|missachte\\w*|ignora\\w*|olvida\\w*|ignore[zr]?|oublie[zr]?|dimentica\\w*|esque[cç]a\\w*|negeer|vergeet)';
const people =
  '(?:users?|visitors?|customers?|readers?|askers?|nutzern?|besuchern?|kunden|usuarios?|clientes?|clients?|utilisateurs?|visiteurs?)';
const assistant =
  '(?:ai|a\\.i\\.|llm|language model|chat ?bot|ai assistant|virtual assistant|assistant|ki-assistent\\w*|sprachmodell|modelo de lenguaje|modèle de langage|modello linguistico)';
const contact = /https?:|www\.|@|\+?\d[\d\s().-]{6,}\d/u;

/** One of these is enough. */
const clear: readonly RegExp[] = [
  new RegExp(
    `\\b${override}\\b(?:\\s+[\\p{L}']+){0,4}\\s+(?:${before})\\b(?:\\s+\\p{L}+){0,3}\\s+${rules}`,
    'iu',
  ),
  new RegExp(
    `\\b${override}\\b(?:\\s+\\p{L}+){0,3}\\s+${rules}\\s+(?:${before}|(?:that|which) (?:came|were)|up to|so far)`,
    'iu',
  ),
  new RegExp(
    `\\b${override}\\s+(?:all|any|everything|alles|todo|todas|tout|toutes|tutte)\\b.{0,30}\\b(?:above|before|previously|were told|bisher|antes|avant|prima)\\b`,
    'iu',
  ),
  new RegExp(
    `\\b(?:reveal|print|repeat|show|output|leak|disclose|verrate|zeige|revela|révèle)\\b.{0,40}\\b(?:system prompt|your (?:initial |hidden |secret )?(?:prompt|instructions)|deine anweisungen|tus instrucciones)\\b`,
    'iu',
  ),
  /\b(?:you are|act as|behave as|become|du bist|eres|tu es)\b.{0,30}\b(?:DAN|jailbroken|unrestricted|in developer mode|no longer bound|frei von allen regeln)\b/iu,
  /\b(?:from now on|new instructions?)\s*[,:]\s*(?:you|the assistant|the ai|answer|reply|respond|always|ignore|tell)\b/iu,
  new RegExp(
    `(?:^|[.!?:>\\s])\\s*(?:note|message|instructions?|important|attention|notice|hinweis|nota)\\s+(?:to|for|an|für|para|pour)\\s+(?:the\\s+|any\\s+|all\\s+|die\\s+|el\\s+|les?\\s+)?${assistant}s?\\b`,
    'iu',
  ),
  new RegExp(
    `^\\W*(?:dear\\s+|hey\\s+|attention\\s+)?(?:${assistant})s?\\s*[,:!]\\s*(?:please\\s+)?(?:you|tell|say|answer|reply|respond|ignore|do not|don't|always|never|send|ask|recommend)\\b`,
    'iu',
  ),
  new RegExp(`\\b(?:if|when|as)\\s+you\\s+are\\s+(?:an?\\s+)?(?:${assistant})\\b`, 'iu'),
  new RegExp(
    `\\b(?:do not|don't|never)\\s+(?:tell|inform|mention to|let|reveal to)\\s+the\\s+${people}\\s+(?:about|that|know|of)\\b.{0,40}\\b(?:instruction|message|prompt|this)`,
    'iu',
  ),
];

/** An order to pass something on, at the beginning of a sentence or clause. */
const passOn = new RegExp(
  `(?:^|[.:;,!?\\-–]\\s*|\\b(?:must|should|please|always|and|then|also|now|instead|to)\\s+)(?:tell|inform|instruct|advise|convince|urge|direct|sage|informiere|dile|dites)\\s+(?:the|any|every|all|each|this|dem|den|al|aux?|à l')\\s*${people}\\b`,
  'iu',
);

/** Whether a sentence gives an order to a model, as far as words tell. */
export function addressesModel(sentence: string): boolean {
  const text = sentence.normalize('NFKC').replaceAll(/[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/gu, '');
  if (clear.some((pattern) => pattern.test(text))) return true;
  // help for agents says so too; with a number or an address it is what must not come from a stranger
  return passOn.test(text) && contact.test(text);
}

/** A text without the sentences that address a model, and those; the same text where there are none. */
export function withoutOrders(text: string): { text: string; orders: string[] } {
  const orders: string[] = [];
  let kept = '';
  let at = 0;
  for (const sentence of readSentences(text, { start: 0, end: text.length })) {
    const piece = text.slice(sentence.start, sentence.end);
    if (!addressesModel(piece)) continue;
    orders.push(piece.trim());
    kept += text.slice(at, sentence.start);
    at = sentence.end;
  }
  return { text: orders.length === 0 ? text : (kept + text.slice(at)).trim(), orders };
}
