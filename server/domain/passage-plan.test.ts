import { describe, expect, it } from 'vitest';
import { planPassages, type Holder, type KeptPassage, type PlannedDocument } from './passage-plan.ts';

const mark = (text: string) => ({ contentHash: `c:${text}`, wordingHash: `w:${text}` });
const kept = (id: number, text: string, holderId: number | null = null): KeptPassage => ({
  ...mark(text),
  id,
  holderId,
});

function document(title: string, texts: string[], stored: KeptPassage[] = []): PlannedDocument {
  return { title, passages: texts.map(mark), stored, isAlwaysIndexed: false };
}

const holders = (...entries: [string, number, string][]) =>
  new Map(entries.map(([text, id, title]): [string, Holder] => [`w:${text}`, { at: { id }, title }]));

describe('a new version', () => {
  it('keeps what did not change, wherever it moved, adds the rest, and removes what is gone', () => {
    const stored = [kept(1, 'a'), kept(2, 'b'), kept(3, 'c')];
    const plan = planPassages([document('T', ['c', 'new', 'a'], stored)], holders());
    expect(plan.steps).toEqual([
      [
        { type: 'keep', id: 3, holder: null },
        { type: 'add', addition: 0, holder: null },
        { type: 'keep', id: 1, holder: null },
      ],
    ]);
    expect(plan.removed).toEqual([2]);
  });

  it('keeps each of equal passages once', () => {
    const plan = planPassages([document('T', ['a', 'a', 'a'], [kept(1, 'a'), kept(2, 'a')])], holders());
    expect(plan.steps[0]?.map((step) => step.type)).toEqual(['keep', 'keep', 'add']);
    expect(plan.removed).toEqual([]);
  });
});

describe('text that recurs', () => {
  it('is left to the document that holds it already', () => {
    const plan = planPassages([document('B', ['own', 'footer'])], holders(['footer', 7, 'A']));
    expect(plan.steps[0]).toEqual([
      { type: 'add', addition: 0, holder: null },
      { type: 'add', addition: 1, holder: { id: 7 } },
    ]);
  });

  it('is held by the first of documents that are stored together', () => {
    const plan = planPassages([document('A', ['a', 'footer']), document('B', ['b', 'footer'])], holders());
    expect(plan.steps[1]?.[1]).toEqual({ type: 'add', addition: 3, holder: { addition: 1 } });
  });

  it('is held by a passage that stays, before one that is added', () => {
    const first = document('A', ['a', 'footer']);
    const second = document('B', ['b', 'footer'], [kept(9, 'footer')]);
    const plan = planPassages([first, second], holders());
    expect(plan.steps[0]?.[1]).toMatchObject({ holder: { id: 9 } });
    expect(plan.steps[1]?.[1]).toEqual({ type: 'keep', id: 9, holder: null });
  });

  it('stays in the index where a document would be left without any passage under its title', () => {
    const same = holders(['answer', 7, 'Can I send it back?']);
    expect(planPassages([document('Is there a refund?', ['answer'])], same).steps[0]).toEqual([
      { type: 'add', addition: 0, holder: null },
    ]);
    expect(planPassages([document('Can I send it back?', ['answer'])], same).steps[0]).toEqual([
      { type: 'add', addition: 0, holder: { id: 7 } },
    ]);
  });

  it('comes into the index when the rest of its document has gone', () => {
    const stored = [kept(1, 'own'), kept(2, 'footer', 7)];
    const plan = planPassages([document('B', ['footer'], stored)], holders(['footer', 7, 'A']));
    expect(plan.steps[0]).toEqual([{ type: 'add', addition: 0, holder: null }]);
    expect(plan.removed).toEqual([1, 2]);
  });

  it('is not left out where other wordings belong to the document', () => {
    const asked = { ...document('B', ['own', 'footer']), isAlwaysIndexed: true };
    expect(planPassages([asked], holders(['footer', 7, 'B'])).steps[0]?.[1]).toMatchObject({ holder: null });
  });
});
