import { z } from 'zod';
import type { Queryable } from '../ports.ts';

const keyRow = z.object({
  id: z.uuid(),
  name: z.string(),
  created_at: z.date(),
  last_used_at: z.date().nullable(),
});

/** An API key as stored: its name and times, never the key. */
export interface ApiKeyRecord {
  id: string;
  name: string;
  createdAt: Date;
  lastUsedAt: Date | null;
}

function toRecord(row: z.output<typeof keyRow>): ApiKeyRecord {
  return { id: row.id, name: row.name, createdAt: row.created_at, lastUsedAt: row.last_used_at };
}

/** Adds a key by its hash; false when that very key exists already, revoked or not. */
export async function insertApiKey(
  db: Queryable,
  key: { id: string; name: string; keyHash: string; createdAt: Date },
): Promise<boolean> {
  const inserted = await db.execute(
    `insert into api_key (id, name, key_hash, created_at) values ($1, $2, $3, $4)
     on conflict (key_hash) do nothing`,
    [key.id, key.name, key.keyHash, key.createdAt],
  );
  return inserted > 0;
}

/** The unrevoked key with this hash. */
export async function findApiKey(db: Queryable, keyHash: string): Promise<ApiKeyRecord | null> {
  const rows = await db.query(
    `select id, name, created_at, last_used_at from api_key where key_hash = $1 and revoked_at is null`,
    [keyHash],
    keyRow,
  );
  return rows[0] === undefined ? null : toRecord(rows[0]);
}

/** All unrevoked keys, oldest first. */
export async function listApiKeys(db: Queryable): Promise<ApiKeyRecord[]> {
  const rows = await db.query(
    `select id, name, created_at, last_used_at from api_key where revoked_at is null order by created_at, id`,
    [],
    keyRow,
  );
  return rows.map(toRecord);
}

/** Notes that the key was used. */
export async function touchApiKey(db: Queryable, keyId: string, at: Date): Promise<void> {
  await db.execute('update api_key set last_used_at = $2 where id = $1', [keyId, at]);
}

/** Makes the key useless at once; false when there is no such key or it is revoked already. */
export async function revokeApiKey(db: Queryable, keyId: string, at: Date): Promise<boolean> {
  return (
    (await db.execute('update api_key set revoked_at = $2 where id = $1 and revoked_at is null', [
      keyId,
      at,
    ])) > 0
  );
}
