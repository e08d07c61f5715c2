import { openArchive, type Archive } from '../archive.ts';
import type { Extracted } from '../types.ts';
import { extractDocx } from './docx.ts';
import { extractOdt } from './odt.ts';
import { extractPptx } from './pptx.ts';
import { extractXlsx } from './xlsx.ts';

function readerFor(archive: Archive): ((archive: Archive) => Promise<Extracted>) | null {
  const names = new Set(archive.names);
  if (names.has('word/document.xml')) return extractDocx;
  if (names.has('ppt/presentation.xml')) return extractPptx;
  if (names.has('xl/workbook.xml')) return extractXlsx;
  return names.has('content.xml') && names.has('mimetype') ? extractOdt : null;
}

/**
 * Reads an office file by what is in it, whatever its name; null for a ZIP archive that is none.
 * @throws AppError `extract-failed` for what is damaged, locked, or too large when unpacked.
 */
export async function extractOffice(bytes: Uint8Array): Promise<Extracted | null> {
  const archive = await openArchive(bytes);
  const read = readerFor(archive);
  return read === null ? null : read(archive);
}
