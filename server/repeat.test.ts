import { describe, expect, it, vi } from 'vitest';
import { repeat } from './repeat.ts';
import { recordingLogger } from './testing/deps.ts';

describe('repeat', () => {
  it('runs at once and again, never twice at a time, and goes on after a failure', async () => {
    vi.useFakeTimers();
    const logger = recordingLogger();
    let finish = () => {};
    const work = vi
      .fn<() => Promise<void>>()
      .mockImplementationOnce(() => new Promise((resolve) => (finish = resolve)))
      .mockRejectedValueOnce(new Error('away'))
      .mockResolvedValue();
    const stop = repeat(work, 1000, logger);
    await vi.advanceTimersByTimeAsync(3500);
    expect(work).toHaveBeenCalledTimes(1);
    finish();
    await vi.advanceTimersByTimeAsync(2000);
    expect(work).toHaveBeenCalledTimes(3);
    expect(logger.lines).toMatchObject([{ event: 'repeated-work-failed', fields: { reason: 'away' } }]);
    await stop();
    await vi.advanceTimersByTimeAsync(5000);
    expect(work).toHaveBeenCalledTimes(3);
    vi.useRealTimers();
  });

  it('waits for the run under way when it is stopped', async () => {
    let finish = () => {};
    const stop = repeat(() => new Promise((resolve) => (finish = resolve)), 60_000, recordingLogger());
    let isStopped = false;
    const stopped = stop().then(() => (isStopped = true));
    await Promise.resolve();
    expect(isStopped).toBe(false);
    finish();
    await stopped;
  });
});
