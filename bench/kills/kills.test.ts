import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFreshDatabase, testDatabaseUrl } from '../../server/testing/database.ts';
import { runKills } from './run.ts';

/** A short run of `npm run bench -- kills`; on the embedded database always, since a kill is another thing there. */
const seed = Date.now() % 100_000;
const run = { kills: 3, documents: 24, seed };

describe(`D8: a worker killed at random moments (seed ${String(seed)})`, { timeout: 600_000 }, () => {
  it('leaves every document old or new on the embedded database', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'deskbell-kill-'));
    try {
      expect((await runKills({ ...run, place: path.join(folder, 'database') })).faults).toEqual([]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  if (testDatabaseUrl !== null) describeOnServer(testDatabaseUrl);
});

function describeOnServer(url: string): void {
  it('leaves every document old or new on PostgreSQL', async () => {
    const fresh = await createFreshDatabase(url, false);
    try {
      expect((await runKills({ ...run, place: fresh.url })).faults).toEqual([]);
    } finally {
      await fresh.drop();
    }
  });
}
