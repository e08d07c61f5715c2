import { z } from 'zod';
import type { Queryable } from '../ports.ts';
import { caughtSentenceSchema } from '../protocol/http.ts';

export interface AnswerDay {
  /** `2026-11-24`, UTC. */
  day: string;
  answers: number;
  inputTokens: number;
  outputTokens: number;
  cost: number;
  caught: number;
}

/** A site's answers by day, the newest first, from `since` on. */
export async function listAnswerDays(db: Queryable, siteId: string, since: Date): Promise<AnswerDay[]> {
  const rows = await db.query(
    `select to_char(created_at at time zone 'UTC', 'YYYY-MM-DD') as day, count(*) as answers,
       coalesce(sum(input_tokens), 0) as input_tokens, coalesce(sum(output_tokens), 0) as output_tokens,
       coalesce(sum(cost), 0) as cost, count(*) filter (where caught <> '[]') as caught
     from answer where site_id = $1 and created_at >= $2 group by 1 order by 1 desc`,
    [siteId, since],
    z.object({
      day: z.string(),
      answers: z.number(),
      input_tokens: z.number(),
      output_tokens: z.number(),
      cost: z.number(),
      caught: z.number(),
    }),
  );
  return rows.map(({ input_tokens: inputTokens, output_tokens: outputTokens, ...row }) => ({
    ...row,
    inputTokens,
    outputTokens,
  }));
}

export interface CaughtAnswer {
  answerId: string;
  question: string;
  createdAt: Date;
  sentences: z.output<typeof caughtSentenceSchema>[];
}

/** The newest answers of a site in which a sentence was caught. */
export async function listCaught(db: Queryable, siteId: string, limit: number): Promise<CaughtAnswer[]> {
  const rows = await db.query(
    `select id, question, created_at, caught from answer
     where site_id = $1 and caught <> '[]' order by created_at desc limit $2`,
    [siteId, limit],
    z.object({
      id: z.string(),
      question: z.string(),
      created_at: z.date(),
      caught: z.array(caughtSentenceSchema),
    }),
  );
  return rows.map((row) => ({
    answerId: row.id,
    question: row.question,
    createdAt: row.created_at,
    sentences: row.caught,
  }));
}
