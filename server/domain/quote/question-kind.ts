import { plainQuestion } from './plain-question.ts';
import { readReach } from './reach-question.ts';

/** What kind of answer a question asks for. */
export type QuestionKind =
  | 'procedure'
  | 'list'
  | 'situation'
  | 'when'
  | 'amount'
  | 'who'
  | 'where'
  | 'why'
  | 'yes-no'
  | 'phone'
  | 'email'
  | 'contact'
  | 'definition'
  | 'topic'
  | 'other';

/** First match wins. Openers of the seven languages with phrases; a question in another language is `other`. */
const patterns: readonly [QuestionKind, RegExp][] = [
  [
    'amount',
    /\b(?:how (?:much|many|long|far|often|old|big|tall|fast|large|expensive)|what (?:is|are|was|were|does) (?:the |it )?(?:price|cost|fee|rate|percentage|number)|what (?:does|do|did|would|will) .{1,60} costs?|wie ?(?:viel|viele|lange|oft|hoch|teuer|weit|alt|gross|groß)|was kostet|combien|quel(?:le)? (?:est le )?(?:prix|coût|durée)|cu[aá]nt[oa]s?|quant[oaie]?|quanto tempo|hoe ?(?:veel|lang|vaak|duur|ver|oud)|wat kost)\b/u,
  ],
  [
    'when',
    /\b(?:when|what (?:time|date|year|day|month|century)|which year|until when|by when|wann|bis wann|ab wann|quand|jusqu.à quand|à quelle (?:heure|date)|cu[aá]ndo|quando|a che ora|a que horas|wanneer|hoe laat)\b/u,
  ],
  [
    'list',
    /\b(?:which|what) (?:\w+ ){0,3}(?:are there|are available|do you (?:have|offer|accept|take|ship)|can i (?:use|choose))\b|\b(?:list|name|what kinds?|what types?|which (?:countries|methods|documents|items|options)|what (?:documents|items|options|methods|forms)|what do i need|welche|was brauche ich|quels|quelles|cu[aá]les|quali|quais|welke)\b/u,
  ],
  [
    'procedure',
    /\b(?:how (?:do|can|should|would|could|must|may|to|does one)|what (?:do|should|must|can) i do|what (?:now|next)|now what|what are the steps|steps to|wie (?:kann|mache|muss|soll|melde|bekomme|funktioniert|geht|lautet|reinige|wasche|gebe|schicke|ändere|storniere)|was (?:muss|soll|kann) ich|was nun|comment|que dois.je faire|c[oó]mo|qu[eé] (?:debo|tengo que) hacer|come (?:posso|si|faccio|devo)|como|hoe (?:kan|moet|doe|werkt|meld|krijg)|wat moet ik)\b/u,
  ],
  ['who', /\b(?:who|whom|whose|wer|wen|wem|wessen|qui|qui[eé]n(?:es)?|chi|quem|wie is|wie zijn)\b/u],
  [
    'where',
    /\b(?:where|in (?:which|what) (?:country|city|place|state)|wo|woher|wohin|où|d[oó]nde|dove|onde|waar)\b/u,
  ],
  ['why', /\b(?:why|what (?:is|was) the reason|warum|weshalb|wieso|pourquoi|por qu[eé]|perch[eé]|waarom)\b/u],
  [
    'yes-no',
    /^(?:(?:and|but|so|hi|hello|hey)[, ]+)?(?:is|are|was|were|do|does|did|can|could|may|will|would|should|has|have|am|must|ist|sind|kann|kannst|können|darf|gibt|habt|haben|hat|muss|est.ce que|peut|puis.je|avez|hay|puedo|es|tienen|c'è|posso|è|há|tem|kan|mag|is er|hebben|zijn)\b/u,
  ],
];

/** "What is a funnel?": up to four words for a thing, and nothing that is asked of it. */
const thing = String.raw`[\p{L}\d'’-]+(?: [\p{L}\d'’-]+){0,3}\W*$`;
const definition = new RegExp(
  String.raw`^(?:(?:and|so|but)[, ]+)?(?:(?:what (?:is|are)|define)(?: an?)?|was (?:ist|sind)(?: ein\w*)?|qu.est.ce qu(?:e | ?.)(?:une? |l[ea]s? )?|(?:y )?qu[eé] (?:es|son)(?: (?:una?|el|l[ao]s?))?|(?:che )?cos.[èe](?: (?:una?|il|l[oae]))?|o que (?:é|são)(?: (?:uma?|[ao]s?))?|wat (?:is|zijn)(?: een)?) ?(?!the\b|de[rnm]\b|d[ia][es]\b|het\b|your\b|my\b|eure?\b|ihre?\b)${thing}|^what (?:does|do) .{1,40} (?:mean|stand for)\W*$|^was (?:bedeutet|heißt) ${thing}`,
  'u',
);
/** Words that ask; what has none of them and no question mark names a subject or tells what is the matter. */
const asks =
  /[?？؟⸮]|;$|\b(?:what|which|who\w*|where|when|why|how|was|welche\w*|wo|wie|quel\w*|que|qu[ée]|cu[aá]l\w*|qual\w*|che|o que|wat|welke|hoe)\b/u;

/** "My parcel is broken": the visitor tells what is the matter and wants to know what follows from it. */
const firstPerson =
  /\b(?:i|i'm|i've|my|me|we|our|us|ich|mein\w*|mir|mich|wir|unser\w*|je|j'|mon|ma|mes|nous|notre|yo|mi|mis|me|nos|nuestr\w*|io|mio|mia|ho|noi|nostr\w*|eu|meu|minha|nós|ik|mijn|wij|ons)\b/u;

/** Reads the kind of answer that `question` wants. */
export function readQuestionKind(question: string): QuestionKind {
  const text = plainQuestion(question);
  const reach = readReach(question);
  if (reach !== null) return reach;
  if (definition.test(text)) return 'definition';
  const kind = patterns.find(([, pattern]) => pattern.test(text))?.[0];
  if (kind !== undefined) return kind;
  if (firstPerson.test(text)) return 'situation';
  return asks.test(text) ? 'other' : 'topic';
}
