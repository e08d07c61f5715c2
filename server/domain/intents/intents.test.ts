import { describe, expect, it } from 'vitest';
import { createAnalyzer } from '../analysis/analyze.ts';
import { certaintyOf } from './certainty.ts';
import { trainIntents, type Utterance } from './classifier.ts';
import { createPairMatcher, type OwnedQuestion, type PairMatcher } from './pair-matcher.ts';

const analyzer = createAnalyzer();

const said: Record<string, string[]> = {
  track: ['Where is my parcel?', 'Track my order', 'When does my package arrive?', 'My delivery is late'],
  refund: ['I want my money back', 'How do I get a refund?', 'Refund my order', 'Give me my money back'],
  password: ['I forgot my password', 'How do I reset my password?', 'I cannot log in', 'Change my password'],
  warranty: ['How long is the warranty?', 'Is there a guarantee?', 'What does the warranty cover?'],
  gift: ['Do you sell gift cards?', 'Can I buy a voucher?', 'Where do I redeem a gift card?'],
  hours: ['When are you open?', 'What are your opening hours?', 'Are you open on Sunday?'],
  payment: ['Can I pay by invoice?', 'Which cards do you take?', 'Do you accept cheques?'],
  sizes: ['Which size do I need?', 'Is there a size chart?', 'How do the shoes run?'],
};
const utterances: Utterance[] = Object.entries(said).flatMap(([intent, texts]) =>
  texts.map((text) => ({ text, intent, language: 'en' })),
);
const pairs: OwnedQuestion[] = Object.values(said).map(([question = '', ...alternatives], index) => ({
  documentId: index + 1,
  question,
  alternatives,
  language: 'en',
}));

function learn(questions: readonly OwnedQuestion[]): PairMatcher {
  const steps = createPairMatcher(analyzer, questions);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

describe('what utterances mean', () => {
  const classifier = trainIntents(analyzer, utterances);

  it.each([
    ['please track my package', 'track'],
    ['i would like my money back now', 'refund'],
    ['forgot the pasword', 'password'],
    ['opening hours on sundays', 'hours'],
  ])('%s', (text, intent) => {
    expect(classifier.guess(text, 'en')?.intent).toBe(intent);
  });

  it('is less certain of what was not taught', () => {
    const certainty = (text: string) => {
      const guess = classifier.guess(text, 'en');
      return guess === null ? 0 : certaintyOf(guess.evidence);
    };
    const near = Math.min(...utterances.map(({ text }) => certainty(text)));
    for (const text of ['Who wrote the opera Carmen?', 'tell me a joke', 'Berechne die Wurzel aus zwei']) {
      expect(certainty(text)).toBeLessThan(near);
      expect(certainty(text)).toBeLessThan(0.5);
    }
  });

  it('is the same each time it is learnt', () => {
    const again = trainIntents(analyzer, utterances);
    for (const { text } of utterances) expect(again.guess(text, 'en')).toEqual(classifier.guess(text, 'en'));
  });

  it('of nothing is nothing', () => {
    expect(trainIntents(analyzer, []).guess('Hello', 'en')).toBeNull();
    expect(classifier.guess('!?', 'en')).toBeNull();
  });

  it('is learnt in scripts without spaces', () => {
    const taught = trainIntents(analyzer, [
      { text: '荷物はどこですか', intent: 'track', language: 'ja' },
      { text: '返品したいです', intent: 'return', language: 'ja' },
    ]);
    expect(taught.guess('荷物がまだ届きません', 'ja')?.intent).toBe('track');
  });
});

describe('the pair that a question means', () => {
  const matcher = learn(pairs);

  it('is found by its own words, and by those of an alternative', () => {
    expect(matcher.match('WHERE is my parcel', 'en')).toMatchObject({ documentId: 1, certainty: 1 });
    expect(matcher.match('GIVE ME my money back!', 'en')).toMatchObject({ documentId: 2, certainty: 1 });
  });

  it('is found by a wording that is near to several', () => {
    const match = matcher.match('how can i get my money back for an order', 'en');
    expect(match).toMatchObject({ documentId: 2 });
    expect(match?.certainty).toBeGreaterThan(0.5);
  });

  it('is not the one that asks for the opposite or for another number', () => {
    const questions = [
      'Can I pay within 30 days?',
      'Is delivery possible before noon?',
      'Are bikes insured?',
    ];
    const taught = learn([
      ...pairs,
      ...questions.map((question, index) => ({
        documentId: 100 + index,
        question,
        alternatives: [],
        language: 'en',
      })),
    ]);
    for (const question of [
      'Can I pay within 60 days?',
      'Is delivery possible after noon?',
      'Are bikes not insured?',
    ]) {
      expect(taught.match(question, 'en')?.certainty ?? 0).toBe(0);
    }
  });

  it('is told by the same words only while there are few pairs', () => {
    const few = learn(pairs.slice(0, 3));
    expect(few.match('Track my order', 'en')).toMatchObject({ documentId: 1, certainty: 1 });
    expect(few.match('track the order of mine please', 'en')?.certainty ?? 0).toBe(0);
  });
});
