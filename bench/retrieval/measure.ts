/** The value that a share of the samples lies below. */
export function quantile(samples: readonly number[], share: number): number {
  return (
    samples.toSorted((a, b) => a - b)[Math.min(samples.length - 1, Math.floor(samples.length * share))] ?? 0
  );
}

/** What repeated calls took. */
export interface Figures {
  /** What other work on the machine hardly touches. */
  p10Ms: number;
  p50Ms: number;
  p99Ms: number;
  /** Of this process, per call. */
  cpuMs: number;
  /** Means of the steps. */
  steps: Record<string, number>;
}

/** Calls `call` one after the other; it gives the times of its steps. */
export async function measure(
  count: number,
  call: (number: number) => Promise<Readonly<Record<string, number>>>,
) {
  const samples: number[] = [];
  const steps: Record<string, number> = {};
  const cpu = process.cpuUsage();
  for (let number = 0; number < count; number += 1) {
    const start = performance.now();
    const timings = await call(number);
    samples.push(performance.now() - start);
    for (const [step, ms] of Object.entries(timings)) steps[step] = (steps[step] ?? 0) + ms / count;
  }
  const used = process.cpuUsage(cpu);
  const figures: Figures = {
    p10Ms: quantile(samples, 0.1),
    p50Ms: quantile(samples, 0.5),
    p99Ms: quantile(samples, 0.99),
    cpuMs: (used.user + used.system) / 1000 / count,
    steps,
  };
  return figures;
}
