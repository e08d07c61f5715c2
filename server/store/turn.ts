import { z } from 'zod';
import type { Queryable } from '../ports.ts';

/** An AI turn whose writer has not been heard of for too long. */
export interface OrphanedTurn {
  conversationId: string;
  turnId: string;
  attempt: number;
}

/** Prolongs the lease of a turn that is still being written; false when it is no longer current. */
export async function renewTurnLease(
  db: Queryable,
  turn: { conversationId: string; turnId: string; leaseAt: Date },
): Promise<boolean> {
  const renewed = await db.execute(
    'update conversation set turn_lease_at = $3 where id = $1 and turn_id = $2',
    [turn.conversationId, turn.turnId, turn.leaseAt],
  );
  return renewed > 0;
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
