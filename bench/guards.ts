import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { copyProject, type Copy } from './guards/copy.ts';
import type { Guard } from './guards/guard.ts';
import { guards } from './guards/list.ts';

/**
 * Takes each guard of the cases D, E, J, L1 and L4 of the reliability map out of a copy of the project and runs its
 * tests: they must fail. Prints a table of case, guard and the first test that noticed.
 *
 *   npm run bench -- guards [--only D3] [--guard "tree depth"] [--json]
 *
 * `--guard` takes only those whose description holds these words.
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    guard: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
  },
});

const reportSchema = z.object({
  numPassedTests: z.number(),
  testResults: z.array(
    z.object({
      message: z.string().default(''),
      assertionResults: z.array(
        z.object({
          status: z.string(),
          fullName: z.string(),
          failureMessages: z.array(z.string()).default([]),
        }),
      ),
    }),
  ),
});

interface Finding {
  id: string;
  guard: string;
  /** The first test that failed; null when none did. */
  noticedBy: string | null;
}

/** The first failing test; null when all pass. @throws Error when no test ran at all. */
function firstFailure(copy: Copy, { tests, names }: Guard): string | null {
  const report = join(copy.folder, 'guards-report.json');
  const filter = names === undefined ? [] : ['-t', names];
  const args = ['run', '--project', 'node', ...tests, ...filter, '--bail=1', '--reporter=json'];
  const vitest = join(copy.folder, 'node_modules/.bin/vitest');
  const env = {
    ...process.env,
    PATH: `${join(copy.folder, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`,
  };
  const run = spawnSync(vitest, [...args, `--outputFile=${report}`], {
    cwd: copy.folder,
    env,
    encoding: 'utf8',
  });
  const { testResults, numPassedTests } = reportSchema.parse(JSON.parse(readFileSync(report, 'utf8')));
  const all = testResults.flatMap(({ assertionResults }) => assertionResults);
  const failed = all.find(({ status }) => status === 'failed');
  if (failed === undefined && numPassedTests === 0) {
    const messages = testResults.map(({ message }) => message).join(' ');
    throw new Error(`No test ran: ${messages} ${run.stdout}${run.stderr}`);
  }
  if (failed === undefined) return null;
  // A busy machine fails tests too: what only ran out of time is for the reader to judge.
  const isLate = /timed out/i.test(failed.failureMessages.join(' '));
  return `${failed.fullName.trim()}${isLate ? ' (ran out of time)' : ''}`;
}

function runAll(): Finding[] {
  const copy = copyProject();
  const findings: Finding[] = [];
  try {
    for (const guard of guards) {
      if (values.only !== undefined && values.only !== guard.id) continue;
      if (!guard.guard.toLowerCase().includes(values.guard.toLowerCase())) continue;
      const noticedBy = copy.without(guard, () => firstFailure(copy, guard));
      const { id, guard: what } = guard;
      findings.push({ id, guard: what, noticedBy });
      if (!values.json) console.log(`${id.padEnd(3)} | ${what} | ${noticedBy ?? 'NOT NOTICED'}`);
    }
  } finally {
    copy.remove();
  }
  return findings;
}

const findings = runAll();
const missed = findings.filter(({ noticedBy }) => noticedBy === null).length;
if (values.json) console.log(JSON.stringify({ findings, missed }));
else
  console.log(
    `\n${String(findings.length - missed)} of ${String(findings.length)} guards were missed by their tests when they were gone.`,
  );
process.exitCode = missed === 0 ? 0 : 1;
