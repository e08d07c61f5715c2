import { describeError } from '../api.ts';

export interface Toast {
  id: number;
  tone: 'neutral' | 'danger';
  message: string;
  fix: string | null;
  action: { label: string; run: () => void } | null;
}

const shownMs = 6000;

/** Short messages at the screen's edge about what an action has come to. Failures stay until dismissed. */
export class Toasts {
  list: readonly Toast[] = $state.raw([]);
  #nextId = 1;

  say(message: string, action: Toast['action'] = null): void {
    const id = this.#add({ tone: 'neutral', message, fix: null, action });
    setTimeout(() => this.dismiss(id), shownMs);
  }

  fail(error: unknown): void {
    this.#add({ tone: 'danger', ...describeError(error), action: null });
  }

  dismiss(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  #add(toast: Omit<Toast, 'id'>): number {
    const id = this.#nextId++;
    // The same failure twice is shown once.
    this.list = [...this.list.filter((one) => one.message !== toast.message), { id, ...toast }].slice(-3);
    return id;
  }
}
