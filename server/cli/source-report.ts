import { z } from 'zod';
import {
  sourceItemSchema,
  sourceSchema,
  type LedgerFilter,
  type SourceItem,
} from '../protocol/http-knowledge.ts';
import { formatTable, type Output } from './output.ts';
import type { FinishedSource } from './watch-source.ts';

/** What `ingest` gives: sources, how many items ended how, and every item. */
export const reportSchema = z.object({
  /** Items that can be found now. */
  inIndex: z.number().int(),
  counts: z.record(z.string(), z.number().int()),
  /** Items that were read from pictures of their pages, by OCR. */
  ocrItems: z.number().int(),
  sources: z.array(sourceSchema),
  items: z.array(sourceItemSchema),
});
export type Report = z.infer<typeof reportSchema>;

/** Sums up sources that are over. */
export function toReport(finished: readonly FinishedSource[]): Report {
  const items = finished.flatMap((one) => one.items);
  const counts: Record<string, number> = {};
  for (const { state } of items) counts[state] = (counts[state] ?? 0) + 1;
  return {
    inIndex: (counts['indexed'] ?? 0) + (counts['unchanged'] ?? 0),
    counts,
    ocrItems: items.filter(({ ocr }) => ocr).length,
    sources: finished.map(({ source }) => source),
    items,
  };
}

const examplesPerReason = 3;

interface Group {
  state: string;
  reason: string;
  ids: string[];
  passageCount: number;
}

/** Each page says how many passages it has and how many were new; the table needs their sum only. */
const ownCount =
  /^Stored as \d+ passages?\.(?: \d+ of \d+ passages? (?:was|were) new\.)?(?: \d+ passages? that [\w ]+\.)?(?: \d+ pages? without text (?:was|were) read by OCR, \d+ of 100 sure of its words\.)?$/;

/** Items with the same end and reason together; the most frequent first within a state. */
function groupItems(items: Report['items']): Group[] {
  const groups = new Map<string, Group>();
  for (const { state: end, ocr, reason, id, passageCount } of items) {
    const state = ocr ? `${end} (OCR)` : end;
    const shared = reason === null || ownCount.test(reason) ? '' : reason;
    const key = `${state}\n${shared}`;
    const group = groups.get(key) ?? { state, reason: shared, ids: [], passageCount: 0 };
    group.ids.push(id);
    group.passageCount += passageCount ?? 0;
    groups.set(key, group);
  }
  return [...groups.values()].sort(
    (left, right) => left.state.localeCompare(right.state) || right.ids.length - left.ids.length,
  );
}

/** Prints the table of what became of the items, and each source that did not end well with its reason. */
export function printReport(report: Report, out: Output): void {
  const groups = groupItems(report.items);
  const rows = groups.map(({ state, reason, ids, passageCount }) => {
    const stored = `Stored as ${passageCount} ${passageCount === 1 ? 'passage' : 'passages'}.`;
    return [state, String(ids.length), reason === '' && state.startsWith('indexed') ? stored : reason];
  });
  if (rows.length > 0)
    formatTable(['State', 'Items', 'Reason'], rows, 160).forEach((line) => out.print(line));
  const amiss = groups.filter(({ state }) => ['failed', 'blocked', 'empty'].includes(state));
  for (const { state, ids } of amiss) {
    for (const id of ids.slice(0, examplesPerReason)) out.print(out.dim(`  ${state}: ${id}`));
    const more = ids.length - examplesPerReason;
    if (more > 0) out.print(out.dim(`  and ${more} more; --json lists all`));
  }
  if (rows.length > 0) out.print();
  for (const { name, state, reason } of report.sources) {
    if (state !== 'done') out.print(`"${name}" ${state}${reason === null ? '' : `: ${reason}`}`);
  }
  const total = report.items.length;
  out.print(out.bold(`${report.inIndex} of ${total} ${total === 1 ? 'item is' : 'items are'} in the index.`));
}

/** Whether a row is of the kind that was asked for. */
export function isShown(item: SourceItem, show: LedgerFilter): boolean {
  return show === 'ocr' ? Boolean(item.ocr) : item.state === show;
}

/** Prints the rows of one kind, one by one, each with its reason. */
export function printItems(report: Report, show: LedgerFilter, out: Output): void {
  const items = report.items.filter((item) => isShown(item, show));
  out.print();
  if (items.length === 0) out.print(`No item is "${show}".`);
  for (const { id, reason } of items) out.print(`${id}: ${reason ?? ''}`);
}
