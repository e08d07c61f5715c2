import { fromBufferPromise, getFileNameLowLevel, type Entry, type ZipFile } from 'yauzl';
import { AppError } from '../../server/errors.ts';
import type { Part } from './messages.ts';

/** Limits of one uploaded archive; its directory must keep them, and what is inflated is counted again. */
const limits = {
  entries: 5_000,
  totalBytes: 500_000_000,
  /** As large as an upload of its own may be. */
  entryBytes: 50_000_000,
  /** Text and office files stay below 1:100; bombs are beyond 1:1000. */
  ratio: 250,
  ratioFreeBytes: 5_000_000,
} as const;

const unixLink = 0o120000;
const unixTypeMask = 0o170000;
const refuse = (message: string, cause?: unknown) =>
  new AppError('extract-failed', message, {
    fix: 'Unpack it, check it, and upload its files by themselves.',
    cause,
  });
const tooLarge = () => refuse('The archive would unpack to more than is allowed.');

/** Names are cleaned, not refused, by who stores them; so that yauzl must not refuse a whole archive for one. */
const nameOf = (entry: Entry): string =>
  getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);

const isHidden = (name: string): boolean =>
  name.split(/[\\/]/).some((part) => part === '__MACOSX' || /^\.[^.]/.test(part));

/** Why one entry is left out although the archive is sound; null when it is read. */
function refusalOf(entry: Entry): string | null {
  if (entry.isEncrypted()) return 'It is protected by a password. Upload it without one.';
  const type = (entry.externalFileAttributes >>> 16) & unixTypeMask;
  if (type === unixLink) return 'It is a link to another file. Upload that file itself.';
  if (entry.uncompressedSize > limits.entryBytes)
    return 'The file is larger than 50 MB. Split it and upload the parts.';
  return null;
}

function isBomb({ uncompressedSize, compressedSize }: Entry): boolean {
  return (
    uncompressedSize > limits.ratioFreeBytes && uncompressedSize > Math.max(compressedSize, 1) * limits.ratio
  );
}

/** Office files are archives too; their first or listed names tell them. */
export function isOfficeArchive(bytes: Uint8Array): boolean {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return (
    all.subarray(30, 80).includes('mimetypeapplication/vnd.oasis') || all.includes('[Content_Types].xml')
  );
}

/** The files of the directory, in its order; folders are no files. */
async function readDirectory(zip: ZipFile): Promise<Entry[]> {
  if (zip.entryCount > limits.entries)
    throw refuse(`The archive holds more than ${String(limits.entries)} files.`);
  const entries: Entry[] = [];
  let total = 0;
  for await (const entry of zip.eachEntry()) {
    total += entry.uncompressedSize;
    if (total > limits.totalBytes || isBomb(entry)) throw tooLarge();
    if (!/[\\/]$/.test(nameOf(entry))) entries.push(entry);
    if (entries.length > limits.entries) throw tooLarge();
  }
  return entries;
}

/** Inflates one file; stops as soon as it is more than the directory said. */
async function inflate(zip: ZipFile, entry: Entry): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of await zip.openReadStreamPromise(entry)) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.byteLength;
    if (size > entry.uncompressedSize) throw tooLarge();
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

async function readEntry(zip: ZipFile, entry: Entry): Promise<Part> {
  const name = nameOf(entry);
  const refusal = refusalOf(entry);
  if (refusal !== null) return { kind: 'refused', name, reason: refusal };
  try {
    return { kind: 'file', name, bytes: await inflate(zip, entry) };
  } catch (error) {
    if (error instanceof AppError) throw error;
    return { kind: 'refused', name, reason: 'It is damaged in the archive. Upload it by itself.' };
  }
}

/**
 * The files of a ZIP archive from number `from` on, until `maxBytes` of them have been inflated; `next` is where to
 * go on. Nothing is written to disk, and names are never used as paths. Hidden files count as passed over.
 * @throws AppError `extract-failed` for what is no ZIP, or would unpack to too much.
 */
export async function unzip(
  bytes: Uint8Array,
  from: number,
  maxBytes: number,
): Promise<{ parts: Part[]; next: number | null; hidden: number }> {
  let zip: ZipFile;
  let entries: Entry[];
  try {
    zip = await fromBufferPromise(Buffer.from(bytes), {
      lazyEntries: true,
      validateEntrySizes: true,
      decodeStrings: false,
    });
    entries = await readDirectory(zip);
  } catch (error) {
    throw error instanceof AppError ? error : refuse('The archive is damaged.', error);
  }
  const parts: Part[] = [];
  let hidden = 0;
  let inflated = 0;
  for (const [index, entry] of entries.entries()) {
    if (index < from) continue;
    if (isHidden(nameOf(entry))) {
      hidden += 1;
      continue;
    }
    if (parts.length > 0 && inflated + entry.uncompressedSize > maxBytes) {
      return { parts, next: index, hidden };
    }
    const part = await readEntry(zip, entry);
    parts.push(part);
    inflated += part.kind === 'file' ? part.bytes.byteLength : 0;
  }
  return { parts, next: null, hidden };
}
