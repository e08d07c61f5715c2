import { plainQuestion } from './plain-question.ts';

/** How people ask for a thing, or say that they need it. */
const asks = String.raw`(?:what is|which is|do you have|is there|can i (?:get|have)|give me|tell me|i need|looking for|wie (?:ist|lautet)|was ist|haben sie|habt ihr|gibt es|quel(?:le)? est|avez.vous|cu[aá]l es|tienen|qual [èeé]|avete|t[eê]m|wat is|hebben jullie)`;
/** Up to four words before the thing, none of which makes it the asker's own, or the way by which something comes. */
const before = String.raw`(?: (?!(?:my|mein\w*|mon|mi|mio|meu|mijn|by|via|per|in|through|over|from|with|to|and|or|durch|über|mit|von|par|avec|por|con|tramite|com|met)\b)[\p{L}'-]+){0,4} ?`;
/** "A number for the store" is asked for, "a number used for this" is not. */
const after = String.raw`(?= (?:of|for|to|at|where|please|für|pour|para|per|voor)\b|\W*$)`;
const phone = String.raw`(?:(?:(?:tele)?phone|mobile|fax) numbers?|hotline|helpline|telefonnummer|telefoonnummer|num[ée]ro de t[ée]l[ée]phone|n[uú]mero de tel[eéè]fone?|numero di telefono|tel[eé]fono)`;
const mail = String.raw`(?:e-?mail(?:.?address|.?adresse|.?adres)?|adresse (?:e-?)?mail|correo electr[oó]nico|indirizzo (?:e-?)?mail|endereço de e-?mail)`;
/** Whom an owner's page tells how to reach; *the API* is called in another way. */
const whom = String.raw`(?:you|us|someone|somebody|support|sales|customer (?:service|support|care)|your [\p{L} ]{1,30}|the (?:store|shop|office|team|reception|support team))`;

const patterns = [
  [
    'phone',
    String.raw`\b${asks}${before}${phone}${after}|^(?:your |the )?${phone}\W*$|\bhow (?:can|do|could|may) (?:i|we) (?:call|phone|ring) ${whom}\W*$`,
  ],
  ['email', String.raw`\b${asks}${before}${mail}${after}|^(?:your |the )?${mail}\W*$`],
  [
    'contact',
    String.raw`\bhow (?:can|do|could|should|may) (?:i|we) (?:contact|reach|get in touch with|get hold of|write to) ${whom}\W*$|^(?:what (?:are|is) )?(?:the |your )?contact (?:details|information|info)\W*$|\bwie (?:kann ich|können wir|erreiche ich) (?:sie|euch|dich)(?: (?:erreichen|kontaktieren))?\W*$|\bcomment (?:puis.je )?vous (?:contacter|joindre)\W*$|\bc[oó]mo (?:puedo )?(?:contactar|comunicarme)(?: con ustedes)?\W*$|\bcome (?:posso )?contattar(?:e|vi)\W*$|\bcomo (?:posso )?contact(?:ar|á-los)\W*$|\bhoe (?:kan ik|bereik ik) (?:jullie|u)(?: bereiken)?\W*$`,
  ],
] as const;

const compiled = patterns.map(([kind, pattern]) => [kind, new RegExp(pattern, 'u')] as const);

/** Whether a question asks how to reach the people of the site, and by what. */
export function readReach(question: string): 'phone' | 'email' | 'contact' | null {
  const text = plainQuestion(question);
  return compiled.find(([, pattern]) => pattern.test(text))?.[0] ?? null;
}
