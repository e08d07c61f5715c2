import { expect, it } from 'vitest';
import type { ParseReply, ParseTask } from './parse/messages.ts';
import { readDocument } from './read-document.ts';

/** A document of pages without text, of which OCR can read those in `readable`. */
async function notesOf(pagesWithoutText: number, readable: readonly number[]): Promise<readonly string[]> {
  const document: ParseReply = {
    kind: 'document',
    title: 'Scan',
    language: null,
    text: '',
    passages: [],
    links: [],
    canonical: null,
    isNoindex: false,
    isNofollow: false,
    wall: null,
    notes: ['Before.'],
    pagesWithoutText: Array.from({ length: pagesWithoutText }, (_, at) => at + 1),
  };
  const parse = (task: ParseTask): Promise<ParseReply> =>
    Promise.resolve(
      task.kind === 'ocr'
        ? { kind: 'ocr', page: task.page, paragraphs: readable.includes(task.page) ? ['Words'] : [] }
        : document,
    );
  const task = { kind: 'document' as const, bytes: Buffer.from(''), name: 'a.pdf', url: null };
  const reply = await readDocument(
    { parser: { parse, close: () => Promise.resolve() }, signal: new AbortController().signal },
    { ...task, contentType: null, title: null },
  );
  return reply.kind === 'document' ? reply.notes : [];
}

it('says of every page without text what became of it', async () => {
  expect(await notesOf(0, [])).toEqual(['Before.']);
  expect(await notesOf(1, [1])).toEqual(['Before.', '1 page without text was read by OCR.']);
  expect(await notesOf(2, [])).toEqual(['Before.', 'On 2 pages OCR, which reads English, found no text.']);
  expect(await notesOf(60, [3, 4])).toEqual([
    'Before.',
    '2 pages without text were read by OCR.',
    'On 48 pages OCR, which reads English, found no text.',
    '10 pages without text more than OCR reads of one file were left out.',
  ]);
});
