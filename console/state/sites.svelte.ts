import { z } from 'zod';
import { siteSchema, type Site, type siteUpdateSchema } from '../../server/protocol/http.ts';
import { nothingSchema, type Api } from '../api.ts';
import { Resource } from './resource.svelte.ts';

const siteListSchema = z.array(siteSchema);
const storageKey = 'deskbell-site';

/** The sites of this server, and the one being looked at. */
export class Sites {
  readonly list: Resource<Site[]>;
  #chosenId: string | null = $state(null);
  readonly #api: Api;
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'>;
  readonly current = $derived.by((): Site | null => {
    const all = this.list.value ?? [];
    return all.find((site) => site.id === this.#chosenId) ?? all[0] ?? null;
  });

  constructor(api: Api, storage: Pick<Storage, 'getItem' | 'setItem'>) {
    this.#api = api;
    this.#storage = storage;
    this.#chosenId = storage.getItem(storageKey);
    this.list = new Resource((signal) => api.get('/sites', siteListSchema, signal));
  }

  /** Looks at another site from now on, also after a reload. */
  choose(siteId: string): void {
    this.#chosenId = siteId;
    this.#storage.setItem(storageKey, siteId);
  }

  /** Changes the named fields of a site; throws an `ApiError` when the server refuses. */
  async update(siteId: string, change: z.input<typeof siteUpdateSchema>): Promise<Site> {
    const site = await this.#api.send('PATCH', `/sites/${siteId}`, change, siteSchema);
    this.list.set((this.list.value ?? []).map((one) => (one.id === site.id ? site : one)));
    return site;
  }

  async create(id: string, name: string): Promise<Site> {
    const site = await this.#api.send('POST', '/sites', { id, name }, siteSchema);
    this.list.set([...(this.list.value ?? []), site]);
    this.choose(site.id);
    return site;
  }

  /** Deletes a site with its knowledge and conversations. */
  async remove(siteId: string): Promise<void> {
    await this.#api.send('DELETE', `/sites/${siteId}`, null, nothingSchema);
    this.list.set((this.list.value ?? []).filter((site) => site.id !== siteId));
  }
}
