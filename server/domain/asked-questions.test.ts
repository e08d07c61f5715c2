import { describe, expect, it } from 'vitest';
import { askOfDocument, askOfPassage, placeQuestions, type AskedQuestion } from './asked-questions.ts';

const passage = (heading: string | null, text: string) => ({
  headingPath: heading === null ? [] : ['Guide', heading],
  text,
});
const soles = passage('Repairs', 'Worn boots get a new sole for 55 euros.');
const zips = passage('Repairs', 'A torn zip is sewn in anew within a week.');
const parking = passage('Parking', 'A place in the yard costs five euros a day.');
const loose = passage(null, 'The lake is a walk of ten minutes through the wood.');
const passages = [soles, zips, parking, loose];

const askedOf = (at: number, ...questions: string[]) => askOfPassage([], passages, at, questions);
const whereIs = (asked: readonly AskedQuestion[], now: typeof passages) => {
  const { byPassage, astray } = placeQuestions(asked, now);
  return astray.length > 0 ? 'astray' : byPassage.findIndex((questions) => questions.length > 0);
};

describe('a question of a passage', () => {
  it('leads to the passage that it was asked of', () => {
    expect(passages.map((_, at) => whereIs(askedOf(at, 'q'), passages))).toEqual([0, 1, 2, 3]);
  });

  it('follows it when it is rewritten under its heading', () => {
    const rewritten = passage('Repairs', 'Zippers: seven days.');
    expect(whereIs(askedOf(1, 'q'), [parking, soles, rewritten])).toBe(1);
    expect(whereIs(askedOf(2, 'q'), [soles, passage('Parking', 'Closed.')])).toBe(1);
  });

  it('follows its text to another heading, cut otherwise too', () => {
    const moved = passage('Service', `${zips.text} Bring it clean.`);
    expect(whereIs(askedOf(1, 'q'), [parking, moved])).toBe(1);
    expect(whereIs(askedOf(3, 'q'), [soles, passage('Around', loose.text)])).toBe(1);
  });

  it('goes astray, to the whole document, when heading and text are gone', () => {
    const asked = askedOf(3, 'q');
    expect(whereIs(asked, [soles, parking])).toBe('astray');
    expect(placeQuestions(asked, [soles, parking]).whole).toEqual(['q']);
    expect(whereIs(asked, [])).toBe('astray');
  });

  it('keeps its way back when the document is asked otherwise meanwhile', () => {
    const without = [soles, parking];
    const asked = askOfDocument(askedOf(3, 'q'), without, ['q', 'other']);
    expect(placeQuestions(asked, passages)).toMatchObject({ whole: ['other'], astray: [] });
    expect(whereIs(asked, passages)).toBe(3);
    expect(askOfDocument(asked, without, [])).toEqual([]);
  });
});

describe('asking', () => {
  it('replaces what led to the same place, and leaves the rest', () => {
    const both = askOfPassage(askedOf(0, 'soles?'), passages, 2, ['parking?']);
    const asked = askOfDocument(both, passages, ['all?', 'all?']);
    expect(placeQuestions(asked, passages)).toEqual({
      whole: ['all?'],
      astray: [],
      byPassage: [['soles?'], [], ['parking?'], []],
    });
    expect(placeQuestions(askOfPassage(asked, passages, 2, []), passages).byPassage[2]).toEqual([]);
    expect(placeQuestions(askOfDocument(asked, passages, []), passages)).toMatchObject({
      whole: [],
      byPassage: [['soles?'], [], ['parking?'], []],
    });
  });

  it('anew moves a question', () => {
    const moved = askOfPassage(askedOf(0, 'q'), passages, 2, ['q']);
    expect(whereIs(moved, passages)).toBe(2);
    expect(placeQuestions(askOfDocument(moved, passages, ['q']), passages).whole).toEqual(['q']);
  });
});
