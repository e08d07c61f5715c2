import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assessConfidence, languageLevel, noPenalties, type ConfidenceInput } from './confidence.ts';
import { decide, hasRelevant, type Situation } from './escalation.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const signals = fc.record({
  lexicalCoverage: share,
  ngramCosine: share,
  sentenceOverlap: share,
  documentMargin: share,
  pairProximity: share,
  support: share,
});
const input: fc.Arbitrary<ConfidenceInput> = fc.record({
  signals,
  penalties: fc.record({
    negation: fc.boolean(),
    missingNumber: fc.boolean(),
    antonym: fc.boolean(),
    lacksKind: fc.boolean(),
    absent: fc.double({ min: 0, max: 0.5, noNaN: true }),
    invented: fc.boolean(),
    unsupported: share,
    uncited: share,
  }),
  language: fc.constantFrom(null, 'en', 'zh', 'eo'),
  verdict: fc.constantFrom(null, 'full' as const, 'partial' as const, 'none' as const, 'clarify' as const),
});

describe('confidence', () => {
  it('is a probability, whatever comes in', () => {
    const any = fc.record({ ...signalsOf(fc.double()) });
    fc.assert(
      fc.property(any, (odd) => {
        const { score } = assessConfidence({
          signals: odd,
          penalties: noPenalties,
          verdict: null,
          language: null,
        });
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('never falls when a signal rises', () => {
    fc.assert(
      fc.property(input, fc.constantFrom(...signalNames), share, (base, name, value) => {
        const higher = Math.max(base.signals[name], value);
        const raised = { ...base, signals: { ...base.signals, [name]: higher } };
        expect(assessConfidence(raised).score).toBeGreaterThanOrEqual(assessConfidence(base).score);
      }),
    );
  });

  it('never rises through a penalty', () => {
    fc.assert(
      fc.property(input, (base) => {
        const spared = { ...base, penalties: noPenalties };
        expect(assessConfidence(spared).score).toBeGreaterThanOrEqual(assessConfidence(base).score);
      }),
    );
  });

  it('names what moved it most, in words', () => {
    const { reasons } = assessConfidence({
      signals: {
        lexicalCoverage: 0.1,
        ngramCosine: 0.4,
        sentenceOverlap: 1,
        documentMargin: 0.25,
        pairProximity: 0.3,
        support: 0.6,
      },
      penalties: { ...noPenalties, invented: true },
      verdict: null,
      language: 'en',
    });
    expect(reasons.map(({ code, effect }) => `${code} ${effect}`)).toEqual(
      expect.arrayContaining(['invented lowers', 'sentenceOverlap raises', 'lexicalCoverage lowers']),
    );
    expect(reasons.some(({ code }) => code === 'support')).toBe(false);
  });
});

describe('the level of a language', () => {
  it('makes up for what inflection and a script without spaces take from the signals', () => {
    expect(languageLevel('en')).toBe(0);
    expect(languageLevel(null)).toBe(0);
    expect(languageLevel('de')).toBeGreaterThan(languageLevel('es'));
    expect(languageLevel('ja')).toBe(languageLevel('zh'));
    expect(languageLevel('ja')).toBeGreaterThan(languageLevel('fi'));
    expect(languageLevel('fi')).toBeGreaterThan(0);
  });

  it('is part of the score', () => {
    const middling = { signals: typical, penalties: noPenalties, verdict: null };
    const score = (language: string) => assessConfidence({ ...middling, language }).score;
    expect(score('zh')).toBeGreaterThan(score('en'));
  });
});

const typical = {
  lexicalCoverage: 0.3,
  ngramCosine: 0.3,
  sentenceOverlap: 0.5,
  documentMargin: 0.3,
  pairProximity: 0.3,
  support: 0.5,
};
const signalNames = [
  'lexicalCoverage',
  'ngramCosine',
  'sentenceOverlap',
  'documentMargin',
  'pairProximity',
  'support',
] as const;
function signalsOf(value: fc.Arbitrary<number>) {
  return {
    lexicalCoverage: value,
    ngramCosine: value,
    sentenceOverlap: value,
    documentMargin: value,
    pairProximity: value,
    support: value,
  };
}

describe('the decision', () => {
  const fine: Situation = {
    intent: 'question',
    hasContent: true,
    hasFound: true,
    hasModelFailed: false,
    isClarifying: false,
    confidence: 0.8,
    threshold: 0.5,
  };

  it.each<[Partial<Situation>, string, string | null]>([
    [{}, 'answer', null],
    [{ confidence: 0.5 }, 'answer', null],
    [{ confidence: 0.4999 }, 'handoff', 'low-confidence'],
    [{ confidence: 0, threshold: 0 }, 'answer', null],
    [{ confidence: null }, 'handoff', 'low-confidence'],
    [{ hasFound: false }, 'handoff', 'nothing-found'],
    [{ hasContent: false }, 'handoff', 'nothing-found'],
    [{ hasModelFailed: true }, 'handoff', 'model-unavailable'],
    [{ isClarifying: true, confidence: 0.1 }, 'clarify', null],
    [{ intent: 'person' }, 'handoff', 'visitor-asked'],
    [{ intent: 'thanks', confidence: null, hasFound: false }, 'answer', null],
  ])('%o: %s %s', (change, decision, handoffReason) => {
    expect(decide({ ...fine, ...change })).toEqual({ decision, handoffReason });
  });

  it('nothing relevant is an empty search, or one below every floor', () => {
    const none = {
      passages: [],
      signals: {
        lexicalCoverage: 1,
        ngramCosine: 1,
        sentenceOverlap: 1,
        documentMargin: 1,
        pairProximity: 1,
      },
      standaloneQuery: '',
      timings: {},
    };
    expect(hasRelevant(none)).toBe(false);
  });
});
