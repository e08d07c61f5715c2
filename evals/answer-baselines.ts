import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { AnswerResult } from './answer-report.ts';

const file = fileURLToPath(new URL('./answer-baselines.json', import.meta.url));
const figures = z.object({
  span: z.number().nullable(),
  cited: z.number(),
  auroc: z.number().nullable(),
  eceCalibrated: z.number().nullable(),
});
const schema = z.record(z.string(), figures);
export type AnswerBaselines = z.infer<typeof schema>;

/** A fall by more than this is a drop, not noise. */
const tolerance = 0.01;

/** What each answering task came to when the baselines were last written. */
export async function readAnswerBaselines(): Promise<AnswerBaselines> {
  return schema.parse(JSON.parse(await readFile(file, 'utf8')));
}

/** Writes these results over the baselines of the same tasks; others stay. */
export async function writeAnswerBaselines(results: readonly AnswerResult[]): Promise<void> {
  const round = (value: number | null) => (value === null ? null : Math.round(value * 1000) / 1000);
  const own = results.map(({ task, span, cited, auroc, eceCalibrated }) => [
    task,
    { span: round(span), cited: round(cited), auroc: round(auroc), eceCalibrated: round(eceCalibrated) },
  ]);
  const all = { ...(await readAnswerBaselines()), ...schema.parse(Object.fromEntries(own)) };
  const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
  await writeFile(file, `${JSON.stringify(sorted, null, 2)}\n`);
}

/** Figures that fell below their baseline (the calibration error: rose above it), in words. */
export function findAnswerDrops(results: readonly AnswerResult[], baselines: AnswerBaselines): string[] {
  return results.flatMap((result) => {
    const known = baselines[result.task];
    if (known === undefined) return [];
    const better = { span: 1, cited: 1, auroc: 1, eceCalibrated: -1 } as const;
    return (['span', 'cited', 'auroc', 'eceCalibrated'] as const).flatMap((name) => {
      const [now, then] = [result[name], known[name]];
      if (now === null || then === null || (now - then) * better[name] >= -tolerance) return [];
      return [`${result.task}: ${name} ${now.toFixed(3)}, was ${then.toFixed(3)}`];
    });
  });
}
