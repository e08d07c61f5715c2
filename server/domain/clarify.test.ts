import { describe, expect, it } from 'vitest';
import { createAnalyzer } from './analysis/analyze.ts';
import { hasJustAsked, isContentFree, rivalTopics, toChoices } from './clarify.ts';
import { foundPassage } from '../testing/passage.ts';

const analyzer = createAnalyzer();

const page = (title: string, score: number) =>
  foundPassage(title, { externalId: title, title, score, lexicalScore: score });

describe('a question without content', () => {
  it.each([
    ['en', 'I need help with your site'],
    ['en', 'Can you help me, please?'],
    ['en', 'Hi, I have a question'],
    ['de', 'Ich habe eine Frage'],
    ['de', 'Können Sie mir bitte helfen?'],
    ['fr', "J'ai besoin d'aide"],
    ['es', 'Tengo una pregunta'],
  ])('%s: %s', (language, question) => {
    expect(isContentFree(analyzer, question, language)).toBe(true);
  });

  it.each([
    ['en', 'I need help with my refund'],
    ['en', 'What are your opening hours?'],
    ['en', 'delivery'],
    ['de', 'Ich habe eine Frage zum Versand'],
    ['fi', 'Tarvitsen apua'],
  ])('is not %s: %s', (language, question) => {
    expect(isContentFree(analyzer, question, language)).toBe(false);
  });
});

describe('topics that rival', () => {
  const pages = [page('Delivery times', 10), page('Delivery abroad', 9), page('Gift cards', 3)];

  it('are offered for a question that only names a thing', () => {
    expect(rivalTopics(analyzer, 'delivery', 'en', pages, false)).toEqual([
      'Delivery times',
      'Delivery abroad',
    ]);
  });

  it('are offered for two words or a complaint only where no answer is sure', () => {
    const both = [page('A broken express delivery', 10), page('Express delivery, late or broken', 9)];
    for (const question of ['express delivery', 'My delivery is broken']) {
      expect(rivalTopics(analyzer, question, 'en', both, false)).toEqual([]);
      expect(rivalTopics(analyzer, question, 'en', both, true)).toHaveLength(2);
    }
  });

  it('are not pages that speak of only one of two words', () => {
    expect(rivalTopics(analyzer, 'fax delivery', 'en', pages, true)).toEqual([]);
  });

  it('are not pages that happen to be nearest to a word that none of them holds', () => {
    expect(rivalTopics(analyzer, 'weather', 'en', pages, true)).toEqual([]);
    expect(rivalTopics(analyzer, 'deliverys', 'en', pages, true)).toHaveLength(2);
  });

  it('are not where the question says what it wants, names enough, or one page leads', () => {
    expect(rivalTopics(analyzer, 'When is delivery?', 'en', pages, true)).toEqual([]);
    expect(rivalTopics(analyzer, 'express delivery to Norway tomorrow', 'en', pages, true)).toEqual([]);
    expect(rivalTopics(analyzer, 'delivery', 'en', [page('Delivery', 10), page('Other', 7)], true)).toEqual(
      [],
    );
  });
});

it('choices are titles, each once, short enough for a button, four at most', () => {
  const long = 'x'.repeat(81);
  expect(toChoices(['A', ' A ', '', long, 'B', 'C', 'D', 'E'])).toEqual(['A', 'B', 'C', 'D']);
});

it('choices do not repeat the name of the website', () => {
  expect(toChoices(['Returns | Shop', 'Delivery | Shop'])).toEqual(['Returns', 'Delivery']);
  expect(toChoices(['Returns | Shop', 'Delivery - abroad'])).toEqual(['Returns | Shop', 'Delivery - abroad']);
});

it('knows when the visitor was just asked something', () => {
  const asked = { role: 'agent', text: 'Which one do you mean?' } as const;
  expect(hasJustAsked([asked])).toBe(true);
  expect(hasJustAsked([asked, { role: 'user', text: 'The first?' }])).toBe(false);
  expect(hasJustAsked([{ role: 'agent', text: 'It costs 5 euros.' }])).toBe(false);
  expect(hasJustAsked([])).toBe(false);
});
