import { describe, expect, it } from 'vitest';
import { transliterate } from './transliterate.ts';

describe('transliterate', () => {
  it.each([
    ['Джаред Аллен', 'dzhared allen'],
    ['Βανκούβερ', 'vankoiver'],
    ['باريس', 'baris'],
    ['תל אביב', 'tl abib'],
    ['डेनवर', 'denvr'],
  ])('writes %s as it sounds', (question, sound) => {
    expect(transliterate(question, ['en'])).toBe(sound);
  });

  it('drops words of grammar, and keeps words that are in Latin letters already', () => {
    expect(transliterate('что такое WiFi и USB-C', ['en']).replace(/\s+/gu, ' ').trim()).toBe(
      'takoe wifi usb-c',
    );
  });

  it('leaves everything alone where the site has a language of that alphabet, or nothing is foreign', () => {
    expect(transliterate('Доставка', ['en', 'ru'])).toBe('Доставка');
    expect(transliterate('Доставка', ['uk'])).toBe('Доставка');
    expect(transliterate('Größe', ['en'])).toBe('Größe');
    expect(transliterate('配送料', ['en'])).toBe('配送料');
  });
});
