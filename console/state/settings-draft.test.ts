import { describe, expect, it } from 'vitest';
import { ApiError } from '../api.ts';
import { SettingsDraft } from './settings-draft.svelte.ts';

const create = () => {
  const stored: { name: string; greeting: string }[] = [];
  let undo = async () => {};
  let failure: Error | null = null;
  const draft = new SettingsDraft({
    initial: { name: 'Shop', greeting: 'Hello' },
    save: async (values) => {
      if (failure !== null) throw failure;
      stored.push(values);
      return { ...values, name: values.name.trim() };
    },
    onSaved: (back) => (undo = back),
  });
  return { draft, stored, undo: () => undo(), fail: (error: Error | null) => (failure = error) };
};

describe('SettingsDraft', () => {
  it('is changed until saved, and takes what the server made of it', async () => {
    const { draft, stored } = create();
    expect(draft.isDirty).toBe(false);
    draft.values.name = ' New shop ';
    expect(draft.isDirty).toBe(true);
    await draft.save();
    expect(stored).toEqual([{ name: ' New shop ', greeting: 'Hello' }]);
    expect(draft.values.name).toBe('New shop');
    expect(draft.isDirty).toBe(false);
  });

  it('goes back to the stored values before saving, and to the former ones after it', async () => {
    const { draft, stored, undo } = create();
    draft.values.greeting = 'x';
    draft.discard();
    expect(draft.values.greeting).toBe('Hello');
    draft.values.greeting = 'Welcome';
    await draft.save();
    await undo();
    expect(stored.at(-1)).toEqual({ name: 'Shop', greeting: 'Hello' });
    expect(draft.values.greeting).toBe('Hello');
  });

  it('keeps what the server refuses, with the reason at its field', async () => {
    const { draft, fail } = create();
    const refused = {
      code: 'invalid-request',
      status: 400,
      message: 'Not valid.',
      fields: { name: 'Too long.' },
    };
    fail(new ApiError(refused));
    draft.values.name = 'x';
    expect(await draft.save()).toBe(false);
    expect(draft.values.name).toBe('x');
    expect(draft.fields).toEqual({ name: 'Too long.' });
    expect(draft.isDirty).toBe(true);
    expect(draft.isBusy).toBe(false);
  });
});
