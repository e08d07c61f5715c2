import { ApiError, describeError } from '../api.ts';

/** One submission at a time, with what went wrong: for the whole form and by field. */
export class Form {
  isBusy = $state(false);
  problem: { message: string; fix: string | null } | null = $state.raw(null);
  fields: Readonly<Record<string, string>> = $state.raw({});

  /** Runs the action; gives whether it worked. A second call while one runs does nothing. */
  async submit(action: () => Promise<void>): Promise<boolean> {
    if (this.isBusy) return false;
    this.isBusy = true;
    this.problem = null;
    this.fields = {};
    try {
      await action();
      return true;
    } catch (error) {
      this.fields = error instanceof ApiError ? error.fields : {};
      if (Object.keys(this.fields).length === 0) this.problem = describeError(error);
      return false;
    } finally {
      this.isBusy = false;
    }
  }
}
