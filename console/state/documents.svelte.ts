import { z } from 'zod';
import {
  documentSchema,
  documentSummarySchema,
  type DocumentView,
} from '../../server/protocol/http-knowledge.ts';
import { nothingSchema, type Api } from '../api.ts';
import { toQuery } from '../lib/query.ts';
import { Resource } from './resource.svelte.ts';

const pageSchema = z.object({ documents: z.array(documentSummarySchema), next: z.string().nullable() });
export type DocumentPage = z.infer<typeof pageSchema>;

const pageSize = 100;

/** The documents of one site, a page at a time. */
export class Documents {
  readonly list: Resource<DocumentPage>;
  isLoadingMore = $state(false);
  readonly #api: Api;
  readonly #path: string;

  constructor(api: Api, siteId: string) {
    this.#api = api;
    this.#path = `/sites/${siteId}/documents`;
    this.list = new Resource((signal) => this.#page(null, signal));
  }

  async loadMore(): Promise<void> {
    const shown = this.list.value;
    if (shown === null || shown.next === null || this.isLoadingMore) return;
    this.isLoadingMore = true;
    try {
      const page = await this.#page(shown.next);
      this.list.set({ documents: [...shown.documents, ...page.documents], next: page.next });
    } finally {
      this.isLoadingMore = false;
    }
  }

  get(documentId: string, signal?: AbortSignal): Promise<DocumentView> {
    return this.#api.get(`${this.#path}/${encodeURIComponent(documentId)}`, documentSchema, signal);
  }

  /** Puts `questions` in place of the other ways to ask for a document, or for one passage; gives what is stored. */
  setQuestions(documentId: string, questions: readonly string[], passageId?: string): Promise<DocumentView> {
    const document = `${this.#path}/${encodeURIComponent(documentId)}`;
    const path = passageId === undefined ? document : `${document}/passages/${passageId}`;
    return this.#api.send('PATCH', path, { questions }, documentSchema);
  }

  /** Removes the document from every index at once. */
  async remove(documentId: string): Promise<void> {
    await this.#api.send('DELETE', `${this.#path}/${encodeURIComponent(documentId)}`, null, nothingSchema);
  }

  #page(after: string | null, signal?: AbortSignal): Promise<DocumentPage> {
    const query = toQuery({ limit: pageSize, after });
    return this.#api.get(`${this.#path}?${query}`, pageSchema, signal);
  }
}
