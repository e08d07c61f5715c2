import { describe, expect, it } from 'vitest';
import { fakeMessage, fakeNotice } from '../testing/thread.ts';
import { layOutThread } from './thread-layout.ts';

describe('layOutThread', () => {
  it('names the author once per run of five minutes', () => {
    const at = (minute: number) => new Date(2026, 2, 10, 11, minute).toISOString();
    const lines = layOutThread([
      fakeMessage('a', { at: at(0) }),
      fakeMessage('b', { at: at(2) }),
      fakeMessage('c', { at: at(9) }),
      fakeMessage('d', { at: at(9), author: { role: 'ai', id: null, name: null } }),
      fakeNotice('e'),
      fakeMessage('f', { at: at(9), author: { role: 'ai', id: null, name: null } }),
    ]);
    expect(lines.map((line) => line.isFirst)).toEqual([true, false, true, true, true, true]);
  });

  it('marks the first entry of each day and the newest own message', () => {
    const outgoing = { status: 'seen', error: null } as const;
    const lines = layOutThread([
      fakeMessage('a', { at: new Date(2026, 2, 9, 23, 59).toISOString(), outgoing }),
      fakeMessage('b', { at: new Date(2026, 2, 10, 0, 1).toISOString(), outgoing }),
      fakeMessage('c', { at: new Date(2026, 2, 10, 0, 2).toISOString() }),
    ]);
    expect(lines.map((line) => line.startsDay)).toEqual([true, true, false]);
    expect(lines.map((line) => line.isNewestOwn)).toEqual([false, true, false]);
  });
});
