import { describe, expect, it } from 'vitest';
import type { MovedQuestion } from '../protocol/http-questions.ts';
import { parseQuestions, writeQuestions } from './question-csv.ts';

const place = { headingPath: ['Terms, "short"', 'Gifts'], text: 'A gift goes back;\nwithin a week.' };

describe('ways to ask as CSV', () => {
  it('come back as they were', () => {
    const questions: MovedQuestion[] = [
      { document: 'https://shop.test/terms', question: 'May I return a gift?', place },
      { document: 'terms', question: 'Rückgabe, "wie"?', place: null },
      { document: '=cmd', question: "'-1 is a number?", place: { headingPath: [], text: '- one\n- two' } },
    ];
    expect(parseQuestions(writeQuestions(questions))).toEqual(questions);
  });

  it('hold nothing that a spreadsheet would calculate', () => {
    const csv = writeQuestions([{ document: '@SUM(A1)', question: '=HYPERLINK("x")', place: null }]);
    expect(csv).toContain(`"'=HYPERLINK(""x"")"`);
    expect(csv).toContain(`'@SUM(A1)`);
  });

  it('are read with columns in any order, with other delimiters, and without a head', () => {
    const one = { document: 'terms', question: 'May I?', place: null };
    expect(parseQuestions('Document;Question\nterms;May I?\n\n')).toEqual([one]);
    expect(parseQuestions('May I?,terms\n')).toEqual([one]);
    expect(parseQuestions('question\tdocument\theadings\tpassage\nMay I?\tterms\tA\tText\n')).toEqual([
      { ...one, place: { headingPath: ['A'], text: 'Text' } },
    ]);
  });

  it('name the row that is wrong', () => {
    const read = (csv: string) => () => parseQuestions(csv);
    expect(read('question,document\nMay I?,terms\nx,terms')).toThrow(/^Row 3: question/);
    expect(read('question,document\nMay I?,')).toThrow(/^Row 2: document/);
    expect(read('question,document\n')).toThrow('The file holds no ways to ask.');
  });
});
