import type { Api } from '../api.ts';
import {
  indexStatusSchema,
  type IndexBuild,
  type IndexStatus,
} from '../../server/protocol/http-knowledge.ts';
import { Resource } from './resource.svelte.ts';

const pollMs = 1500;

export interface IndexWatchDeps {
  api: Api;
  siteId: string;
  /** Calls back after a time; gives the way to cancel. */
  wait?: (callback: () => void, ms: number) => () => void;
}

/** Which vectors a site's search reads, live while others are being made. */
export class IndexWatch {
  readonly status: Resource<IndexStatus>;
  /** What was made while we looked is in use now. */
  isSwapped = $state(false);
  readonly #wait: (callback: () => void, ms: number) => () => void;
  #cancelWait: (() => void) | null = null;
  #isDisposed = false;

  constructor({ api, siteId, wait }: IndexWatchDeps) {
    this.status = new Resource((signal) => api.get(`/sites/${siteId}/index`, indexStatusSchema, signal));
    this.#wait =
      wait ??
      ((callback, ms) => {
        const timer = setTimeout(callback, ms);
        return () => clearTimeout(timer);
      });
  }

  get build(): IndexBuild | null {
    return this.status.value?.build ?? null;
  }

  /** Loads, and keeps loading while there is a build. */
  async watch(): Promise<void> {
    this.#cancelWait?.();
    const before = this.build;
    await this.status.reload();
    if (this.#isDisposed) return;
    const live = this.status.value?.live?.embedder;
    if (this.build !== null) this.isSwapped = false;
    else if (before !== null) this.isSwapped = live === before.embedder;
    if (this.build !== null) this.#cancelWait = this.#wait(() => void this.watch(), pollMs);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#cancelWait?.();
    this.status.dispose();
  }
}
