import { z } from 'zod';
import type { Queryable } from '../ports.ts';

/** An AI turn whose writer has not been heard of for too long. */
export interface OrphanedTurn {
  conversationId: string;
  turnId: string;
  attempt: number;
}

/** Prolongs the leases of turns that are still being written; gives the ids of those that are still current. */
export async function renewTurnLeases(
  db: Queryable,
  turns: readonly { conversationId: string; turnId: string }[],
  leaseAt: Date,
): Promise<string[]> {
  const rows = await db.query(
    `update conversation c set turn_lease_at = $3
     from unnest($1::uuid[], $2::uuid[]) as t (id, turn_id)
     where c.id = t.id and c.turn_id = t.turn_id
     returning c.turn_id`,
    [turns.map((turn) => turn.conversationId), turns.map((turn) => turn.turnId), leaseAt],
    z.object({ turn_id: z.uuid() }),
  );
  return rows.map((row) => row.turn_id);
}

const orphanRow = z
  .object({ id: z.uuid(), turn_id: z.uuid(), turn_attempt: z.number().int() })
  .transform((row): OrphanedTurn => ({
    conversationId: row.id,
    turnId: row.turn_id,
    attempt: row.turn_attempt,
  }));

/**
 * Takes the turns whose lease is over, 20 at most, by giving each a new lease: of several instances that look
 * at the same time only one gets a turn.
 */
export async function claimOrphanedTurns(db: Queryable, now: Date, leaseAt: Date): Promise<OrphanedTurn[]> {
  return db.query(
    `update conversation set turn_lease_at = $2
     where id in (
       select id from conversation where turn_id is not null and turn_lease_at <= $1
       order by turn_lease_at limit 20 for update skip locked
     )
     returning id, turn_id, turn_attempt`,
    [now, leaseAt],
    orphanRow,
  );
}
