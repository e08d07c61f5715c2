import { fork } from 'node:child_process';
import { parseArgs } from 'node:util';
import { mutants } from './chaos/mutants.ts';
import './chaos/mutate.ts';
import { mutantVariable } from './chaos/mutate.ts';
import type { ChaosResult } from './chaos/run.ts';
import { startServers } from './chaos/servers.ts';

/**
 * Visitors and agents chat while app processes, PostgreSQL and Redis are killed and connections are cut; then a
 * checker compares what each of them sent, was told and saw with the database.
 *
 *   npm run bench -- chaos [--seed 1] [--kills 40] [--database-kills 4] [--redis-kills 3] [--recoveries 3]
 *     [--json]
 *   npm run bench -- chaos --mutants      runs every deliberate fault: each must turn the checker red
 *
 * Needs root and the Debian tree of `.ci/real-servers.sh`.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    kills: { type: 'string', default: '40' },
    'database-kills': { type: 'string', default: '4' },
    'redis-kills': { type: 'string', default: '3' },
    instances: { type: 'string', default: '3' },
    visitors: { type: 'string', default: '16' },
    agents: { type: 'string', default: '3' },
    /** Single faults of each kind at the end: how long until everybody is back after each. */
    recoveries: { type: 'string', default: '3' },
    'bus-loss': { type: 'string', default: '0.1' },
    mutants: { type: 'boolean', default: false },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

/** Exit code of a run that found faults; anything else but 0 is a fault of the harness. */
const faultsFound = 3;

if (values.mutants) await runMutants();
else await runOnce();

async function runOnce(): Promise<void> {
  // only now, so that a mutant's hook sees these modules
  const { runChaos } = await import('./chaos/run.ts');
  const servers = startServers();
  try {
    const result = await runChaos({ ...numbers(), servers });
    report(result);
    process.exitCode = result.faults.length === 0 && result.settledMs !== null ? 0 : faultsFound;
  } finally {
    servers.stop();
  }
  process.exit();
}

/** Each mutant in a process of its own; a mutant that the checker does not see is a fault of the checker. */
async function runMutants(): Promise<void> {
  const survivors: string[] = [];
  for (const { name, busLoss, visitors } of mutants) {
    if (values.only !== undefined && values.only !== name) continue;
    const code = await runChild(name, {
      busLoss: busLoss ?? Number(values['bus-loss']),
      visitors: visitors ?? Number(values.visitors),
    });
    console.log(`${name}: ${code === faultsFound ? 'found' : 'NOT FOUND'}`);
    if (code !== faultsFound) survivors.push(name);
  }
  process.exitCode = survivors.length === 0 ? 0 : 1;
}

function runChild(
  mutant: string,
  { busLoss, visitors }: { busLoss: number; visitors: number },
): Promise<number | null> {
  const args = ['--seed', values.seed, '--kills', values.kills, '--database-kills', values['database-kills']];
  const rest = [
    '--redis-kills',
    values['redis-kills'],
    '--visitors',
    String(visitors),
    '--bus-loss',
    String(busLoss),
    '--recoveries',
    '0',
    '--json',
  ];
  const child = fork(new URL('./chaos.ts', import.meta.url).pathname, [...args, ...rest], {
    env: { ...process.env, [mutantVariable]: mutant },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  child.stdout?.on('data', (chunk: Buffer) => {
    const faults = /"faults":\s*\[\s*"([^"]*)"/.exec(chunk.toString())?.[1];
    if (faults !== undefined) console.log(`  ${faults}`);
  });
  return new Promise((resolve) => child.on('exit', resolve));
}

function numbers() {
  return {
    seed: Number(values.seed),
    instances: Number(values.instances),
    kills: Number(values.kills),
    databaseKills: Number(values['database-kills']),
    redisKills: Number(values['redis-kills']),
    visitors: Number(values.visitors),
    agents: Number(values.agents),
    busLoss: Number(values['bus-loss']),
    recoveries: Number(values.recoveries),
  };
}

function report(result: ChaosResult): void {
  if (values.json) {
    console.log(JSON.stringify({ ...result, faults: result.faults.slice(0, 20) }, null, 1));
    return;
  }
  const { faults, counts, crashes, outages, recoveries, ...rest } = result;
  console.table({ ...rest, ...counts, outages: JSON.stringify(outages) });
  if (recoveries.length > 0) console.table(recoveries);
  console.log(
    faults.length === 0
      ? 'No faults.'
      : `${String(faults.length)} faults:\n${faults.slice(0, 20).join('\n')}`,
  );
  if (crashes.length > 0)
    console.log(`Instances ended by themselves:\n${[...new Set(crashes)].slice(0, 3).join('\n')}`);
}
