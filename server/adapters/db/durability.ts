import { z } from 'zod';
import type { Database, Logger } from '../../ports.ts';

const settingRow = z.object({ name: z.string(), setting: z.string() });

/**
 * Warns when the PostgreSQL server may lose what it acknowledged: `fsync` or `synchronous_commit` switched off.
 * The embedded database has neither to say: it writes through the operating system, which a killed process
 * cannot take along.
 */
export async function assertDurable(db: Database, logger: Logger): Promise<void> {
  if (db.kind === 'pglite') return;
  const settings = await db.query(
    `select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes')`,
    [],
    settingRow,
  );
  for (const { name, setting } of settings) {
    if (setting !== 'off') continue;
    logger.warn('database-not-durable', {
      setting: `${name} = off`,
      effect: 'Messages that were acknowledged can be lost when the database server crashes.',
      fix: `Set ${name} = on in postgresql.conf.`,
    });
  }
}
