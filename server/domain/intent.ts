import { normalizeText, tokenize } from './analysis/tokenize.ts';
import { readSmallTalk, type SmallTalk } from './small-talk.ts';

/** What a message wants: an answer, a person, or only politeness. */
export type Intent = 'question' | 'person' | SmallTalk;

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/u).filter(Boolean));

/** Words that alone, or only beside each other and `fillers`, make a greeting, thanks or a goodbye. */
const smallTalk: readonly [SmallTalk, ReadonlySet<string>][] = [
  [
    'goodbye',
    words(`bye goodbye ciao tschüss tschüs tschau wiedersehen adieu revoir adiós adios luego chau arrivederci
      adeus tchau doei cya bientôt`),
  ],
  [
    'thanks',
    words(`thanks thank thx ty cheers danke dankeschön merci gracias grazie obrigado obrigada bedankt dank
      appreciated perfect super great awesome спасибо ありがとう 谢谢 merci tack tak dziękuję`),
  ],
  [
    'greeting',
    words(`hi hello hey hiya howdy greetings moin hallo servus grüezi bonjour salut bonsoir coucou hola buenas
      buenos ciao salve buongiorno buonasera olá oi hoi dag goedendag goedemorgen привет hej`),
  ],
];

const fillers =
  words(`there you very much so lot a all again everyone team good morning afternoon evening day guten
  tag morgen abend gute nacht vielen lieben schönen auf beaucoup bien à au muchas mil días tardes noches hasta mille
  muito muita bom boa dia tarde noite hartelijk je u wel tot ziens for your the help that this it is was and ok okay
  have nice bye now see later take care für die hilfe pour votre aide por la ayuda ayudar per o sua ajuda aiuto tutto
  tudo everything that's s das ist war c est`);

/** What a person is called, one pattern for all languages. */
const target =
  '(?:human|humans|person|people|someone|somebody|agent|operator|representative|rep|advisor|adviser|colleague|employee|' +
  'member of staff|staff|support team|customer service|mensch(?:en)?|person|mitarbeiter(?:in|s)?|berater(?:in)?|' +
  'jemand(?:en|em)?|kundenservice|kundendienst|support|humain|personne|conseiller|conseillère|agent|quelqu.un|' +
  'service client|humano|persona|agente|asesor|alguien|operador|umano|persona|operatore|qualcuno|assistenza|' +
  'pessoa|atendente|alguém|mens|medewerker|iemand|klantenservice)';

/** "I want to talk to a person" in the languages of the phrases: a verb of contact before the target. */
const personRequests: readonly RegExp[] = [
  new RegExp(
    String.raw`\b(?:talk|speak|chat|connect(?: me)?|transfer(?: me)?|put me through|pass me|hand(?: me)? over|get me|give me)\b` +
      String.raw`.{0,16}\b(?:human|person|agent|operator|representative|rep)\b(?!\s+(?:name|data|id|fee|account)\b)`,
    'u',
  ),
  /\b(?:need|want|would like|'d like|prefer|would rather have)\s+(?:a |an |the |some |your )?(?:real |live |actual |human )?(?:human|person|agent|operator|representative|rep)\b(?!\s+\p{L})/u,
  /\b(?:talk|speak|chat) (?:to|with) (?:someone|somebody|anyone|anybody|your (?:team|staff|support)|customer (?:service|support)|support)\b/u,
  /\b(?:real|live|actual) (?:human|person|agent)\b/u,
  new RegExp(
    String.raw`\b(?:sprechen|reden|chatten|verbinden|verbinde|brauche|möchte|will|hätte)\b.*\b(?:mensch(?:en)?|mitarbeiter(?:in)?|berater(?:in)?|jemandem|echte[nr]? person|kundenservice|kundendienst)\b`,
    'u',
  ),
  new RegExp(
    String.raw`\b(?:mensch(?:en)?|mitarbeiter(?:in)?|berater(?:in)?|jemandem|echte[nr]? person|kundenservice|kundendienst)\b.*\b(?:sprechen|reden|chatten|verbinden)\b`,
    'u',
  ),
  /\b(?:parler|discuter|échanger|contacter|joindre|mettez.moi|passez.moi)\b.*\b(?:humain|personne|conseiller|conseillère|agent|quelqu.un|service client)\b/u,
  /\b(?:hablar|chatear|comunicar(?:me)?|contactar|pásame|pasar(?:me)?)\b.*\b(?:humano|persona|agente|asesor|alguien|operador)/u,
  /\b(?:parlare|chattare|contattare|passami|mettermi in contatto)\b.*\b(?:umano|persona|operatore|agente|qualcuno|assistenza)\b/u,
  /\b(?:falar|conversar|contactar|passar|transferir)\b.*(?:humano|pessoa|atendente|agente|alguém|operador)/u,
  /\b(?:praten|spreken|chatten|doorverbinden|contact)\b.*\b(?:mens|persoon|medewerker|iemand|klantenservice)\b/u,
  /\b(?:mens|persoon|medewerker|iemand|klantenservice)\b.*\b(?:praten|spreken|chatten|doorverbinden)\b/u,
];

/** The same where words do not end as in English: no word boundaries, whole phrases instead. */
const otherPersonRequests: readonly RegExp[] = [
  /(?:rozmawiać|porozmawiać|połącz\p{L}*|skontaktować się)(?:\s+\p{L}+){0,4}?\s+(?:człowiekiem|konsultantem|pracownikiem|osobą|doradcą|kimś)/u,
  /(?:поговорить|связаться|соедините|свяжите|позовите|переключите)(?:\s+\p{L}+){0,4}?\s+(?:человек|оператор|сотрудник|менеджер|консультант)\p{L}*/u,
  /(?:поговорити|зв'язатися|з'єднайте|покличте)(?:\s+\p{L}+){0,4}?\s+(?:людин|оператор|працівник|менеджер|консультант)\p{L}*/u,
  /(?:insan|temsilci|yetkili|müşteri hizmetleri|gerçek (?:bir )?kişi)\p{L}*(?:\s+\p{L}+){0,3}?\s+(?:konuş|görüş|bağla|istiyorum)\p{L}*/u,
  /(?:prata|tala|chatta|kopplas?)(?:\s+\p{L}+){0,3}?\s+(?:människa|person|medarbetare|handläggare|kundtjänst|någon)/u,
  /(?:التحدث|أتحدث|اتحدث|التواصل|تحويلي|أتكلم)(?:\s+\p{L}+){0,3}?\s+\p{L}*(?:شخص|موظف|إنسان|انسان|ممثل|مندوب)/u,
  /(?:转|找|要|叫|联系|接).{0,4}(?:人工|真人|客服)|(?:和|跟|与).{0,4}(?:人工|真人|客服).{0,4}(?:聊|说|谈|沟通)|^人工(?:客服|服务)?$/u,
  /(?:人|担当者?|オペレーター|スタッフ)(?:の方)?(?:と|に).{0,8}(?:話|つない|代わ|繋い|連絡)/u,
  /(?:상담원|상담사|사람|직원|담당자)(?:이랑|하고|과|와|에게|을|를)?\s*(?:직접\s*)?(?:연결|통화|이야기|얘기|대화|상담)/u,
];

/** Greetings of two words, of which neither is one alone. */
const longGreetings =
  /\b(?:good (?:morning|afternoon|evening|day)|gute[nr]? (?:morgen|tag|abend)|bom dia|boa (?:tarde|noite)|buenos d[ií]as|buenas (?:tardes|noches)|goede(?:n)? (?:morgen|middag|avond|dag))\b/gu;

const politeAlone =
  '(?:please|bitte|s.il (?:vous|te) pla[iî]t|por favor|per favore|alstublieft|now|jetzt|i want|ich will|give me|real|live|a|an|einen?|un|una|um|uma|een)';
const targetAlone = new RegExp(`^(?:${politeAlone}[\\s,]+)*${target}(?:[\\s,]+${politeAlone})*$`, 'u');

/** Tells small talk and the wish for a person from questions; anything with content is a question. */
export function readIntent(message: string): Intent {
  const text = normalizeText(message).trim();
  const bare = text.replaceAll(/[.!?…¡¿]+/gu, ' ').trim();
  if (
    targetAlone.test(bare) ||
    [...personRequests, ...otherPersonRequests].some((pattern) => pattern.test(text))
  ) {
    return 'person';
  }
  const whole = readSmallTalk(message);
  if (whole !== null) return whole.intent;
  const tokens = tokenize(text.replaceAll(longGreetings, 'hello'));
  if (tokens.length === 0 || tokens.length > 9) return 'question';
  for (const [intent, vocabulary] of smallTalk) {
    const isOnlyThis = tokens.every(
      (token) =>
        vocabulary.has(token) || fillers.has(token) || smallTalk.some(([, other]) => other.has(token)),
    );
    if (isOnlyThis && tokens.some((token) => vocabulary.has(token))) return intent;
  }
  return 'question';
}
