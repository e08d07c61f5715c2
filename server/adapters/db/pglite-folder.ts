import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { startPgliteThread } from './pglite-thread.ts';

/**
 * Makes the database's folder if it is not there: under another name first, so that a start that was killed
 * half-way leaves nothing that looks like a database.
 * @throws AppError `start-failed` when it cannot be made.
 */
export async function ensurePgliteFolder(dataDir: string, statementMs: number): Promise<void> {
  if (existsSync(dataDir)) return;
  const draft = `${dataDir}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(path.dirname(dataDir), { recursive: true });
  const thread = await startPgliteThread({ dataDir: draft, archive: null, statementMs });
  await thread.close();
  await rename(draft, dataDir);
}
