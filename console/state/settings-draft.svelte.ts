import { ApiError, describeError } from '../api.ts';

/** Values of one settings section: strings, numbers, choices and lists, compared by content. */
export type SettingsValues = Record<
  string,
  string | number | boolean | readonly string[] | readonly Readonly<Record<string, string>>[]
>;

const isSame = (left: SettingsValues, right: SettingsValues): boolean =>
  JSON.stringify(Object.entries(left)) === JSON.stringify(Object.entries(right));

export interface SettingsDraftDeps<Values extends SettingsValues> {
  initial: Values;
  /** Stores the values and gives them back as stored. */
  save: (values: Values) => Promise<Values>;
  /** Called after a save, with the way to take it back. */
  onSaved?: (undo: () => Promise<void>) => void;
}

/** One section of the settings while it is edited: saved as a whole, with a way back before and after. */
export class SettingsDraft<Values extends SettingsValues> {
  values: Values;
  isBusy = $state(false);
  problem: { message: string; fix: string | null } | null = $state.raw(null);
  fields: Readonly<Record<string, string>> = $state.raw({});
  #saved: Values;
  readonly #deps: SettingsDraftDeps<Values>;

  constructor(deps: SettingsDraftDeps<Values>) {
    this.#deps = deps;
    this.values = $state({ ...deps.initial });
    this.#saved = $state.raw(deps.initial);
  }

  get isDirty(): boolean {
    return !isSame(this.values, this.#saved);
  }

  /** Saves what was changed. What the server refuses stays on screen, with the reason. */
  async save(): Promise<boolean> {
    const before = this.#saved;
    const isDone = await this.#store({ ...this.values });
    if (isDone) this.#deps.onSaved?.(async () => void (await this.#store(before)));
    return isDone;
  }

  /** Takes back what was not saved. */
  discard(): void {
    this.values = { ...this.#saved };
    this.problem = null;
    this.fields = {};
  }

  async #store(values: Values): Promise<boolean> {
    if (this.isBusy) return false;
    this.isBusy = true;
    this.problem = null;
    this.fields = {};
    try {
      this.#saved = await this.#deps.save(values);
      this.values = { ...this.#saved };
      return true;
    } catch (error) {
      this.fields = error instanceof ApiError ? error.fields : {};
      this.problem = describeError(error);
      return false;
    } finally {
      this.isBusy = false;
    }
  }
}
