import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const modules = {
  run: new URL('./run-process.ts', import.meta.url).href,
  log: new URL('./log.ts', import.meta.url).href,
};

/** Runs a program that has `surviveBugs` switched on; its `close` says "closed". */
function runWith(bug: string) {
  const program = `
    import { surviveBugs } from ${JSON.stringify(modules.run)};
    import { createLogger } from ${JSON.stringify(modules.log)};
    surviveBugs(async () => process.stdout.write('closed\\n'), createLogger(process.stderr, 'info'));
    ${bug}
    setTimeout(() => process.stdout.write('still here\\n'), 50);
  `;
  return spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
}

describe('surviveBugs', () => {
  it('G4: logs a rejection that nobody handles, and lives on', () => {
    const { status, stdout, stderr } = runWith(`Promise.reject(new Error('forgotten'));`);
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'still here\n' });
    expect(stderr).toContain('unhandled-rejection');
    expect(stderr).toContain('forgotten');
  });

  it('G4: closes and ends with 1 after an exception that nobody catches', () => {
    const { status, stdout, stderr } = runWith(`setTimeout(() => { throw new Error('bug'); });`);
    expect({ status, stdout }).toEqual({ status: 1, stdout: 'closed\n' });
    expect(stderr).toContain('uncaught-exception');
  });
});
