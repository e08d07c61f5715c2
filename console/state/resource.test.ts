import { describe, expect, it } from 'vitest';
import { ApiError } from '../api.ts';
import { Resource } from './resource.svelte.ts';

describe('Resource', () => {
  it('ignores an answer that a newer request has overtaken', async () => {
    const answers: ((value: string) => void)[] = [];
    const resource = new Resource(() => new Promise<string>((resolve) => answers.push(resolve)));
    const first = resource.reload();
    const second = resource.reload();
    answers[1]?.('new');
    await second;
    answers[0]?.('old');
    await first;
    expect(resource.value).toBe('new');
  });

  it('shows the failure of the first load, but keeps what is there when a refresh fails', async () => {
    let failure: Error | null = new ApiError({ code: 'x', status: 500, message: 'Broken.' });
    const resource = new Resource(async () => {
      if (failure !== null) throw failure;
      return 'value';
    });
    await resource.reload();
    expect(resource.state).toEqual({ status: 'failed', message: 'Broken.', fix: null });
    failure = null;
    await resource.reload();
    failure = new Error('again');
    await resource.reload();
    expect(resource.value).toBe('value');
  });
});
