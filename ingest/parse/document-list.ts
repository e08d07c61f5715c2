import { maxLineBytes, parseDocumentLine, refuseLine } from '../../server/services/document-line.ts';
import { documentInputSchema } from '../../server/protocol/http-knowledge.ts';
import { decodeText } from '../extract/charset.ts';
import { extensionOf } from './format.ts';
import type { Part } from './messages.ts';

const lineExtensions = new Set(['ndjson', 'jsonl']);

/** Members of a JSON list as text, null when the text is no list of documents (but data, or a single object). */
function membersOf(text: string): string[] | null {
  if (!/^\s*\[/.test(text)) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (!Array.isArray(value) || !documentInputSchema.safeParse(value[0]).success) return null;
    return value.map((member) => JSON.stringify(member));
  } catch {
    return null;
  }
}

/** The documents that a file lists, as JSON texts: a line each, or members of one list. Null when it lists none. */
export function listedDocuments(bytes: Uint8Array, name: string): string[] | null {
  const extension = extensionOf(name);
  const text = () => decodeText(bytes, 'application/json; charset=utf-8').replace(/^\ufeff/, '');
  if (lineExtensions.has(extension)) return text().split('\n');
  return extension === 'json' ? membersOf(text()) : null;
}

/** The documents from number `from` on, until `maxBytes` of text have been taken; `next` is where to go on. */
export function takeDocuments(
  lines: readonly string[],
  from: number,
  maxBytes: number,
): { parts: Part[]; next: number | null } {
  const parts: Part[] = [];
  let taken = 0;
  for (const [index, line] of lines.entries()) {
    if (index < from || line.trim() === '') continue;
    if (parts.length > 0 && taken + line.length > maxBytes) return { parts, next: index };
    taken += line.length;
    const isTooLong = Buffer.byteLength(line) > maxLineBytes;
    const read = isTooLong
      ? refuseLine(index + 1, 'it is longer than 6 MB.')
      : parseDocumentLine(line, index + 1);
    if ('document' in read) parts.push({ kind: 'document', document: read.document });
    else parts.push({ kind: 'refused', name: read.locator, reason: read.reason });
  }
  return { parts, next: null };
}
