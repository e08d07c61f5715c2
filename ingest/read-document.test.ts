import { expect, it } from 'vitest';
import type { ParseReply, ParseTask } from './parse/messages.ts';
import { readDocument, type ReadDocument } from './read-document.ts';

/** A document of pages without text, of which OCR can read those in `readable`. */
async function read(
  pagesWithoutText: number,
  readable: readonly number[],
  language: string | null = null,
): Promise<Pick<ReadDocument, 'notes' | 'ocr'> & { asked: string[] }> {
  const asked = new Set<string>();
  const document: ParseReply = {
    kind: 'document',
    title: 'Scan',
    language,
    text: '',
    passages: [],
    links: [],
    canonical: null,
    refresh: null,
    isNoindex: false,
    isNofollow: false,
    wall: null,
    notes: ['Before.'],
    pagesWithoutText: Array.from({ length: pagesWithoutText }, (_, at) => at + 1),
  };
  const parse = (task: ParseTask): Promise<ParseReply> => {
    if (task.kind !== 'ocr') return Promise.resolve(document);
    asked.add(task.languages.join('+'));
    const paragraphs = readable.includes(task.page) ? ['Words'] : [];
    return Promise.resolve({ kind: 'ocr', page: task.page, paragraphs, confidence: 80 + task.page });
  };
  const ocr = { folder: '/nowhere', languages: ['eng', 'deu', 'chi_sim'] };
  const task = { kind: 'document' as const, bytes: Buffer.from(''), name: 'a.pdf', url: null };
  const reply = await readDocument(
    { parser: { parse, ocr, close: () => Promise.resolve() }, signal: new AbortController().signal },
    { ...task, contentType: null, title: null },
  );
  if (reply.kind !== 'document') throw new Error('no document');
  return { notes: reply.notes, ocr: reply.ocr, asked: [...asked] };
}

it('says of every page without text what became of it, and how sure OCR is', async () => {
  expect(await read(0, [])).toEqual({ notes: ['Before.'], ocr: null, asked: [] });
  expect(await read(1, [1])).toMatchObject({
    notes: ['Before.', '1 page without text was read by OCR, 81 of 100 sure of its words.'],
    ocr: { pages: 1, confidence: 81 },
  });
  const nothing = 'OCR, which reads English, German, and Chinese, found no text.';
  expect(await read(2, [])).toMatchObject({ notes: ['Before.', `On 2 pages ${nothing}`], ocr: null });
  expect(await read(60, [3, 6])).toMatchObject({
    notes: [
      'Before.',
      '2 pages without text were read by OCR, 85 of 100 sure of its words.',
      `On 48 pages ${nothing}`,
      '10 pages without text more than OCR reads of one file were left out.',
    ],
    ocr: { pages: 2, confidence: 85 },
  });
});

it('reads in the language of the other pages where it is among those to read, else in all', async () => {
  expect((await read(2, [], 'de')).asked).toEqual(['deu']);
  expect((await read(2, [], 'zh')).asked).toEqual(['chi_sim']);
  expect((await read(2, [], 'fr')).asked).toEqual(['eng+deu+chi_sim']);
  expect((await read(2, [])).asked).toEqual(['eng+deu+chi_sim']);
});
