import { describe, expect, it } from 'vitest';
import { readIntent } from './intent.ts';
import { chooseLanguage, guessLanguage } from './language.ts';
import { readSmallTalk } from './small-talk.ts';
import { phraseLanguages, phrasesFor } from './language-phrases.ts';

describe('what a message wants', () => {
  it.each([
    'I want to talk to a human',
    'can i speak with a real person please?',
    'Connect me to an agent',
    'human',
    'agent please',
    'Is there someone I can talk to? I need a real person',
    'let me talk to someone',
    'Kann ich mit einem Menschen sprechen?',
    'Bitte verbinden Sie mich mit einem Mitarbeiter',
    'Je voudrais parler à un conseiller',
    'Quiero hablar con una persona',
    'Chciałbym porozmawiać z konsultantem',
    'Я хочу поговорить с живым человеком',
    'З’єднайте мене з оператором',
    'Müşteri temsilcisiyle görüşmek istiyorum',
    'Jag vill prata med en människa',
    'أريد التحدث مع موظف',
    '我要转人工',
    '担当者と話したいです',
    '상담원 연결해 주세요',
    'Vorrei parlare con un operatore',
    'Quero falar com um atendente',
    'Kan ik met een medewerker spreken?',
  ])('a person: %s', (message) => {
    expect(readIntent(message)).toBe('person');
  });

  it.each([
    'How many people fit into the tent?',
    'Do you have a size chart for a tall person?',
    'Are your agents licensed?',
    'Does the human body cool down fast in water?',
    'Hello, how long does shipping take?',
    'Thanks, and what about returns?',
    'What time is good for hiking?',
    'Wie viele Personen passen ins Zelt?',
    'Can I return an item that someone gave me?',
    '?',
    '',
  ])('an answer: %s', (message) => {
    expect(readIntent(message)).toBe('question');
  });

  it.each([
    ['Hi!', 'greeting'],
    ['Good morning', 'greeting'],
    ['Guten Tag', 'greeting'],
    ['Hola, buenas tardes', 'greeting'],
    ['thank you so much!', 'thanks'],
    ['Vielen Dank für die Hilfe', 'thanks'],
    ['Merci beaucoup', 'thanks'],
    ['ok, bye', 'goodbye'],
    ['Auf Wiedersehen', 'goodbye'],
    ['thanks, bye', 'goodbye'],
    ['Dzień dobry!', 'greeting'],
    ['Большое спасибо', 'thanks'],
    ['Щиро дякую!', 'thanks'],
    ['iyi günler', 'greeting'],
    ['Hej då', 'goodbye'],
    ['شكرا جزيلا', 'thanks'],
    ['你好！', 'greeting'],
    ['ありがとうございます。', 'thanks'],
    ['안녕히 계세요', 'goodbye'],
  ])('%s: %s', (message, intent) => {
    expect(readIntent(message)).toBe(intent);
  });
});

describe('the language of a message', () => {
  it.each([
    ['How long does shipping take?', 'en'],
    ['Wie lange dauert der Versand?', 'de'],
    ['Combien coûte la livraison ?', 'fr'],
    ['¿Cuánto cuesta el envío?', 'es'],
    ['Quanto costa la spedizione?', 'it'],
    ['Quanto custa o envio para o Porto?', 'pt'],
    ['Hoeveel kost de verzending?', 'nl'],
    ['Сколько стоит доставка?', 'ru'],
    ['配送にはどのくらいかかりますか', 'ja'],
    ['运费多少钱？', 'zh'],
    ['Ile kosztuje wysyłka?', 'pl'],
    ['Kargo ücreti ne kadar?', 'tr'],
    ['كم تكلفة الشحن؟', 'ar'],
    ['배송비가 얼마예요?', 'ko'],
    ['Скільки коштує доставка?', 'uk'],
    ['Vad kostar frakten?', 'sv'],
  ])('%s', (message, language) => {
    expect(guessLanguage(message)).toBe(language);
  });

  it('is that of the visitor’s earlier turns where the message does not tell', () => {
    expect(chooseLanguage('OK', ['Wo ist meine Bestellung?', '12345'])).toBe('de');
    expect(chooseLanguage('12345', [])).toBeNull();
  });
});

it.each([
  ['Hola', 'es'],
  ['Merci !', 'fr'],
  ['Danke', 'de'],
  ['Olá', 'pt'],
  ['Cześć', 'pl'],
  ['Здравствуйте', 'ru'],
  ['Teşekkürler', 'tr'],
  ['こんばんは', 'ja'],
])('a lone %s tells its language: %s', (message, language) => {
  expect(readSmallTalk(message)?.language).toBe(language);
});

it('every language has all phrases, each of its own', () => {
  for (const language of phraseLanguages) {
    const phrases = Object.values(phrasesFor(language));
    expect(phrases.every((phrase) => phrase.length > 3)).toBe(true);
    expect(new Set(phrases).size).toBe(phrases.length);
  }
  expect(phrasesFor('xx')).toBe(phrasesFor('en'));
});
