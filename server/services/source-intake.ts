import { cleanFileName } from '../domain/file-name.ts';
import { AppError } from '../errors.ts';
import type { Clock, Database } from '../ports.ts';
import { insertFile } from '../store/source-file.ts';
import { addItems, type NewItem } from '../store/source-item.ts';
import { extendIntake } from '../store/source.ts';
import type { IntakeQuota } from './intake-quota.ts';
import { maxLineBytes, parseDocumentLine, refuseLine, type DocumentLine } from './document-line.ts';

/** An intake without a further line or file for this long is given up. */
export const intakeMs = 10 * 60_000;

const maxBatchItems = 200;
const maxBatchBytes = 1_000_000;
const maxFileBytes = 50_000_000;
const maxFiles = 5_000;

/** An uploaded file as it arrives. */
export interface UploadFile {
  /** Name, with folders where the caller kept them. */
  name: string;
  mediaType: string | null;
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

interface IntakeDeps {
  db: Database;
  clock: Clock;
  quota: IntakeQuota;
}

/** The open intake that things are added to. */
interface Intake {
  siteId: string;
  sourceId: string;
}

/** Cuts a stream of bytes at line feeds; a line beyond the limit comes as null. */
async function* splitLines(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer | null> {
  let parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    let rest = chunk;
    for (let at = rest.indexOf(10); at >= 0; at = rest.indexOf(10)) {
      yield size + at > maxLineBytes ? null : Buffer.concat([...parts, rest.subarray(0, at)]);
      [parts, size] = [[], 0];
      rest = rest.subarray(at + 1);
    }
    size += rest.byteLength;
    // What is too long already need not be kept.
    if (size > maxLineBytes) parts = [];
    else if (rest.byteLength > 0) parts.push(rest);
  }
  if (size > 0) yield size > maxLineBytes ? null : Buffer.concat(parts);
}

function itemOfLine(line: DocumentLine): NewItem {
  if ('document' in line) return { locator: line.document.id, payload: line.document };
  return { ...line, state: 'failed' };
}

/**
 * Stores NDJSON lines as items, a batch at a time, so that memory stays small however long the stream is. Of
 * lines with one id the last counts. Gives the number of lines; empty ones do not count.
 */
export async function takeLines(
  deps: IntakeDeps,
  { siteId, sourceId }: Intake,
  stream: AsyncIterable<Uint8Array>,
): Promise<number> {
  let batch = new Map<string, NewItem>();
  let batchBytes = 0;
  let lineNumber = 0;
  let count = 0;
  const flush = async () => {
    const [items, bytes] = [[...batch.values()], batchBytes];
    await deps.db.transaction(async (tx) => {
      await deps.quota.take(tx, siteId, sourceId, bytes);
      await addItems(tx, sourceId, 1, items, true);
    });
    await extendIntake(deps.db, sourceId, new Date(deps.clock.now() + intakeMs));
    batch = new Map();
    batchBytes = 0;
  };
  for await (const line of splitLines(stream)) {
    lineNumber += 1;
    if (line !== null && line.toString('utf8').trim() === '') continue;
    count += 1;
    const item = itemOfLine(
      line === null
        ? refuseLine(lineNumber, 'it is longer than 6 MB.')
        : parseDocumentLine(line.toString('utf8'), lineNumber),
    );
    batch.set(item.locator, item);
    batchBytes += line?.byteLength ?? 0;
    if (batch.size >= maxBatchItems || batchBytes >= maxBatchBytes) await flush();
  }
  if (batch.size > 0) await flush();
  return count;
}

/** Reads a file whole, or to its end without keeping it when it is too large (null). */
async function readAll(
  content: UploadFile['content'],
  hold: (bytes: number) => void,
): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content) {
    size += chunk.byteLength;
    if (size > maxFileBytes) {
      chunks.length = 0;
      continue;
    }
    hold(chunk.byteLength);
    chunks.push(chunk);
  }
  return size > maxFileBytes ? null : Buffer.concat(chunks);
}

async function storeFile(
  { db, quota }: IntakeDeps,
  { siteId, sourceId }: Intake,
  file: UploadFile,
  bytes: Buffer | null,
): Promise<void> {
  const locator = cleanFileName(file.name);
  const reason = bytes === null ? 'The file is larger than 50 MB. Split it and upload the parts.' : null;
  await db.transaction(async (tx) => {
    await quota.take(tx, siteId, sourceId, bytes?.byteLength ?? 0);
    const state = reason === null ? 'found' : 'failed';
    const [id] = await addItems(tx, sourceId, 1, [{ locator, state, reason }], true);
    if (id !== undefined && bytes !== null) await insertFile(tx, id, file.mediaType, bytes);
  });
}

/** What it takes of memory counts until the file is stored: it may have to wait for the database. */
async function takeFile(deps: IntakeDeps, intake: Intake, file: UploadFile): Promise<void> {
  let held = 0;
  const hold = (bytes: number): void => {
    deps.quota.hold(bytes);
    held += bytes;
  };
  try {
    await storeFile(deps, intake, file, await readAll(file.content, hold));
  } finally {
    deps.quota.release(held);
  }
}

/**
 * Stores uploaded files as items, one at a time. Of files with one name the last counts. Gives their number.
 * @throws AppError `too-large` for more than 5,000 files or more than the quota.
 */
export async function takeFiles(
  deps: IntakeDeps,
  intake: Intake,
  files: AsyncIterable<UploadFile> | Iterable<UploadFile>,
): Promise<number> {
  let count = 0;
  for await (const file of files) {
    count += 1;
    if (count > maxFiles) {
      throw new AppError('too-large', 'An upload takes at most 5,000 files.', {
        fix: 'Send several uploads.',
      });
    }
    await takeFile(deps, intake, file);
    await extendIntake(deps.db, intake.sourceId, new Date(deps.clock.now() + intakeMs));
  }
  return count;
}
