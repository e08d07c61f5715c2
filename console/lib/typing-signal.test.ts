import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TypingSignal } from './typing-signal.ts';

describe('TypingSignal', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('reports once per two seconds while keys are struck, and the end after three idle seconds', () => {
    const reports: boolean[] = [];
    const signal = new TypingSignal((isTyping) => reports.push(isTyping));
    signal.touch();
    signal.touch();
    expect(reports).toEqual([true]);
    vi.advanceTimersByTime(2500);
    signal.touch();
    expect(reports).toEqual([true, true]);
    vi.advanceTimersByTime(2999);
    expect(reports).toEqual([true, true]);
    vi.advanceTimersByTime(1);
    expect(reports).toEqual([true, true, false]);
  });

  it('reports the end once, and nothing when nothing began', () => {
    const reports: boolean[] = [];
    const signal = new TypingSignal((isTyping) => reports.push(isTyping));
    signal.stop();
    signal.touch();
    signal.stop();
    signal.stop();
    vi.runAllTimers();
    expect(reports).toEqual([true, false]);
  });
});
