import { parseCsv } from '../domain/csv.ts';
import { AppError } from '../errors.ts';
import { movedQuestionSchema, type MovedQuestion } from '../protocol/http-questions.ts';

const head = ['question', 'document', 'headings', 'passage'] as const;
/** Tells spreadsheets that the text is UTF-8. */
const byteOrderMark = '\ufeff';
/** Signs that make spreadsheets take a cell for a formula, which a foreign page could have put there. */
const formula = /^'*[=+\-@\t\r]/;

const toCell = (text: string): string => {
  const safe = formula.test(text) ? `'${text}` : text;
  return /[",;\t|\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
const fromCell = (cell: string): string =>
  cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell;

/**
 * Ways to ask as CSV: the question, its document's id, and for one passage its headings (a line each) and its text. An
 * apostrophe stands before what a spreadsheet would take for a formula.
 */
export function writeQuestions(questions: readonly MovedQuestion[]): string {
  const rows = questions.map(({ question, document, place }) => [
    question,
    document,
    place?.headingPath.join('\n') ?? '',
    place?.text ?? '',
  ]);
  return byteOrderMark + [[...head], ...rows].map((row) => row.map(toCell).join(',')).join('\r\n');
}

const invalid = (row: number, why: string) =>
  new AppError('invalid-request', `Row ${String(row)}: ${why}.`, {
    fix: 'Correct it and send the file again; nothing of it was stored.',
  });

/**
 * Reads such a file. The head may name the columns in any order; without one they come in the order of the export.
 * Rows without a passage's text lead to the whole document.
 * @throws AppError `invalid-request` that names the row.
 */
export function parseQuestions(csv: string): MovedQuestion[] {
  const rows = parseCsv(csv.replace(byteOrderMark, '').replaceAll('\0', '').toWellFormed());
  const names = (rows[0] ?? []).map((cell) => cell.trim().toLowerCase());
  const hasHead = names.includes('question') && names.includes('document');
  const columnOf = (name: (typeof head)[number]) => (hasHead ? names.indexOf(name) : head.indexOf(name));
  const questions = rows.flatMap((row, at): MovedQuestion[] => {
    if ((at === 0 && hasHead) || row.every((cell) => cell.trim() === '')) return [];
    const cell = (name: (typeof head)[number]) => fromCell(row[columnOf(name)] ?? '');
    const text = cell('passage');
    const headingPath = cell('headings')
      .split(/\r?\n/)
      .filter((heading) => heading !== '');
    const place = text.trim() === '' ? null : { headingPath, text };
    const parsed = movedQuestionSchema.safeParse({
      question: cell('question'),
      document: cell('document').trim(),
      place,
    });
    if (parsed.success) return [parsed.data];
    const [issue] = parsed.error.issues;
    throw invalid(at + 1, `${String(issue?.path[0] ?? 'row')}: ${issue?.message ?? 'not valid'}`);
  });
  if (questions.length > 0) return questions;
  const fix = 'Give it the columns question and document, and for one passage headings and passage.';
  throw new AppError('invalid-request', 'The file holds no ways to ask.', { fix });
}
