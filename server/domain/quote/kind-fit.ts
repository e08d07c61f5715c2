import { holdsMail, holdsPhone } from '../reach.ts';
import type { QuestionKind } from './question-kind.ts';

const amount = /\d|[€$£¥₹%]|\b(?:free|kostenlos|gratis|gratuit\w*)\b/iu;
const written =
  /\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred|thousand|million|half|once|twice|daily|weekly|monthly|yearly|always|never|several|many|few|some|most|all|no|every|each|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|hundert|tausend|deux|trois|quatre|cinq|dix|cent|mille|dos|tres|cuatro|cinco|diez|cien|mil|due|tre|dieci|twee|drie|vier|vijf|tien)\b/iu;
const time =
  /\d|\b(?:day|week|month|year|hour|minute|morning|noon|evening|night|today|tomorrow|weekend|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|june|july|august|september|october|november|december|spring|summer|autumn|winter|century|era|soon|immediately|before|after|during|until|when|tag|woche|monat|jahr|stunde|uhr|jour|semaine|mois|heure|année|d[ií]a|semana|mes|hora|año|giorno|settimana|ora|anno|dag|maand|uur|jaar)/iu;

const price = /[€$£¥₹]\s?\d|\d\s?(?:[€$£¥₹]|eur\b|euros?\b|usd\b|gbp\b|chf\b|dollars?\b|pounds?\b)/iu;
const stems = (words: string): ReadonlySet<string> => new Set(words.split(' '));
const nothing: ReadonlySet<string> = new Set();
/** English stems that name a kind of thing; a sentence with the thing itself need not hold them. */
const names = {
  price: stems('cost price charg fee pay much expens cheap'),
  phone: stems('phone number call contact ring'),
  email: stems('mail e address contact'),
} as const;

/** A person or body that does things, in the languages of the phrases but German, which names by capitals too. */
const actors =
  /\b(?:person|men|man|women|woman|team|staff|company|group|family|owner|manager|member|author|king|queen|president|minister|professor|doctor|customer|parent|child|student|teacher|worker|driver|player|army|church|government|council|court|police|agency|committee|scientist|researcher|équipe|entreprise|empresa|equipo|azienda|squadra|medewerker|bedrijf)\w*\b/iu;
/** A capital behind another word: a name, in languages that do not write all nouns so. */
const name = /(?<=[\p{L}\d,;:)] )\p{Lu}[\p{L}'’-]+/gu;

/**
 * Whether a sentence lacks what a question of this kind cannot be answered without: a number, a time, a
 * person, an address. Names of the question itself do not count. Persons only in scripts with capitals, and not in German, which gives
 * them to all nouns.
 */
export function lacksKind(kind: QuestionKind, text: string, question: string, language: string): boolean {
  switch (kind) {
    case 'amount':
      return !amount.test(text) && !written.test(text);
    case 'when':
      return !time.test(text);
    case 'who':
      if (language === 'de' || !/\p{Ll}/u.test(text)) return false;
      return !actors.test(text) && !hasNewName(text, question);
    case 'phone':
      return !holdsPhone(text);
    case 'email':
      return !holdsMail(text);
    case 'contact':
      return !holdsPhone(text) && !holdsMail(text);
    default:
      return false;
  }
}

function hasNewName(text: string, question: string): boolean {
  const asked = question.toLowerCase();
  return [...text.matchAll(name)].some(([found]) => !asked.includes(found.toLowerCase()));
}

/** Stems of the question that `text` answers by what it shows: *cost* by a price, *number* by a number to call. */
export function shownBy(kind: QuestionKind, text: string): ReadonlySet<string> {
  switch (kind) {
    case 'amount':
      return price.test(text) ? names.price : nothing;
    case 'phone':
      return holdsPhone(text) ? names.phone : nothing;
    case 'email':
      return holdsMail(text) ? names.email : nothing;
    default:
      return nothing;
  }
}
