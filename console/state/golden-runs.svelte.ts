import { z } from 'zod';
import {
  goldenQuestionSchema,
  goldenRunSchema,
  type GoldenQuestion,
} from '../../server/protocol/http-quality.ts';
import { nothingSchema, type Api } from '../api.ts';
import { Resource } from './resource.svelte.ts';

/** A site's test questions and the running of them, one after the other, so that it can be watched and stopped. */
export class GoldenRuns {
  readonly path: string;
  readonly questions: Resource<GoldenQuestion[]>;
  isRunning = $state(false);
  /** Questions run in this pass. */
  done = $state(0);
  readonly summary = $derived.by(() => {
    const run = (this.questions.value ?? []).filter(({ isRight }) => isRight !== null);
    if (run.length === 0) return null;
    return `${run.filter(({ isRight }) => isRight).length} of ${run.length} right`;
  });
  readonly #api: Api;

  constructor(api: Api, siteId: string) {
    this.#api = api;
    this.path = `/sites/${siteId}/golden-questions`;
    this.questions = new Resource((signal) => api.get(this.path, z.array(goldenQuestionSchema), signal));
  }

  /** Runs every question in turn; ends early after `stop` or a failure, which is thrown. */
  async runAll(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    this.done = 0;
    try {
      for (const { id } of this.questions.value ?? []) {
        if (!this.isRunning) return;
        const { question } = await this.#api.send('POST', `${this.path}/${id}/run`, null, goldenRunSchema);
        const all = this.questions.value ?? [];
        this.questions.set(all.map((known) => (known.id === id ? question : known)));
        this.done += 1;
      }
    } finally {
      this.isRunning = false;
    }
  }

  stop(): void {
    this.isRunning = false;
  }

  async remove(id: string): Promise<void> {
    await this.#api.send('DELETE', `${this.path}/${id}`, null, nothingSchema);
    this.questions.set((this.questions.value ?? []).filter((known) => known.id !== id));
  }

  dispose(): void {
    this.stop();
    this.questions.dispose();
  }
}
