import { pairSchema, type Pair } from '../../server/protocol/http-knowledge.ts';
import type { Api } from '../api.ts';
import { Form } from './form.svelte.ts';
import { Resource } from './resource.svelte.ts';

/** A question and its answer while an owner changes them. */
export class PairDraft {
  question = $state('');
  answer = $state('');
  /** One in a line. */
  alternatives = $state('');
  readonly form = new Form();
  readonly loading: Resource<Pair>;
  readonly #api: Api;
  readonly #path: string;

  constructor(api: Api, place: { siteId: string; sourceId: string; pairId: string }) {
    this.#api = api;
    this.#path = `/sites/${place.siteId}/sources/${place.sourceId}/pairs/${encodeURIComponent(place.pairId)}`;
    this.loading = new Resource((signal) => api.get(this.#path, pairSchema, signal));
  }

  /** What is wrong with one of the other ways to ask, if anything. */
  get alternativesError(): string | undefined {
    return Object.entries(this.form.fields).find(([path]) => path.startsWith('alternatives'))?.[1];
  }

  /** Fetches the pair as it was written, and begins from it. */
  async load(): Promise<void> {
    await this.loading.reload();
    const pair = this.loading.value;
    if (pair === null) return;
    this.question = pair.question;
    this.answer = pair.answer;
    this.alternatives = pair.alternatives.join('\n');
  }

  /** Stores it. @throws ApiError */
  async save(): Promise<Pair> {
    const alternatives = this.alternatives
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean);
    const change = { question: this.question, answer: this.answer, alternatives };
    return this.#api.send('PATCH', this.#path, change, pairSchema);
  }
}
