import { z } from 'zod';
import type { ParseTask } from './parse/messages.ts';

/** A question-and-answer pair as an item's payload. */
export const qaPairSchema = z.object({
  question: z.string(),
  answer: z.string(),
  alternatives: z.array(z.string()),
  url: z.string().nullable(),
});
export type QaPair = z.infer<typeof qaPairSchema>;

/** How a pair is read, whoever reads it: the answer is Markdown, and the question its title. */
export function pairTask(pair: QaPair, locator: string): Extract<ParseTask, { kind: 'document' }> {
  return {
    kind: 'document',
    bytes: Buffer.from(pair.answer.toWellFormed(), 'utf8'),
    name: locator,
    url: pair.url,
    contentType: 'text/markdown; charset=utf-8',
    title: pair.question,
  };
}

/** Ids of one source's pairs and files must not meet those of another's. */
export function externalIdOf(sourceId: string, type: 'upload' | 'qa', locator: string): string {
  return `${type}:${sourceId}:${locator}`;
}
