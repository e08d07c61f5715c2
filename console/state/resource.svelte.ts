import { describeError } from '../api.ts';

export type ResourceState<Value> =
  | { status: 'loading' }
  | { status: 'ready'; value: Value }
  | { status: 'failed'; message: string; fix: string | null };

/** Something loaded from the server: its state, a way to load it again, and protection from late answers. */
export class Resource<Value> {
  state: ResourceState<Value> = $state.raw({ status: 'loading' });
  readonly #load: (signal: AbortSignal) => Promise<Value>;
  #running: AbortController | null = null;

  constructor(load: (signal: AbortSignal) => Promise<Value>) {
    this.#load = load;
  }

  /** The value if there is one. */
  get value(): Value | null {
    return this.state.status === 'ready' ? this.state.value : null;
  }

  /** Loads anew. What is shown stays until the answer is there, unless `isQuiet` is false. */
  async reload({ isQuiet = true } = {}): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    if (!isQuiet || this.state.status === 'failed') this.state = { status: 'loading' };
    try {
      const value = await this.#load(running.signal);
      if (this.#running === running) this.state = { status: 'ready', value };
    } catch (error) {
      if (this.#running !== running) return;
      // A failed refresh does not take away what is on screen.
      if (this.state.status !== 'ready') this.state = { status: 'failed', ...describeError(error) };
    }
  }

  /** Puts in what an action of ours has brought. */
  set(value: Value): void {
    this.#running?.abort();
    this.#running = null;
    this.state = { status: 'ready', value };
  }

  dispose(): void {
    this.#running?.abort();
    this.#running = null;
  }
}
