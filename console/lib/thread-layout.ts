import type { ThreadEntry } from '../../server/protocol/client/types.ts';

export interface ThreadLine {
  entry: ThreadEntry;
  /** The first entry of a calendar day in the viewer's zone. */
  startsDay: boolean;
  /** Begins a run of messages of one author: only then the name is shown. */
  isFirst: boolean;
  /** The newest own message: only there its delivery state is shown. */
  isNewestOwn: boolean;
}

/** Messages of one author further apart than this are separate runs. */
const runMs = 5 * 60_000;

const isSameRun = (left: ThreadEntry, right: ThreadEntry): boolean =>
  left.kind === 'message' &&
  right.kind === 'message' &&
  left.author.role === right.author.role &&
  left.author.id === right.author.id &&
  Date.parse(right.at) - Date.parse(left.at) < runMs;

const day = (iso: string): string => new Date(iso).toDateString();

/** What a thread's screen shows beside each entry. */
export const layOutThread = (entries: readonly ThreadEntry[]): ThreadLine[] => {
  const newestOwn = entries.findLastIndex((entry) => entry.kind === 'message' && entry.outgoing !== null);
  return entries.map((entry, index) => {
    const before = entries[index - 1];
    const startsDay = before === undefined || day(before.at) !== day(entry.at);
    return {
      entry,
      startsDay,
      isFirst: startsDay || before === undefined || !isSameRun(before, entry),
      isNewestOwn: index === newestOwn,
    };
  });
};
