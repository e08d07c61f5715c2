import { describe, expect, it } from 'vitest';
import { createAnalyzer } from '../analysis/analyze.ts';
import { readAbsence } from './absent.ts';
import { foundPassage } from '../../testing/passage.ts';

const analyzer = createAnalyzer();

const passage = (text: string, title = '') => foundPassage(text, { title });

const pages = [
  passage('Boats are rented by the hour. Bring an identity card.', 'Renting'),
  passage('Rowing lessons take two hours.'),
];
const absence = (own: string, standalone = own) =>
  readAbsence(analyzer, { put: own, own, standalone, language: 'en' }, pages);

describe('what a question names and no page does', () => {
  it('counts by its weight in a yes-or-no question', () => {
    expect(absence('Can I rent a boat?')).toBe(0);
    expect(absence('Can I rent a helicopter?')).toBeGreaterThan(0.3);
    expect(absence('Do you rent out surfboards?')).toBeGreaterThan(0.3);
  });

  it('counts where things are to be counted', () => {
    expect(absence('How many helicopters are rented?')).toBeGreaterThan(0.3);
    expect(absence('How many boats are rented?')).toBe(0);
  });

  it('is half of the question at most', () => {
    expect(absence('Do you sharpen knives?')).toBe(0.5);
  });

  it('is found in titles, and within longer words', () => {
    expect(absence('Is renting possible?')).toBeLessThan(absence('Is skating possible?'));
    expect(absence('Do you have rowboats, or lessons?')).toBeGreaterThan(0);
    expect(absence('Is there a rowing lesson?')).toBe(0);
  });

  it('says nothing of other questions, nor of those that lean on what was said before', () => {
    expect(absence('How much is a helicopter?')).toBe(0);
    expect(absence('Can you tell me more about boats and weather?')).toBe(0);
    expect(absence('Can I rent a helicopter?', 'Can I rent a helicopter? boats hour')).toBe(0);
  });
});
