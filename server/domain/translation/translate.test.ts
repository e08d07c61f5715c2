import { describe, expect, it } from 'vitest';
import { createAnalyzer } from '../analysis/analyze.ts';
import { accountWords } from './words-account.ts';
import { everydayWords } from './words-everyday.ts';
import { grammarWords } from './words-grammar.ts';
import { orderWords } from './words-orders.ts';
import { createTranslate } from './translate.ts';

const translate = createTranslate(createAnalyzer());
const toEnglish = (text: string) => translate(text, ['en']);

describe('questions in a language that a site has no pages in', () => {
  it.each([
    ['Wie lange ist ein Gutschein gültig?', 'how long voucher valid?'],
    ['Combien coûte la livraison ?', 'how much cost delivery?'],
    ['¿Puedo pagar con tarjeta de crédito?', 'can i pay with credit card?'],
    ['Posso restituire un regalo?', 'can i return gift?'],
    ['Quanto custa o envio para a Espanha?', 'how much cost delivery spain?'],
    ['Kan ik mijn bestelling annuleren?', 'can i order cancel?'],
  ])('are put into English word by word: %s', (question, english) => {
    expect(toEnglish(question)).toBe(english);
  });

  it('keep names and words that no list knows', () => {
    expect(toEnglish('Wie lange dauert die Lieferung nach Harrowmere?')).toBe(
      'how long last delivery harrowmere?',
    );
  });

  it('know compounds by their parts, and words without their accents', () => {
    expect(toEnglish('Was kostet der Standardversand?')).toBe('how much cost standard delivery?');
    expect(toEnglish('¿Cuanto cuesta el envio a un pais de la union europea?')).toContain(
      'how much cost delivery',
    );
  });

  it('stay as they are where the site speaks their language, or has no English page', () => {
    expect(translate('Wie lange dauert die Lieferung?', ['en', 'de'])).toBeNull();
    expect(translate('Wie lange dauert die Lieferung?', ['fr'])).toBeNull();
    expect(toEnglish('How long does delivery take?')).toBeNull();
  });

  it('stay as they are where hardly a word is known', () => {
    expect(toEnglish('Warum schmilzt Eis im Gletscher der Antarktis unter Hitze nicht sofort?')).toBeNull();
  });
});

describe('the lists of words', () => {
  it('have a column for each language in every row', () => {
    const rows = `${grammarWords}${orderWords}${accountWords}${everydayWords}`.split('\n').filter(Boolean);
    expect(rows.length).toBeGreaterThan(200);
    expect(rows.filter((row) => row.split('|').length !== 7)).toEqual([]);
    expect(rows.flatMap((row) => row.split('|')).filter((cell) => cell.trim() === '')).toEqual([]);
  });
});
