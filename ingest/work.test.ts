import { expect, it } from 'vitest';
import type { Database } from '../server/ports.ts';
import { silentLogger } from '../server/testing/deps.ts';
import type { RunContext } from './run-context.ts';
import { workOff } from './work.ts';

const row = (id: number) => ({
  ...{ id, locator: String(id), depth: 0, attempts: 1, etag: null, last_modified: null },
  ...{ document_id: null, payload: null },
});

it('finds what an item leaves behind when it ends while the next ones are being looked up', async () => {
  const handled: number[] = [];
  let endFirst = () => {};
  const firstEnds = new Promise<void>((resolve) => (endFirst = resolve));
  let lookUps = 0;
  // The second look-up sees the state before item 1 ended, and answers after it.
  const answers: (() => Promise<unknown[]>)[] = [
    () => Promise.resolve([row(1), row(3)]),
    async () => {
      endFirst();
      await new Promise((resolve) => setImmediate(resolve));
      return [];
    },
    () => Promise.resolve([row(2)]),
  ];
  const db = {
    query: () => (answers[lookUps++] ?? (() => Promise.resolve([])))(),
  } as unknown as Database;
  const context = {
    ...{ db, logger: silentLogger, signal: new AbortController().signal },
    lease: { sourceId: 's', run: 1, worker: 'w' },
  } as unknown as RunContext;
  await workOff(context, 2, async (item) => {
    if (item.id === 1) await firstEnds;
    handled.push(item.id);
  });
  expect(handled).toEqual([3, 1, 2]);
});
