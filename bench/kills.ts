import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createFreshDatabase, testDatabaseUrl } from '../server/testing/database.ts';
import { runKills, type KillResult } from './kills/run.ts';

/**
 * SIGKILLs a worker at random moments while it replaces documents, on the embedded database and, where
 * TEST_DATABASE_URL names a server, on PostgreSQL. After each kill every document must be in its old version or its
 * new one, with its passages, vectors, index entries and rows of the ledger.
 *
 *   npm run bench -- kills [--kills 50] [--documents 48] [--seed 1] [--json]
 */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    documents: { type: 'string', default: '48' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const options = {
  kills: Number(values.kills),
  documents: Number(values.documents),
  seed: Number(values.seed),
};

async function onEmbedded(): Promise<KillResult> {
  const folder = await mkdtemp(path.join(tmpdir(), 'deskbell-kill-'));
  try {
    return await runKills({ ...options, place: path.join(folder, 'database') });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function onServer(url: string): Promise<KillResult> {
  const fresh = await createFreshDatabase(url, false);
  try {
    return await runKills({ ...options, place: fresh.url });
  } finally {
    await fresh.drop();
  }
}

const results: Record<string, KillResult> = { 'embedded (PGlite)': await onEmbedded() };
if (testDatabaseUrl !== null) results['PostgreSQL'] = await onServer(testDatabaseUrl);
if (values.json) console.log(JSON.stringify({ ...options, results }));
else {
  console.log(`${values.kills} kills, ${values.documents} documents, seed ${values.seed}\n`);
  console.log(
    '| database | kills | midway | between versions | longest restart | faults |\n| --- | --- | --- | --- | --- | --- |',
  );
  for (const [name, result] of Object.entries(results)) {
    const { kills, midway, between, longestRestartMs, faults } = result;
    const seconds = (longestRestartMs / 1000).toFixed(1);
    console.log(
      `| ${name} | ${String(kills)} | ${String(midway)} | ${String(between)} | ${seconds} s | ${String(faults.length)} |`,
    );
    for (const fault of faults) console.log(`  ${fault}`);
  }
}
process.exitCode = Object.values(results).some(({ faults }) => faults.length > 0) ? 1 : 0;
