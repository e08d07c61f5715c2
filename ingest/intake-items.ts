import { documentInputSchema, type DocumentInput } from '../server/protocol/http-knowledge.ts';
import { findFile } from '../server/store/source-file.ts';
import type { WorkItem } from '../server/store/source-item.ts';
import { outcomes } from './ledger.ts';
import type { ParseTask } from './parse/messages.ts';
import { externalIdOf, pairTask, qaPairSchema } from './pair.ts';
import { toNewDocument } from './publish.ts';
import { readDocument } from './read-document.ts';
import { readerOf } from './reader.ts';
import { endWithoutText } from './removal.ts';
import type { RunContext } from './run-context.ts';
import { unpackFile } from './unpack.ts';

type DocumentTask = Extract<ParseTask, { kind: 'document' }>;

async function readAndPublish(
  context: RunContext,
  item: WorkItem,
  task: DocumentTask,
  id: { externalId: string; url: string | null; aliases?: readonly string[]; canHoldOthers?: boolean },
): Promise<void> {
  const parsed = await readDocument(context, task);
  if (parsed.kind === 'failure' && parsed.container !== undefined && id.canHoldOthers === true) {
    await unpackFile(context, item, { bytes: task.bytes, container: parsed.container });
  } else if (parsed.kind === 'failure') {
    await endWithoutText(context, item, outcomes.unreadable(parsed));
  } else if (parsed.kind !== 'document' || parsed.passages.length === 0) {
    await endWithoutText(context, item, outcomes.empty(parsed.kind === 'document' ? parsed.notes : []));
  } else {
    const document = toNewDocument(parsed, id.externalId, id.url, id.aliases);
    const { ocr, notes } = parsed;
    const marks = { ocr, readBy: readerOf(context.parser) };
    await context.publish({ item, document, isOnceOnly: false, marks, notes });
  }
}

function bodyOf(line: DocumentInput): { text: string; contentType: string } {
  if (typeof line.html === 'string') return { text: line.html, contentType: 'text/html; charset=utf-8' };
  if (typeof line.markdown === 'string')
    return { text: line.markdown, contentType: 'text/markdown; charset=utf-8' };
  return { text: line.text ?? '', contentType: 'text/plain; charset=utf-8' };
}

/** Reads one line of an NDJSON intake. */
export async function readDocumentLine(context: RunContext, item: WorkItem): Promise<void> {
  const line = documentInputSchema.parse(item.payload);
  const { text, contentType } = bodyOf(line);
  const url = line.url ?? null;
  const bytes = Buffer.from(text.toWellFormed(), 'utf8');
  const task: DocumentTask = {
    kind: 'document',
    bytes,
    name: line.id,
    url,
    contentType,
    title: line.title ?? null,
  };
  await readAndPublish(context, item, task, { externalId: line.id, url });
}

/** Reads one uploaded file, or one document that came in one. */
export async function readUploadedFile(context: RunContext, item: WorkItem): Promise<void> {
  if (item.payload !== null) return readDocumentLine(context, item);
  const file = await findFile(context.db, item.id);
  if (file === null) {
    await endWithoutText(context, item, outcomes.fileGone());
    return;
  }
  const { bytes, mediaType: contentType } = file;
  const task: DocumentTask = {
    kind: 'document',
    bytes,
    name: item.locator,
    url: null,
    contentType,
    title: null,
  };
  const externalId = externalIdOf(context.lease.sourceId, 'upload', item.locator);
  await readAndPublish(context, item, task, { externalId, url: null, canHoldOthers: true });
}

/** Reads one question-and-answer pair: a document of its own whose title is the question. */
export async function readPair(context: RunContext, item: WorkItem): Promise<void> {
  const pair = qaPairSchema.parse(item.payload);
  const task = pairTask(pair, item.locator);
  const externalId = externalIdOf(context.lease.sourceId, 'qa', item.locator);
  await readAndPublish(context, item, task, { externalId, url: pair.url, aliases: pair.alternatives });
}
