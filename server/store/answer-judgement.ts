import { z } from 'zod';
import type { Queryable } from '../ports.ts';

/** Who tells whether an answer was right; an owner's word outweighs an agent's, an agent's a visitor's. */
export const judges = ['owner', 'agent', 'visitor'] as const;
export type Judge = (typeof judges)[number];

/**
 * Keeps a judgement, in place of the same judge's earlier one. False when the site, or the conversation where one
 * is given, has no such answer.
 */
export async function upsertJudgement(
  db: Queryable,
  judgement: {
    siteId: string;
    conversationId: string | null;
    answerId: string;
    judgedBy: Judge;
    isRight: boolean;
    createdAt: Date;
  },
): Promise<boolean> {
  const touched = await db.execute(
    `insert into answer_judgement (answer_id, site_id, judged_by, is_right, created_at)
     select id, site_id, $3, $4, $5 from answer
     where site_id = $1 and id = $2 and ($6::uuid is null or conversation_id = $6::uuid)
     on conflict (answer_id, judged_by) do update set is_right = $4, created_at = $5`,
    [
      judgement.siteId,
      judgement.answerId,
      judgement.judgedBy,
      judgement.isRight,
      judgement.createdAt,
      judgement.conversationId,
    ],
  );
  return touched > 0;
}

/** The newest judged answers of a site that were assessed, one entry each by its weightiest judge. */
export async function listJudged(
  db: Queryable,
  siteId: string,
  limit: number,
): Promise<{ logit: number; isRight: boolean }[]> {
  const rows = await db.query(
    `select logit, is_right from (
       select distinct on (j.answer_id) a.confidence_logit as logit, j.is_right, j.created_at
       from answer_judgement j join answer a on a.id = j.answer_id
       where j.site_id = $1 and a.confidence_logit is not null
       order by j.answer_id, array_position($3::text[], j.judged_by)
     ) judged order by created_at desc limit $2`,
    [siteId, limit, [...judges]],
    z.object({ logit: z.number(), is_right: z.boolean() }),
  );
  return rows.map(({ logit, is_right: isRight }) => ({ logit, isRight }));
}

/** Log odds of a site's newest assessed answers. */
export async function listRecentLogits(db: Queryable, siteId: string, limit: number): Promise<number[]> {
  const rows = await db.query(
    `select confidence_logit as logit from answer
     where site_id = $1 and confidence_logit is not null order by created_at desc limit $2`,
    [siteId, limit],
    z.object({ logit: z.number() }),
  );
  return rows.map(({ logit }) => logit);
}
