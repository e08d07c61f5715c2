import { documentInputSchema, type DocumentInput } from '../protocol/http-knowledge.ts';

/** A document that was handed over as JSON, or why it is none. */
export type DocumentLine = { document: DocumentInput } | { locator: string; reason: string };

/** A line beyond this is refused without being read. */
export const maxLineBytes = 6_000_000;

/** Refuses a line, with what to do about it. */
export function refuseLine(lineNumber: number, why: string): DocumentLine {
  const locator = `line ${String(lineNumber)}`;
  return { locator, reason: `Line ${String(lineNumber)}: ${why} Correct the line and send it again.` };
}

/** What PostgreSQL cannot store: zero characters and halves of surrogate pairs. */
function storable(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '').toWellFormed();
  return value;
}

/** Checks one line of NDJSON, or one member of a JSON list (its number then). */
export function parseDocumentLine(line: string, lineNumber: number): DocumentLine {
  let value: unknown;
  try {
    value = JSON.parse(line, (_key, inner: unknown) => storable(inner));
  } catch {
    return refuseLine(lineNumber, 'it is no JSON.');
  }
  const parsed = documentInputSchema.safeParse(value);
  if (parsed.success) return { document: parsed.data };
  const issue = parsed.error.issues[0];
  const place = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  return refuseLine(lineNumber, `${place}${issue?.message ?? 'it is no document'}.`.replace(/\.\.$/, '.'));
}
