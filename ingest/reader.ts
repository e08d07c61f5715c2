import type { ParsePool } from './parse/pool.ts';

/** Raise it when the same input would give other passages, so that everything is read anew. */
export const pipelineVersion = 4;

/** Who reads: what one reader has read, the same reader would read alike. */
export function readerOf(parser: Pick<ParsePool, 'ocr'>): string {
  return `${String(pipelineVersion)} ${parser.ocr.languages.join('+')}`;
}
