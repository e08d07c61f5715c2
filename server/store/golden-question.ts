import { z } from 'zod';
import type { Queryable } from '../ports.ts';

/** A question with what the owner knows of its answer, and what came of its newest run. */
export interface GoldenQuestionRecord {
  id: string;
  question: string;
  /** Words that a right answer holds; null: it should not be answered. */
  expected: string | null;
  answerId: string | null;
  /** Null before the first run. */
  isRight: boolean | null;
  runAt: Date | null;
}

const row = z.object({
  id: z.string(),
  question: z.string(),
  expected: z.string().nullable(),
  answer_id: z.string().nullable(),
  is_right: z.boolean().nullable(),
  run_at: z.date().nullable(),
});

const columns = 'id, question, expected, answer_id, is_right, run_at';

function toRecord(found: z.output<typeof row>): GoldenQuestionRecord {
  const { id, question, expected, answer_id: answerId, is_right: isRight, run_at: runAt } = found;
  return { id, question, expected, answerId, isRight, runAt };
}

/** Keeps questions of a site; one that is there already gets the new expectation, and its run is forgotten. */
export async function upsertGoldenQuestions(
  db: Queryable,
  siteId: string,
  questions: readonly { id: string; question: string; expected: string | null }[],
  createdAt: Date,
): Promise<void> {
  await db.execute(
    `insert into golden_question (id, site_id, question, expected, created_at)
     select (q ->> 'id')::uuid, $1, q ->> 'question', q ->> 'expected', $3 from jsonb_array_elements($2::jsonb) q
     on conflict (site_id, question) do update
     set expected = excluded.expected, answer_id = null, is_right = null, run_at = null`,
    [siteId, JSON.stringify(questions), createdAt],
  );
}

/** All golden questions of a site, oldest first. */
export async function listGoldenQuestions(db: Queryable, siteId: string): Promise<GoldenQuestionRecord[]> {
  const rows = await db.query(
    `select ${columns} from golden_question where site_id = $1 order by created_at, question`,
    [siteId],
    row,
  );
  return rows.map(toRecord);
}

/** One golden question of a site, or null. */
export async function findGoldenQuestion(
  db: Queryable,
  siteId: string,
  id: string,
): Promise<GoldenQuestionRecord | null> {
  const [found] = await db.query(
    `select ${columns} from golden_question where site_id = $1 and id = $2`,
    [siteId, id],
    row,
  );
  return found === undefined ? null : toRecord(found);
}

/** Notes what came of a run. */
export async function noteGoldenRun(
  db: Queryable,
  run: { id: string; answerId: string; isRight: boolean; runAt: Date },
): Promise<void> {
  await db.execute('update golden_question set answer_id = $2, is_right = $3, run_at = $4 where id = $1', [
    run.id,
    run.answerId,
    run.isRight,
    run.runAt,
  ]);
}

/** False when the site has no such question. */
export async function deleteGoldenQuestion(db: Queryable, siteId: string, id: string): Promise<boolean> {
  const deleted = await db.execute('delete from golden_question where site_id = $1 and id = $2', [
    siteId,
    id,
  ]);
  return deleted > 0;
}
