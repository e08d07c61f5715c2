import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../errors.ts';
import type { BullmqJobsOptions } from '../adapters/jobs/bullmq-jobs.ts';
import type { Jobs } from '../ports.ts';

type Handle = Parameters<Jobs['work']>[0];
export type CreateJobs = (options?: Partial<BullmqJobsOptions>) => Promise<Jobs>;

/** A promise and its ends. */
function createGate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

const quick = { firstRetryMs: 20, drainMs: 2000 };

/** What every `Jobs` adapter must do; `create` makes another client of the same, at first empty, queue. */
export function describeJobsContract(name: string, create: CreateJobs): void {
  describe(`Jobs contract: ${name}`, () => {
    const opened: Jobs[] = [];
    const open = async (options: Partial<BullmqJobsOptions> = {}) => {
      const jobs = await create({ ...quick, ...options });
      opened.push(jobs);
      return jobs;
    };
    const ignore: Handle = async () => {};
    afterEach(async () => {
      for (const jobs of opened.splice(0)) await jobs.close();
    });

    it('hands a job to the worker with its payload', async () => {
      const jobs = await open();
      const handle = vi.fn(ignore);
      await jobs.work(handle, 1);
      await jobs.enqueue('source-run', { sourceId: 'one', run: 1 });
      await vi.waitFor(() => expect(handle).toHaveBeenCalledTimes(1), 5000);
      expect(handle.mock.calls[0]?.slice(0, 2)).toEqual(['source-run', { sourceId: 'one', run: 1 }]);
    });

    it('keeps jobs until a worker comes, and gives each to one worker only', async () => {
      const producer = await open();
      for (let run = 1; run <= 20; run += 1) await producer.enqueue('source-run', { sourceId: 'kept', run });
      const seen: number[] = [];
      const handle: Handle = async (_name, payload) => {
        if (payload !== null && typeof payload === 'object' && 'run' in payload)
          seen.push(Number(payload.run));
      };
      await (await open()).work(handle, 2);
      await (await open()).work(handle, 2);
      await vi.waitFor(() => expect(seen).toHaveLength(20), 10_000);
      expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    });

    it('makes one job of those with the same key while it waits or runs, and a new one after', async () => {
      const jobs = await open();
      const gate = createGate();
      const handle = vi.fn(() => gate.opened);
      for (let time = 0; time < 3; time += 1) await jobs.enqueue('source-sweep', {}, { key: 'sweep' });
      await jobs.work(handle, 4);
      await vi.waitFor(() => expect(handle).toHaveBeenCalledTimes(1), 5000);
      await jobs.enqueue('source-sweep', {}, { key: 'sweep' });
      await jobs.enqueue('source-sweep', {}, { key: 'other' });
      await vi.waitFor(() => expect(handle).toHaveBeenCalledTimes(2), 5000);
      gate.open();
      await vi.waitFor(
        async () => {
          await jobs.enqueue('source-sweep', {}, { key: 'sweep' });
          expect(handle.mock.calls.length).toBeGreaterThan(2);
        },
        { timeout: 5000, interval: 50 },
      );
    });

    it('runs a delayed job later than one without delay', async () => {
      const jobs = await open();
      const order: string[] = [];
      await jobs.work(async (jobName) => void order.push(jobName), 1);
      await jobs.enqueue('source-run', {}, { delayMs: 300 });
      await jobs.enqueue('source-sweep', {});
      await vi.waitFor(() => expect(order).toEqual(['source-sweep', 'source-run']), 5000);
    });

    it('tries a failed job again', async () => {
      const jobs = await open();
      const handle = vi
        .fn(ignore)
        .mockRejectedValueOnce(new Error('first'))
        .mockRejectedValueOnce(new Error('second'));
      await jobs.work(handle, 1);
      await jobs.enqueue('source-sweep', {});
      await vi.waitFor(() => expect(handle).toHaveBeenCalledTimes(3), 10_000);
    });

    it('does not try again what can never work, and drops unknown names', async () => {
      const lines: string[] = [];
      const note = (event: string) => void lines.push(event);
      const jobs = await open({ logger: { info: note, warn: note, error: note } });
      const handle = vi.fn(ignore).mockRejectedValueOnce(new AppError('invalid-request', 'never'));
      await jobs.work(handle, 1);
      await jobs.enqueue('no-such-job', {});
      await jobs.enqueue('source-run', { bad: true });
      await jobs.enqueue('source-sweep', {});
      await vi.waitFor(
        () => expect(handle.mock.calls.map(([jobName]) => jobName)).toContain('source-sweep'),
        5000,
      );
      expect(handle.mock.calls.map(([jobName]) => jobName)).toEqual(['source-run', 'source-sweep']);
      expect(lines).toContain('job-unknown');
    });

    it('tells running jobs to stop on close and gives them to the next worker', async () => {
      const first = await open();
      const started = createGate();
      let reason: unknown = null;
      await first.work(async (_name, _payload, signal) => {
        started.open();
        await new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reason = signal.reason;
            reject(signal.reason);
          });
        });
      }, 1);
      await first.enqueue('source-sweep', {}, { key: 'sweep' });
      await started.opened;
      await first.close();
      expect(reason).toBeInstanceOf(AppError);
      const handle = vi.fn(ignore);
      await (await open()).work(handle, 1);
      await vi.waitFor(() => expect(handle).toHaveBeenCalledTimes(1), 5000);
    });

    it('runs the job of a worker that died again', async () => {
      // A claim that is held but not renewed is what a killed process leaves behind.
      const lost = await open({ lockMs: 1000, stalledCheckMs: 60_000, renewsLocks: false });
      const started = createGate();
      const ended = createGate();
      await lost.work(async () => {
        started.open();
        await ended.opened;
      }, 1);
      await lost.enqueue('source-sweep', {});
      await started.opened;
      const handle = vi.fn(ignore);
      await (await open({ lockMs: 1000, stalledCheckMs: 300 })).work(handle, 1);
      await vi.waitFor(() => expect(handle).toHaveBeenCalledTimes(1), 15_000);
      ended.open();
    });
  });
}
