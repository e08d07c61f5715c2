import { describeError, type Api } from '../api.ts';
import {
  sourceDetailSchema,
  type LedgerFilter,
  type SourceDetail,
  type SourceItem,
} from '../../server/protocol/http-knowledge.ts';
import { toQuery } from '../lib/query.ts';
import { isFinished, settledOf, totalOf } from '../lib/source-health.ts';

const pageSize = 200;
const pollMs = 1000;

export type LedgerState =
  | { status: 'loading' }
  | { status: 'ready'; source: SourceDetail }
  | { status: 'failed'; message: string; fix: string | null };

export interface LedgerDeps {
  api: Api;
  siteId: string;
  sourceId: string;
  /** Calls back after a time; gives the way to cancel. */
  wait?: (callback: () => void, ms: number) => () => void;
}

/** A source and what became of each of its items, live while it is being read. */
export class Ledger {
  state: LedgerState = $state.raw({ status: 'loading' });
  items: readonly SourceItem[] = $state.raw([]);
  /** What is shown; null for every row. */
  filter: LedgerFilter | null = $state(null);
  isLoadingMore = $state(false);
  #next: string | null = $state(null);
  #pages = 1;
  #cancelWait: (() => void) | null = null;
  #isDisposed = false;
  /** Counts what was asked for: only the latest answer counts. */
  #asked = 0;
  readonly #deps: Required<LedgerDeps>;

  constructor(deps: LedgerDeps) {
    this.#deps = {
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

  /** Settled items per second as the server counts them, and what is left at that rate; null while unknown. */
  get pace(): { perSecond: number; leftMs: number } | null {
    const { source } = this;
    const perSecond = source?.perSecond ?? 0;
    if (source === null || isFinished(source) || perSecond <= 0) return null;
    return { perSecond, leftMs: ((totalOf(source) - settledOf(source)) / perSecond) * 1000 };
  }

  /** Loads, and keeps loading while the source is being read. */
  async load(): Promise<void> {
    this.#cancelWait?.();
    this.#asked += 1;
    const asked = this.#asked;
    const isOld = () => this.#isDisposed || asked !== this.#asked;
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
      if (isOld() || detail === null) return;
      this.items = items;
      this.#next = after;
      this.#take(detail);
    } catch (error) {
      if (isOld()) return;
      if (this.state.status !== 'ready') this.state = { status: 'failed', ...describeError(error) };
      else this.#again(pollMs * 5);
    }
  }

  /** Narrows the rows to one kind, whichever page they are on; null shows all again. */
  show(filter: LedgerFilter | null): Promise<void> {
    this.filter = filter;
    this.#pages = 1;
    return this.load();
  }

  async loadMore(): Promise<void> {
    if (this.#next === null || this.isLoadingMore) return;
    this.isLoadingMore = true;
    const asked = this.#asked;
    try {
      const detail = await this.#fetch(this.#next);
      if (asked !== this.#asked) return;
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
    const query = toQuery({ limit: pageSize, after, show: this.filter });
    const { siteId, sourceId } = this.#deps;
    return this.#deps.api.get(`/sites/${siteId}/sources/${sourceId}?${query}`, sourceDetailSchema);
  }

  #take(source: SourceDetail): void {
    this.state = { status: 'ready', source };
    if (!isFinished(source)) this.#again(pollMs);
  }

  #again(ms: number): void {
    this.#cancelWait = this.#deps.wait(() => void this.load(), ms);
  }
}
