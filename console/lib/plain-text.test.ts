import { describe, expect, it } from 'vitest';
import { plainText } from './plain-text.ts';

describe('plainText', () => {
  it('keeps the words and drops the marks', () => {
    expect(plainText('It takes **two days** [1].\n\n- `DHL`\n- [Post](https://a.example)\n\n> Really')).toBe(
      'It takes two days. DHL · Post Really',
    );
  });

  it('reads a text that breaks off in the middle of a mark', () => {
    expect(plainText('From our pages: **Deliv')).toBe('From our pages: Deliv');
  });

  it('puts tables into a line', () => {
    expect(plainText('| A | B |\n| --- | --- |\n| 1 | 2 |')).toBe('A, B; 1, 2');
  });
});
