/**
 * Loaded into a product's process before anything else: on SIGUSR2 it says on stdout how late the event loop was
 * since the last time, as `lag {"p50":..,"p99":..,"max":..}` in milliseconds.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: 2 });
  delay.enable();
  const ms = (nanoseconds: number) => Math.round(nanoseconds / 1e5) / 10;
  process.on('SIGUSR2', () => {
    const lag = { p50: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), max: ms(delay.max) };
    delay.reset();
    process.stdout.write(`lag ${JSON.stringify(lag)}\n`);
  });
}
