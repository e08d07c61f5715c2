import { setTimeout as sleep } from 'node:timers/promises';
import { sourceDetailSchema, type SourceDetail, type SourceItem } from '../protocol/http-knowledge.ts';
import type { Api } from './api.ts';
import { formatBar, type Output } from './output.ts';

const pollMs = 250;
/** Without a terminal a line says how far it is, this often. */
const lineEveryMs = 5000;
const pageSize = 500;

/** States of an item that are not its end. */
const open = new Set(['found', 'fetched']);

/** A source that is over, with all of its items. */
export interface FinishedSource {
  source: Omit<SourceDetail, 'items' | 'next'>;
  items: SourceItem[];
}

export interface WatchOptions {
  api: Api;
  site: string;
  sourceId: string;
  out: Output;
  /** Waits between two looks; for tests. */
  wait?: (ms: number) => Promise<unknown>;
  now?: () => number;
}

function progressOf(counts: Readonly<Record<string, number>>): { ended: number; total: number } {
  const total = counts['total'] ?? 0;
  const waiting = [...open].reduce((sum, state) => sum + (counts[state] ?? 0), 0);
  return { ended: total - waiting, total };
}

/** Time in words short enough for a line: `40 s`, `3 min`, `2 h`. */
export function shortTime(seconds: number): string {
  if (seconds < 90) return `${String(Math.ceil(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${String(minutes)} min` : `${String(Math.round(minutes / 60))} h`;
}

/** One line: bar, how many of how many, the rate that the server counts, and the time left at it. */
export function progressLine(source: Pick<SourceDetail, 'name' | 'counts' | 'state' | 'perSecond'>): string {
  const { ended, total } = progressOf(source.counts);
  if (total === 0)
    return `${source.name}: ${source.state === 'queued' ? 'waiting for a worker' : 'looking around'}…`;
  const inIndex = (source.counts['indexed'] ?? 0) + (source.counts['unchanged'] ?? 0);
  const rate = source.perSecond ?? 0;
  const pace = rate > 0 ? `, ${rate.toFixed(1)}/s, about ${shortTime((total - ended) / rate)} left` : '';
  return `${formatBar(ended / total, 24)} ${ended} of ${total} found, ${inIndex} in the index${pace}`;
}

async function allItems({ api, site, sourceId }: WatchOptions): Promise<SourceItem[]> {
  const items: SourceItem[] = [];
  let after = '';
  for (;;) {
    const page = await api.get(
      `/sites/${site}/sources/${sourceId}?limit=${pageSize}${after}`,
      sourceDetailSchema,
    );
    items.push(...page.items);
    if (page.next === null) return items;
    after = `&after=${encodeURIComponent(page.next)}`;
  }
}

/** Shows the progress of a source until it is over, and gives what became of it. */
export async function watchSource(options: WatchOptions): Promise<FinishedSource> {
  const { api, site, sourceId, out, wait = sleep, now = () => Date.now() } = options;
  let saidMs = now();
  for (;;) {
    const source = await api.get(`/sites/${site}/sources/${sourceId}?limit=1`, sourceDetailSchema);
    if (source.state === 'paused') {
      out.note(`"${source.name}" is paused. Resume it with: sources resume; what was read so far follows.`);
    }
    if (['done', 'failed', 'cancelled', 'paused'].includes(source.state)) {
      out.status(null);
      const { items: _items, next: _next, ...rest } = source;
      return { source: rest, items: await allItems(options) };
    }
    const line = progressLine(source);
    out.status(line);
    if (!out.isTerminal && now() - saidMs >= lineEveryMs) {
      out.note(line);
      saidMs = now();
    }
    await wait(pollMs);
  }
}
