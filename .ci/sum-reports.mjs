/**
 * Sums Vitest's JSON reports: `node sum-reports.mjs <folder> <name>...`. Lists what failed, prints
 * `N passed, N failed` as its last line, and exits with 1 on any failure or missing report.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const print = (line) => process.stdout.write(`${line}\n`);
const [folder, ...names] = process.argv.slice(2);
let passed = 0;
let failed = 0;

for (const name of names) {
  const file = path.join(folder, `${name}.json`);
  if (!existsSync(file)) {
    print(`failed: the suite "${name}" left no report`);
    failed += 1;
    continue;
  }
  const report = JSON.parse(readFileSync(file, 'utf8'));
  for (const suite of report.testResults) {
    const tests = suite.assertionResults;
    for (const test of tests.filter(({ status }) => status === 'failed')) {
      print(`failed: ${name}: ${path.relative(process.cwd(), suite.name)}: ${test.fullName}`);
    }
    // A file that could not even be loaded has no tests; tests that were skipped count as failed, too.
    const isBroken = suite.status === 'failed' && tests.every(({ status }) => status !== 'failed');
    if (isBroken) print(`failed: ${name}: ${path.relative(process.cwd(), suite.name)}: ${suite.message}`);
    const skipped = tests.filter(
      ({ status }) => status === 'skipped' || status === 'pending' || status === 'todo',
    );
    for (const test of skipped) print(`skipped, so failed: ${name}: ${test.fullName}`);
    passed += tests.filter(({ status }) => status === 'passed').length;
    failed += tests.filter(({ status }) => status === 'failed').length + skipped.length + (isBroken ? 1 : 0);
  }
}

print(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
