import { z } from 'zod';
import { answerStepSchema, type AnswerStep, type HistoryTurn } from '../../server/protocol/entities.ts';
import { answerResponseSchema, problemSchema, type AnswerResponse } from '../../server/protocol/http.ts';
import { ApiError, describeError, type Api } from '../api.ts';

const stepEvent = z.object({ step: answerStepSchema });
const deltaEvent = z.object({ text: z.string() });

/** One question and all that came of it. */
export interface Trial {
  id: number;
  question: string;
  step: AnswerStep | null;
  text: string;
  result: AnswerResponse | null;
  problem: { message: string; fix: string | null } | null;
  isRunning: boolean;
  /** From the click to the first word and to the end, as this browser saw it, in milliseconds. */
  firstWordMs: number | null;
  totalMs: number | null;
}

/** Asks a site as a visitor would, and keeps what the answer is made of. */
export class Playground {
  trials: readonly Trial[] = $state.raw([]);
  /** Whether earlier questions and answers go along as history. */
  isFollowUp = $state(true);
  readonly #api: Api;
  readonly #siteId: string;
  readonly #now: () => number;
  #running: AbortController | null = null;
  #nextId = 1;
  readonly isRunning = $derived(this.trials.some((trial) => trial.isRunning));

  constructor(api: Api, siteId: string, now: () => number = () => performance.now()) {
    this.#api = api;
    this.#siteId = siteId;
    this.#now = now;
  }

  async ask(question: string): Promise<void> {
    if (question.trim() === '' || this.isRunning) return;
    const id = this.#nextId++;
    const history = this.isFollowUp ? this.#history() : [];
    const startMs = this.#now();
    this.trials = [
      ...this.trials,
      {
        id,
        question: question.trim(),
        step: null,
        text: '',
        result: null,
        problem: null,
        isRunning: true,
        firstWordMs: null,
        totalMs: null,
      },
    ];
    const running = new AbortController();
    this.#running = running;
    try {
      await this.#answer(id, { question, history }, startMs, running.signal);
    } catch (error) {
      if (!running.signal.aborted) this.#change(id, { problem: describeError(error) });
    } finally {
      this.#change(id, { isRunning: false, step: null });
    }
  }

  /** Stops the answer being written; what is there stays. */
  stop(): void {
    this.#running?.abort();
  }

  clear(): void {
    this.stop();
    this.trials = [];
  }

  async #answer(id: number, body: unknown, startMs: number, signal: AbortSignal): Promise<void> {
    let text = '';
    const path = `/sites/${this.#siteId}/answers?explain=1`;
    for await (const { event, data } of this.#api.stream(path, body, signal)) {
      const value: unknown = JSON.parse(data);
      switch (event) {
        case 'step':
          this.#change(id, { step: stepEvent.parse(value).step });
          break;
        case 'delta':
          if (text === '') this.#change(id, { firstWordMs: this.#now() - startMs });
          text += deltaEvent.parse(value).text;
          this.#change(id, { text });
          break;
        case 'final': {
          const result = answerResponseSchema.parse(value);
          this.#change(id, { result, text: result.answer, totalMs: this.#now() - startMs });
          break;
        }
        case 'error': {
          const problem = problemSchema.parse(value);
          throw new ApiError({ ...problem, message: problem.detail || problem.title, fields: {} });
        }
      }
    }
  }

  #history(): HistoryTurn[] {
    return this.trials
      .filter((trial) => trial.result !== null)
      .flatMap(({ question, text }): HistoryTurn[] => [
        { role: 'user', text: question },
        { role: 'agent', text },
      ]);
  }

  #change(id: number, given: Partial<Trial>): void {
    this.trials = this.trials.map((trial) => (trial.id === id ? { ...trial, ...given } : trial));
  }
}
