import { expect, it } from 'vitest';
import { createAnalyzer } from '../analysis/analyze.ts';
import { wordedAlone } from './question-wording.ts';
import { quote } from './quote.ts';
import { foundPassage } from '../../testing/passage.ts';

const analyzer = createAnalyzer();

const passage = (aliases: readonly string[]) =>
  foundPassage('Small animals are welcome in the annex for nine euros a night.', {
    title: 'Guests with animals',
    aliases,
  });

const supportOf = (question: string, aliases: readonly string[]) =>
  quote(analyzer, wordedAlone(question, 'en'), [passage(aliases)])?.support ?? 0;

it('supports an answer to one of the owner’s questions, whatever the words of the passage', () => {
  const asked = 'Do you have a kennel for my dachshund?';
  expect(supportOf(asked, [])).toBeLessThan(0.3);
  expect(supportOf(asked, ['Where is the pool?', asked])).toBeGreaterThan(0.8);
  expect(supportOf('Do you sell tents?', [asked])).toBeLessThan(0.5);
});

it('never quotes the owner’s questions', () => {
  const asked = 'Do you have a kennel for my dachshund?';
  const parts = quote(analyzer, wordedAlone(asked, 'en'), [passage([asked])])?.parts ?? [];
  expect(parts.map(({ text }) => text).join(' ')).not.toContain('kennel');
});
