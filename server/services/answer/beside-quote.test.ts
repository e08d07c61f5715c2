import { expect, it } from 'vitest';
import { weighBesideQuote } from './beside-quote.ts';
import type { Draft } from './draft.ts';

const draft = (more: Partial<Draft>): Draft => ({
  text: 'Within 30 days. [1]',
  citations: [],
  isQuoted: false,
  status: 'complete',
  support: 0.9,
  penalties: {},
  verdict: 'full',
  model: 'm',
  promptVersion: 'p',
  tokens: 7,
  ...more,
});
const quoted = draft({
  text: 'Quoted.',
  isQuoted: true,
  support: 0.4,
  verdict: null,
  model: null,
  tokens: null,
});

it('counts how much of the question the pages hold, as far as the model’s text stands in them', () => {
  expect(weighBesideQuote(draft({}), quoted).support).toBe(0.4);
  expect(weighBesideQuote(draft({ support: 0.375 }), quoted).support).toBeCloseTo(0.2);
  expect(weighBesideQuote(draft({}), null).support).toBe(0.9);
});

it('quotes where the model gives nothing, under its verdict', () => {
  const none = weighBesideQuote(draft({ text: '', verdict: 'none' }), quoted);
  expect(none).toMatchObject({ text: 'Quoted.', isQuoted: true, verdict: 'none', model: 'm', tokens: 7 });
  const failed = weighBesideQuote(draft({ text: '', status: 'failed', verdict: null }), quoted);
  expect(failed).toMatchObject({ text: 'Quoted.', status: 'failed', model: 'm' });
});

it('leaves what the model said, also where it finds no answer but says something', () => {
  expect(weighBesideQuote(draft({ verdict: 'none', text: 'We do not say.' }), quoted).text).toBe(
    'We do not say.',
  );
  expect(weighBesideQuote(draft({ status: 'incomplete' }), quoted)).toMatchObject({
    status: 'incomplete',
    isQuoted: false,
  });
});
