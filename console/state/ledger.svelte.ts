import { describeError, type Api } from '../api.ts';
import {
  sourceDetailSchema,
  type SourceDetail,
  type SourceItem,
  type SourceItemState,
} from '../../server/protocol/http-knowledge.ts';
import { toQuery } from '../lib/query.ts';
import { isFinished, settledOf, totalOf } from '../lib/source-health.ts';

const pageSize = 200;
const pollMs = 1000;
/** The rate is taken over this window, so that it neither jumps nor lags. */
const rateWindowMs = 15_000;

export type LedgerState =
  | { status: 'loading' }
  | { status: 'ready'; source: SourceDetail }
  | { status: 'failed'; message: string; fix: string | null };

export interface LedgerDeps {
  api: Api;
  siteId: string;
  sourceId: string;
  now?: () => number;
  /** Calls back after a time; gives the way to cancel. */
  wait?: (callback: () => void, ms: number) => () => void;
}

/** A source and what became of each of its items, live while it is being read. */
export class Ledger {
  state: LedgerState = $state.raw({ status: 'loading' });
  items: readonly SourceItem[] = $state.raw([]);
  filter: SourceItemState | null = $state(null);
  isLoadingMore = $state(false);
  #next: string | null = $state(null);
  #samples: { atMs: number; settled: number }[] = $state.raw([]);
  #pages = 1;
  #cancelWait: (() => void) | null = null;
  #isDisposed = false;
  readonly #deps: Required<LedgerDeps>;

  readonly visible = $derived(
    this.filter === null ? this.items : this.items.filter((item) => item.state === this.filter),
  );

  constructor(deps: LedgerDeps) {
    this.#deps = {
      now: Date.now,
      wait: (callback, ms) => {
        const timer = setTimeout(callback, ms);
        return () => clearTimeout(timer);
      },
      ...deps,
    };
  }

  get source(): SourceDetail | null {
    return this.state.status === 'ready' ? this.state.source : null;
  }
  get hasMore(): boolean {
    return this.#next !== null;
  }

  /** Settled items per second over the last seconds, and what is left at that rate; null while unknown. */
  get pace(): { perSecond: number; leftMs: number | null } | null {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (this.source === null || isFinished(this.source) || first === undefined || last === undefined)
      return null;
    const seconds = (last.atMs - first.atMs) / 1000;
    const settled = last.settled - first.settled;
    if (seconds < 2 || settled <= 0) return null;
    const perSecond = settled / seconds;
    return { perSecond, leftMs: ((totalOf(this.source) - last.settled) / perSecond) * 1000 };
  }

  /** Loads, and keeps loading while the source is being read. */
  async load(): Promise<void> {
    this.#cancelWait?.();
    try {
      const items: SourceItem[] = [];
      let after: string | null = null;
      let detail: SourceDetail | null = null;
      for (let page = 0; page < this.#pages; page += 1) {
        detail = await this.#fetch(after);
        items.push(...detail.items);
        after = detail.next;
        if (after === null) break;
      }
      if (this.#isDisposed || detail === null) return;
      this.items = items;
      this.#next = after;
      this.#take(detail);
    } catch (error) {
      if (this.#isDisposed) return;
      if (this.state.status !== 'ready') this.state = { status: 'failed', ...describeError(error) };
      else this.#again(pollMs * 5);
    }
  }

  async loadMore(): Promise<void> {
    if (this.#next === null || this.isLoadingMore) return;
    this.isLoadingMore = true;
    try {
      const detail = await this.#fetch(this.#next);
      this.items = [...this.items, ...detail.items];
      this.#next = detail.next;
      this.#pages += 1;
    } finally {
      this.isLoadingMore = false;
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#cancelWait?.();
  }

  #fetch(after: string | null): Promise<SourceDetail> {
    const query = toQuery({ limit: pageSize, after });
    const { siteId, sourceId } = this.#deps;
    return this.#deps.api.get(`/sites/${siteId}/sources/${sourceId}?${query}`, sourceDetailSchema);
  }

  #take(source: SourceDetail): void {
    const atMs = this.#deps.now();
    this.#samples = [...this.#samples, { atMs, settled: settledOf(source) }].filter(
      (sample) => atMs - sample.atMs <= rateWindowMs,
    );
    this.state = { status: 'ready', source };
    if (!isFinished(source)) this.#again(pollMs);
  }

  #again(ms: number): void {
    this.#cancelWait = this.#deps.wait(() => void this.load(), ms);
  }
}
