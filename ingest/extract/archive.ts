import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import { AppError } from '../../server/errors.ts';

/** Limits of one archive, checked from its directory and again while inflating. */
const maxEntries = 5_000;
const maxTotalBytes = 200_000_000;
const maxEntryBytes = 100_000_000;
/** Real office files stay below 1:100; bombs are beyond 1:1000. */
const maxRatio = 250;
const ratioFreeBytes = 20_000_000;

export interface Archive {
  /** Names of its files, in the directory's order. */
  names: readonly string[];
  /** Inflates one file; null when there is none of that name. @throws AppError `extract-failed`. */
  read(name: string): Promise<Buffer | null>;
}

const broken = (message: string, cause?: unknown) =>
  new AppError('extract-failed', message, {
    fix: 'Unpack it, check it, and send its files by themselves.',
    cause,
  });

function checkEntry(entry: Entry, total: number): void {
  const { uncompressedSize, compressedSize } = entry;
  if (entry.isEncrypted()) throw broken('The archive is protected by a password.');
  const isBomb =
    uncompressedSize > ratioFreeBytes && uncompressedSize > Math.max(compressedSize, 1) * maxRatio;
  if (uncompressedSize > maxEntryBytes || total > maxTotalBytes || isBomb) {
    throw broken('The archive would unpack to more than is allowed.');
  }
}

async function readDirectory(zip: ZipFile): Promise<Map<string, Entry>> {
  if (zip.entryCount > maxEntries) throw broken(`The archive holds more than ${String(maxEntries)} files.`);
  const entries = new Map<string, Entry>();
  let total = 0;
  for await (const entry of zip.eachEntry()) {
    total += entry.uncompressedSize;
    checkEntry(entry, total);
    if (!entry.fileName.endsWith('/') && entries.size < maxEntries) entries.set(entry.fileName, entry);
  }
  return entries;
}

async function inflate(zip: ZipFile, entry: Entry, counted: { bytes: number }): Promise<Buffer> {
  const stream = await zip.openReadStreamPromise(entry);
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    counted.bytes += bytes.byteLength;
    // A directory may lie about sizes.
    if (counted.bytes > maxTotalBytes) throw broken('The archive unpacks to more than is allowed.');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/**
 * Opens a ZIP archive in memory; nothing is ever written to disk, and names are never used as paths.
 * @throws AppError `extract-failed` for what is damaged, locked, or too large when unpacked.
 */
export async function openArchive(bytes: Uint8Array): Promise<Archive> {
  try {
    const zip = await fromBufferPromise(Buffer.from(bytes), {
      lazyEntries: true,
      validateEntrySizes: true,
      strictFileNames: false,
    });
    const entries = await readDirectory(zip);
    const counted = { bytes: 0 };
    return {
      names: [...entries.keys()],
      async read(name) {
        const entry = entries.get(name);
        return entry === undefined ? null : inflate(zip, entry, counted);
      },
    };
  } catch (error) {
    throw error instanceof AppError ? error : broken('The archive is damaged.', error);
  }
}
