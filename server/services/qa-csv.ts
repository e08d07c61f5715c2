import { decodeText } from '../../ingest/extract/charset.ts';
import { parseCsv } from '../domain/csv.ts';
import { qaPairSchema, type QaPairInput } from '../protocol/http-knowledge.ts';

/** A row of the file as a pair, or why it is none. */
export type PairRow = { pair: QaPairInput } | { locator: string; reason: string };

interface Columns {
  question: number;
  answer: number;
  url: number | null;
  alternatives: readonly number[];
}

/** Finds columns by the names in the first row; null when that is no head but a pair. */
function readHead(row: readonly string[]): Columns | null {
  const names = row.map((cell) => cell.trim().toLowerCase());
  const find = (...words: string[]) => names.findIndex((name) => words.includes(name));
  const [question, answer] = [find('question', 'questions', 'q'), find('answer', 'answers', 'a')];
  if (question < 0 || answer < 0) return null;
  const url = find('url', 'link', 'address');
  const alternatives = names.flatMap((name, at) => (/^(?:alternative|other|variant)/.test(name) ? [at] : []));
  return { question, answer, url: url < 0 ? null : url, alternatives };
}

function withoutHead(width: number): Columns {
  const rest = Array.from({ length: Math.max(0, width - 2) }, (_, at) => at + 2);
  return { question: 0, answer: 1, url: null, alternatives: rest };
}

function toPair(row: readonly string[], columns: Columns, rowNumber: number): PairRow {
  const cell = (at: number) => (row[at] ?? '').replaceAll('\0', '').toWellFormed().trim();
  const url = columns.url === null ? '' : cell(columns.url);
  const parsed = qaPairSchema.safeParse({
    question: cell(columns.question),
    answer: cell(columns.answer),
    alternatives: columns.alternatives
      .flatMap((at) => cell(at).split(/[\n|]/))
      .map((text) => text.trim())
      .filter(Boolean),
    ...(url === '' ? {} : { url }),
  });
  if (parsed.success) return { pair: parsed.data };
  const [issue] = parsed.error.issues;
  const place = String(issue?.path[0] ?? 'row');
  const why =
    cell(columns.answer) === '' || cell(columns.question) === ''
      ? 'it is empty'
      : (issue?.message ?? 'not valid');
  const locator = `row ${String(rowNumber)}`;
  return {
    locator,
    reason: `Row ${String(rowNumber)}, ${place}: ${why}. Correct it and send the file again.`,
  };
}

/**
 * Reads question-and-answer pairs from CSV (comma, semicolon, tab or bar; any charset). With a head the columns are
 * `question`, `answer`, `url` and any that begin with `alternative`; without one the first two count and all others
 * are alternatives. Several alternatives in one cell stand on lines of their own or between bars.
 */
export function parsePairs(bytes: Uint8Array): PairRow[] {
  const rows = parseCsv(decodeText(bytes, 'text/csv'));
  const [first] = rows;
  if (first === undefined) return [];
  const head = readHead(first);
  const width = Math.max(...rows.slice(0, 100).map((row) => row.length));
  return rows.flatMap((row, at) => {
    const isEmpty = row.every((cell) => cell.trim() === '');
    if (isEmpty || (at === 0 && head !== null)) return [];
    return [toPair(row, head ?? withoutHead(width), at + 1)];
  });
}
