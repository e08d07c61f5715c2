import { z } from 'zod';
import type { Queryable } from '../ports.ts';

/** Stores an uploaded file's bytes with its item. */
export async function insertFile(
  db: Queryable,
  itemId: number,
  mediaType: string | null,
  bytes: Uint8Array,
): Promise<void> {
  await db.execute(
    `insert into source_file (item_id, media_type, bytes) values ($1, $2, $3)
     on conflict (item_id) do update set media_type = excluded.media_type, bytes = excluded.bytes`,
    [itemId, mediaType, bytes],
  );
}

/** An uploaded file's bytes; null when they are gone. */
export async function findFile(
  db: Queryable,
  itemId: number,
): Promise<{ mediaType: string | null; bytes: Uint8Array } | null> {
  const rows = await db.query(
    'select media_type, bytes from source_file where item_id = $1',
    [itemId],
    z.object({ media_type: z.string().nullable(), bytes: z.instanceof(Uint8Array) }),
  );
  return rows[0] === undefined ? null : { mediaType: rows[0].media_type, bytes: rows[0].bytes };
}
