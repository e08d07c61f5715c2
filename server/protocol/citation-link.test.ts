import { describe, expect, it } from 'vitest';
import { citationHref } from './citation-link.ts';

const at = (quote: string, url: string | null = 'https://shop.example/help') => citationHref({ url, quote });

describe('citationHref', () => {
  it('opens a page at the quoted words, and keeps its anchor for when they are not found', () => {
    expect(at('You may send it back, well-packed, within thirty days of the purchase.')).toBe(
      'https://shop.example/help#:~:text=You%20may%20send%20it%20back%2C%20well%2Dpacked%2C%20within%20thirty',
    );
    expect(at('Send it back.', 'https://shop.example/help#returns')).toBe(
      'https://shop.example/help#returns:~:text=Send%20it%20back.',
    );
  });

  it.each([
    ['## Returns\n\nSend it back soon.', 'Send%20it%20back%20soon.'],
    ['- Print the label', 'Print%20the%20label'],
    ['12. Print the label', 'Print%20the%20label'],
    ['| Size | Fee |\n| --- | --- |\n| L | four euros \\| net |', 'four%20euros%20%7C%20net'],
    ['```\nnpm install lantern now\n```', 'npm%20install%20lantern%20now'],
    ['Short', 'Short'],
  ])('takes words of one block only: %j', (quote, words) => {
    expect(at(quote)).toBe(`https://shop.example/help#:~:text=${words}`);
  });

  it('cuts text without spaces at the end of a word', () => {
    const words = decodeURIComponent(at('你可以在三十天内退货。'.repeat(20))?.split('text=')[1] ?? '');
    expect(words.length).toBeLessThanOrEqual(24);
    expect(words.startsWith('你可以在三十天内')).toBe(true);
  });

  it('leaves pages of a PDF, routes behind a hash and what is no web address alone', () => {
    expect(at('Some quoted words', 'https://shop.example/a.pdf#page=7')).toBe(
      'https://shop.example/a.pdf#page=7',
    );
    expect(at('Some quoted words', 'https://shop.example/#/help')).toBe('https://shop.example/#/help');
    expect(at('Some quoted words', 'mailto:help@shop.example')).toBe('mailto:help@shop.example');
    expect(at('Some quoted words', 'javascript:alert(1)')).toBeNull();
    expect(at('Some quoted words', null)).toBeNull();
    expect(at('```\n```')).toBe('https://shop.example/help');
  });
});
