import { describe, expect, it } from 'vitest';
import { parsePairs } from './qa-csv.ts';

const read = (text: string) => parsePairs(Buffer.from(text));
const pair = (question: string, answer: string, alternatives: string[] = []) => ({
  pair: { question, answer, alternatives },
});

describe('questions and answers from CSV', () => {
  it('finds its columns by name, in any order', () => {
    const csv =
      'Answer,Alternative 1,URL,question,alternatives\n"At nine, daily",Opening?,https://a.example/h,When?,"Hours|Since when\nTimes"\n';
    expect(read(csv)).toEqual([
      {
        pair: {
          question: 'When?',
          answer: 'At nine, daily',
          alternatives: ['Opening?', 'Hours', 'Since when', 'Times'],
          url: 'https://a.example/h',
        },
      },
    ]);
  });

  it.each([
    ['semicolons', 'When?;At nine.;Hours?\nWhere?;Here.;\n'],
    ['tabs', 'When?\tAt nine.\tHours?\nWhere?\tHere.\t\n'],
    [
      'a byte order mark and CRLF',
      '\ufeffquestion;answer;alternative\r\nWhen?;At nine.;Hours?\r\nWhere?;Here.;\r\n',
    ],
  ])('reads %s, with or without a head', (_name, csv) => {
    expect(read(csv)).toEqual([pair('When?', 'At nine.', ['Hours?']), pair('Where?', 'Here.')]);
  });

  it('says of a faulty row which it is, what is wrong and what to do', () => {
    const rows = read(
      'question,answer,url\nWhen?,,\n,At nine.,\nWhere?,Here.,javascript:alert(1)\n\nWho?,We.,\n',
    );
    expect(rows).toEqual([
      { locator: 'row 2', reason: 'Row 2, answer: it is empty. Correct it and send the file again.' },
      { locator: 'row 3', reason: 'Row 3, question: it is empty. Correct it and send the file again.' },
      { locator: 'row 4', reason: expect.stringMatching(/^Row 4, url: /) },
      pair('Who?', 'We.'),
    ]);
  });

  it('finds nothing in nothing', () => {
    for (const nothing of ['', '\n\n', 'question,answer\n']) expect(read(nothing)).toEqual([]);
  });
});
