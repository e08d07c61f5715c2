import { z } from 'zod';
import {
  sourceAcceptedSchema,
  sourceSchema,
  type Source,
  type sourceCreateSchema,
  type SourceUpdate,
} from '../../server/protocol/http-knowledge.ts';
import { nothingSchema, type Api } from '../api.ts';
import { toQuery } from '../lib/query.ts';
import { isFinished } from '../lib/source-health.ts';
import { Resource } from './resource.svelte.ts';

const pollMs = 2000;

/** The sources of one site, live while any of them is being read. */
export class Sources {
  readonly list: Resource<Source[]>;
  readonly siteId: string;
  readonly #api: Api;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isDisposed = false;

  constructor(api: Api, siteId: string) {
    this.#api = api;
    this.siteId = siteId;
    this.list = new Resource((signal) => api.get(`${this.#path}`, z.array(sourceSchema), signal));
  }

  get #path(): string {
    return `/sites/${this.siteId}/sources`;
  }

  /** Loads, and again every two seconds while something is being read. */
  async watch(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.list.reload();
    const isBusy = (this.list.value ?? []).some((source) => !isFinished(source) && source.state !== 'paused');
    if (isBusy && !this.#isDisposed) this.#timer = setTimeout(() => void this.watch(), pollMs);
  }

  /** Gives the id of the new source; the reading goes on in the background. */
  async create(request: z.input<typeof sourceCreateSchema>): Promise<string> {
    return (await this.#api.send('POST', this.#path, request, sourceAcceptedSchema)).sourceId;
  }

  async upload(files: readonly File[]): Promise<string> {
    const form = new FormData();
    for (const file of files) form.append('file', file, file.name);
    return (await this.#api.upload(this.#path, form, sourceAcceptedSchema)).sourceId;
  }

  /** Hands over a CSV file of questions and answers. */
  async takeAnswers(file: File, name: string): Promise<string> {
    const query = toQuery({ name: name === '' ? file.name : name });
    const body = new Blob([file], { type: 'text/csv' });
    return (await this.#api.upload(`${this.#path}?${query}`, body, sourceAcceptedSchema)).sourceId;
  }

  /** Reads a website again, halts a reading, goes on with it, or stops it for good. */
  control(sourceId: string, action: 'rerun' | 'pause' | 'resume' | 'cancel'): Promise<Source> {
    return this.#api.send('POST', `${this.#path}/${sourceId}/${action}`, null, sourceSchema);
  }

  /** Renames a source or sets when it is read again. */
  update(sourceId: string, change: SourceUpdate): Promise<Source> {
    return this.#api.send('PATCH', `${this.#path}/${sourceId}`, change, sourceSchema);
  }

  /** Removes the source and all that answers could come from. */
  async remove(sourceId: string): Promise<void> {
    await this.#api.send('DELETE', `${this.#path}/${sourceId}`, null, nothingSchema);
    this.list.set((this.list.value ?? []).filter((source) => source.id !== sourceId));
  }

  dispose(): void {
    this.#isDisposed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.list.dispose();
  }
}
