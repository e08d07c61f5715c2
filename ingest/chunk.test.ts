import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunk, defaultChunkOptions } from './chunk.ts';
import { block, type Block } from './extract/types.ts';
import { countWords, splitSentences } from './words.ts';

const words = (count: number, word = 'word') => `${Array<string>(count).fill(word).join(' ')}.`;
const heading = (level: number, text: string, anchor: string | null = null) =>
  block('heading', text, { level, anchor });
const paragraph = (text: string) => block('paragraph', text);

const anyBlock: fc.Arbitrary<Block> = fc.oneof(
  fc
    .record({ level: fc.integer({ min: 1, max: 6 }), text: fc.string({ minLength: 1 }) })
    .map((entry) => heading(entry.level, entry.text)),
  fc.lorem({ maxCount: 40 }).map(paragraph),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3000 }).map(paragraph),
  fc.string({ minLength: 1, maxLength: 6000 }).map((text) => block('code', text)),
  fc
    .array(fc.lorem(), { minLength: 1, maxLength: 100 })
    .map((items) => block('list', items.map((item) => `- ${item}`).join('\n'))),
);

describe('chunk', () => {
  it('keeps every passage a stretch of the text, in order, within the size, and loses no word', async () => {
    const property = fc.asyncProperty(fc.array(anyBlock, { maxLength: 25 }), async (blocks) => {
      const { text, passages } = await chunk(blocks, 'Title');
      const covered = new Set<number>();
      passages.forEach((passage, index) => {
        expect(passage.position).toBe(index);
        expect(passage.text).toBe(text.slice(passage.start, passage.end));
        expect(passage.start).toBeGreaterThanOrEqual(passages[index - 1]?.start ?? 0);
        const limit = defaultChunkOptions.maxWords * 1.5 + defaultChunkOptions.overlapWords + 60;
        expect(countWords(passage.text)).toBeLessThanOrEqual(limit);
        for (let at = passage.start; at < passage.end; at += 1) covered.add(at);
      });
      if (passages.length === 0) return;
      const bare = blocks.filter((entry) => entry.type !== 'heading').map((entry) => entry.text);
      const total = bare.join('').replace(/\s/g, '').length;
      const reached = [...covered].filter((at) => /\S/.test(text[at] ?? '')).length;
      expect(reached).toBeGreaterThanOrEqual(total);
    });
    await fc.assert(property, { numRuns: 150 });
  });

  it('cuts a long table at its rows and says its head again with each part', async () => {
    const rows = Array.from({ length: 90 }, (_, at) => `| Model ${String(at)} | ${words(8, 'part')} |`);
    const table = block('table', ['| Name | Parts |', '| --- | --- |', ...rows].join('\n'));
    const { text, passages } = await chunk([heading(1, 'Spares'), table], 'Spares');
    expect(passages.length).toBeGreaterThan(2);
    for (const passage of passages) {
      expect(passage.text).toMatch(/^\| Name \| Parts \|\n\| --- \| --- \|\n\| Model/);
      expect(passage.text).toBe(text.slice(passage.start, passage.end));
    }
    expect(rows.filter((row) => !passages.some((passage) => passage.text.split('\n').includes(row)))).toEqual(
      [],
    );
  });

  it('does not repeat an endless heading with every passage', async () => {
    const { passages } = await chunk([heading(2, 'x'.repeat(100_000)), paragraph(words(900))], 'Help');
    expect(passages.length).toBeGreaterThan(2);
    for (const passage of passages) expect(passage.headingPath.join('').length).toBeLessThan(300);
  });

  it('never reaches over a top heading', async () => {
    const { passages } = await chunk(
      [
        heading(1, 'Help'),
        heading(2, 'Returns'),
        paragraph('Send it back.'),
        heading(2, 'Shipping'),
        paragraph('We ship.'),
      ],
      'Help',
    );
    expect(passages.map((passage) => [passage.headingPath, passage.text])).toEqual([
      [['Returns'], 'Send it back.'],
      [['Shipping'], 'We ship.'],
    ]);
  });

  it('packs small sections below a top heading, with their headings, and notes where each began', async () => {
    const { passages } = await chunk(
      [
        heading(2, 'Returns', 'returns'),
        heading(3, 'Shoes', 'shoes'),
        paragraph(words(30)),
        heading(3, 'Tents'),
        paragraph(words(30)),
        heading(2, 'Other'),
        paragraph('x'),
      ],
      'Help',
    );
    expect(passages).toHaveLength(2);
    expect(passages[0]).toMatchObject({ headingPath: ['Returns', 'Shoes'], anchor: 'shoes' });
    expect(passages[0]?.text).toContain('### Tents');
  });

  it('cuts long paragraphs at sentences and repeats the last ones', async () => {
    const sentences = Array.from(
      { length: 60 },
      (_, index) => `Sentence number ${String(index)} says something new.`,
    );
    const { passages } = await chunk([paragraph(sentences.join(' '))], 'T');
    expect(passages.length).toBeGreaterThan(1);
    for (const passage of passages) expect(passage.text).toMatch(/^Sentence[\s\S]*new\.$/);
    const [first, second] = passages;
    expect((second?.start ?? 0) < (first?.end ?? 0)).toBe(true);
  });

  it('keeps a table whole where it fits and cuts a long one between rows', async () => {
    const rows = (count: number) =>
      [
        '| a | b |',
        '| --- | --- |',
        ...Array.from({ length: count }, (_, row) => `| cell ${String(row)} | value |`),
      ].join('\n');
    const small = await chunk([paragraph(words(120)), block('table', rows(20)), paragraph(words(120))], 'T');
    expect(
      small.passages.filter((passage) => passage.text.includes('cell 0') && passage.text.includes('cell 19')),
    ).toHaveLength(1);
    const large = await chunk([block('table', rows(200))], 'T');
    expect(large.passages.length).toBeGreaterThan(2);
    for (const passage of large.passages) expect(passage.text).toMatch(/^\|[\s\S]*\|$/);
  });

  it('does not repeat the title in the heading path', async () => {
    const { passages } = await chunk([heading(1, 'Returns'), paragraph('Yes.')], 'Returns - Shop');
    expect(passages[0]?.headingPath).toEqual([]);
  });
});

describe('words', () => {
  it('counts in scripts with and without spaces', () => {
    expect(countWords('three small words')).toBe(3);
    expect(countWords('返品は三十日以内にお願いします')).toBeGreaterThan(5);
    expect(countWords('')).toBe(0);
  });

  it('splits sentences without losing anything', () => {
    fc.assert(fc.property(fc.string(), (text) => splitSentences(text).join('') === text));
    expect(splitSentences('One. Two? 三。四。')).toHaveLength(4);
  });
});
