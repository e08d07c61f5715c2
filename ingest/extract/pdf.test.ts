import { describe, expect, it } from 'vitest';
import { makePdf, type PdfText } from '../../server/testing/pdf.ts';
import { readingOrder } from './pdf-layout.ts';
import { extractPdf } from './pdf.ts';

const read = async (pages: readonly (readonly PdfText[])[]) => {
  const found = await extractPdf(makePdf(pages));
  return found.blocks.map(({ type, text, page }) => [type, text, page]);
};
/** Lines of a paragraph below each other. */
const lines = (texts: readonly string[], x: number, y: number): PdfText[] =>
  texts.map((text, index) => ({ text, x, y: y - index * 14 }));

describe('extractPdf', () => {
  it('joins lines and hyphenated words, and takes larger letters for headings', async () => {
    const found = await read([
      [
        { text: 'Returns', x: 60, y: 700, size: 20 },
        ...lines(['You may send back any-', 'thing that you bought from us', 'within thirty days.'], 60, 660),
      ],
    ]);
    expect(found).toEqual([
      ['heading', 'Returns', 1],
      ['paragraph', 'You may send back anything that you bought from us within thirty days.', 1],
    ]);
  });

  it('reads columns one after the other', async () => {
    const left = [
      'The left column begins here and',
      'it goes on for some lines so that',
      'it is clear that it is a column.',
    ];
    const right = [
      'The right column is read second,',
      'after the left one has come to',
      'its end, as a person would do.',
    ];
    const found = await read([[...lines(left, 60, 600), ...lines(right, 330, 600)]]);
    expect(found.map(([, text]) => text)).toEqual([left.join(' '), right.join(' ')]);
  });

  it('tells columns with a narrow gutter below a title, and a number before a heading from a column', async () => {
    const row = (side: string, at: number) => `${side} line ${String(at)} says what it has to say`;
    const column = (side: string, x: number) =>
      lines(
        Array.from({ length: 12 }, (_, at) => row(side, at)),
        x,
        640,
      );
    const found = await read([
      [
        { text: 'A title that reaches over both of the columns', x: 100, y: 700, size: 18 },
        ...column('Left', 60),
        ...column('Right', 237),
        { text: '7', x: 290, y: 120 },
      ],
      [
        { text: '3', x: 60, y: 700, size: 18 },
        { text: 'Heading', x: 90, y: 700, size: 18 },
        ...lines(['Text below it that goes on', 'for a second line'], 60, 660),
      ],
    ]);
    const texts = found.map(([, text]) => text);
    expect(texts[1]).toBe(Array.from({ length: 12 }, (_, at) => row('Left', at)).join(' '));
    expect(texts[2]).toBe(Array.from({ length: 12 }, (_, at) => row('Right', at)).join(' '));
    expect(texts).not.toContain('7');
    expect(found[3]).toEqual(['heading', '3 Heading', 2]);
  });

  it('reads a table row by row', async () => {
    const cells = [
      ['Size', 'Weight', 'Fee'],
      ['S', '1 kg', '3 EUR'],
      ['L', '4 kg', '9 EUR'],
    ];
    const page = cells.flatMap((row, y) =>
      row.map((text, x) => ({ text, x: 60 + x * 120, y: 600 - y * 16 })),
    );
    expect(await read([page])).toEqual([
      [
        'table',
        '| Size | Weight | Fee |\n| --- | --- | --- |\n| S | 1 kg | 3 EUR |\n| L | 4 kg | 9 EUR |',
        1,
      ],
    ]);
  });

  it('takes off running heads and page numbers, and joins a sentence over pages', async () => {
    const page = (number: number, text: string): PdfText[] => [
      { text: 'Handbook 2026', x: 60, y: 810 },
      { text: `Page ${String(number)} of 3`, x: 280, y: 30 },
      ...lines([text, 'and more of the same in a second line'], 60, 500),
    ];
    const found = await read([
      page(1, 'The first page says something'),
      page(2, 'which goes on here, for a while'),
      page(3, 'The third begins anew'),
    ]);
    const text = found.map((entry) => entry[1]).join('\n');
    expect(text).not.toMatch(/Handbook|Page \d/);
    expect(found[0]?.[1]).toContain('second line which goes on');
    expect(found.at(-1)?.[2]).toBe(3);
  });

  it('names the pages that have no text', async () => {
    expect((await extractPdf(makePdf([[{ text: 'Words', x: 60, y: 500 }], []]))).pagesWithoutText).toEqual([
      2,
    ]);
  });
});

describe('readingOrder', () => {
  it('reads a script that runs from right to left so, with numbers and foreign words in it from the left', () => {
    const box = (text: string, x: number, width: number) => ({ text, x, y: 500, width, size: 10 });
    const row = [
      box('שלום', 200, 30),
      box('לכם', 170, 25),
      box('Desk', 120, 20),
      box('bell', 145, 20),
      box('סוף', 90, 25),
    ];
    expect(readingOrder(row).map((line) => line?.text)).toEqual(['שלום לכם Desk bell סוף']);
  });
});

describe('hostile PDFs', () => {
  it('gives text or a clear refusal wherever a file was cut off', async () => {
    const whole = makePdf([[{ text: 'Words on a page', x: 60, y: 500 }]], {
      catalog: '/OpenAction << /S /JavaScript /JS (app.alert(1)) >>',
    });
    for (let cut = 10; cut < whole.byteLength; cut += Math.ceil(whole.byteLength / 40)) {
      const outcome = await extractPdf(whole.subarray(0, cut)).then(
        (found) => found.blocks.length >= 0,
        (error: unknown) => error,
      );
      if (outcome !== true) expect(outcome).toMatchObject({ code: 'extract-failed' });
    }
    expect((await extractPdf(whole)).blocks).toHaveLength(1);
  });

  it('does not walk in circles', async () => {
    const cyclic = makePdf([[{ text: 'x', x: 1, y: 1 }]])
      .toString('latin1')
      .replace('/Kids [4 0 R]', '/Kids [2 0 R]');
    await expect(extractPdf(Buffer.from(cyclic, 'latin1'))).rejects.toMatchObject({ code: 'extract-failed' });
  });
});
