import { errorMessage } from './errors.ts';
import type { Logger } from './ports.ts';

/**
 * Runs `work` now and then every `everyMs`, never twice at once; a failure is logged and tried again next time.
 * The returned function stops it and waits for the run under way.
 */
export function repeat(work: () => Promise<void>, everyMs: number, logger: Logger): () => Promise<void> {
  let running: Promise<void> | null = null;

  async function runOnce(): Promise<void> {
    try {
      await work();
    } catch (error) {
      logger.warn('repeated-work-failed', { reason: errorMessage(error) });
    } finally {
      running = null;
    }
  }

  const tick = (): void => {
    running ??= runOnce();
  };
  tick();
  const timer = setInterval(tick, everyMs);
  return async () => {
    clearInterval(timer);
    await running;
  };
}
