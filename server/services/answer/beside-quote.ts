import type { Draft } from './draft.ts';

/** A model's text that stands in the pages this well loses nothing; below, its support falls in proportion. */
const wellGrounded = 0.75;

/**
 * Weighs what a model wrote beside what could be quoted. How much of the question the pages hold counts as it does
 * for a quotation, as far as the model's text stands in them. Where the model gives nothing (it failed, or finds no
 * answer), the quotation is the draft, under the model's verdict.
 */
export function weighBesideQuote(draft: Draft, quoted: Draft | null): Draft {
  if (quoted === null) return draft;
  if (draft.status === 'failed') return { ...quoted, status: 'failed', model: draft.model };
  const { verdict, model, promptVersion, tokens } = draft;
  if (verdict === 'none' && draft.text === '') return { ...quoted, verdict, model, promptVersion, tokens };
  return { ...draft, support: quoted.support * Math.min(1, draft.support / wellGrounded) };
}
