import { cleanFileName } from '../server/domain/file-name.ts';
import { insertFile } from '../server/store/source-file.ts';
import { addItems, type WorkItem } from '../server/store/source-item.ts';
import { holdsLease } from '../server/store/source.ts';
import { outcomes } from './ledger.ts';
import type { Part } from './parse/messages.ts';
import { endWithoutText } from './removal.ts';
import { LeaseLost, type RunContext } from './run-context.ts';

/** Names within one container, made distinct: what cleaning made equal must not hide another file. */
function createNamer(container: string): (name: string) => string {
  const taken = new Map<string, number>();
  return (name) => {
    const clean = `${container}/${cleanFileName(name)}`;
    const count = (taken.get(clean) ?? 0) + 1;
    taken.set(clean, count);
    return count === 1 ? clean : `${clean} (${String(count)})`;
  };
}

/** What parts take once they are stored, in bytes. */
function sizeOf(parts: readonly Part[]): number {
  let size = 0;
  for (const part of parts) {
    if (part.kind === 'file') size += part.bytes.byteLength;
    if (part.kind === 'document') size += Buffer.byteLength(JSON.stringify(part.document));
  }
  return size;
}

/** Stores parts as items to be read, in one transaction; those that cannot be taken end with their reason. */
async function storeParts(
  context: RunContext,
  item: WorkItem,
  parts: readonly Part[],
  nameOf: (name: string) => string,
): Promise<void> {
  const { db, lease } = context;
  const depth = item.depth + 1;
  await db.transaction(async (tx) => {
    // First what locks the source for itself alone: two who share it would wait for each other.
    await context.quota.takeUnpacked(tx, context.source.siteId, lease.sourceId, sizeOf(parts));
    if (!(await holdsLease(tx, lease))) throw new LeaseLost();
    for (const part of parts) {
      if (part.kind === 'document') {
        const { document } = part;
        await addItems(tx, lease.sourceId, lease.run, [{ locator: document.id, depth, payload: document }]);
        continue;
      }
      const locator = nameOf(part.name);
      const end = part.kind === 'refused' ? { state: 'failed' as const, reason: part.reason } : {};
      const [id] = await addItems(tx, lease.sourceId, lease.run, [{ locator, depth, ...end }]);
      if (id !== undefined && part.kind === 'file') await insertFile(tx, id, null, part.bytes);
    }
  });
}

/**
 * Takes an uploaded container apart: each file of an archive and each document of a list becomes an item of its
 * own. Begun again after a crash it finds the same parts under the same names. An archive within an archive is
 * refused.
 */
export async function unpackFile(
  context: RunContext,
  item: WorkItem,
  file: { bytes: Uint8Array; container: 'archive' | 'list' },
): Promise<void> {
  if (item.depth > 0 && file.container === 'archive') {
    await endWithoutText(context, item, outcomes.nestedArchive());
    return;
  }
  const nameOf = createNamer(item.locator);
  let count = 0;
  let hidden = 0;
  for (let from: number | null = 0; from !== null;) {
    const task = { kind: 'parts' as const, bytes: file.bytes, name: item.locator, from };
    const reply = await context.parser.parse(task, context.signal);
    if (reply.kind !== 'parts') {
      const outcome = reply.kind === 'failure' ? outcomes.unreadable(reply) : outcomes.empty();
      await endWithoutText(context, item, outcome);
      return;
    }
    await storeParts(context, item, reply.parts, nameOf);
    count += reply.parts.length;
    hidden += reply.hidden;
    from = reply.next;
  }
  await endWithoutText(
    context,
    item,
    count === 0 ? outcomes.emptyContainer() : outcomes.unpacked(count, hidden),
  );
}
