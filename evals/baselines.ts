import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { RetrievalResult } from './retrieval.ts';

const file = fileURLToPath(new URL('./baselines.json', import.meta.url));
const schema = z.record(z.string(), z.object({ ndcg: z.number(), recallAt5: z.number() }));
export type Baselines = z.infer<typeof schema>;

/** A fall of a figure by more than this is a drop, not noise. */
const tolerance = 0.005;

/** What each task came to when the baselines were last written. */
export async function readBaselines(): Promise<Baselines> {
  return schema.parse(JSON.parse(await readFile(file, 'utf8')));
}

/** Writes these results over the baselines of the same tasks; others stay. */
export async function writeBaselines(results: readonly RetrievalResult[], known: Baselines): Promise<void> {
  const round = (value: number) => Math.round(value * 10_000) / 10_000;
  const own = results.map(({ task, ndcg, recallAt5 }) => [
    task,
    { ndcg: round(ndcg), recallAt5: round(recallAt5) },
  ]);
  const all: Baselines = { ...known, ...schema.parse(Object.fromEntries(own)) };
  const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
  await writeFile(file, `${JSON.stringify(sorted, null, 2)}\n`);
}

/** The tasks that fell below their baseline, in words. */
export function findDrops(results: readonly RetrievalResult[], baselines: Baselines): string[] {
  return results.flatMap((result) => {
    const known = baselines[result.task];
    if (known === undefined || result.ndcg >= known.ndcg - tolerance) return [];
    return [`${result.task}: nDCG@10 ${result.ndcg.toFixed(3)}, was ${known.ndcg.toFixed(3)}`];
  });
}
