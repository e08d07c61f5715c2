import { readConfig } from '../../config.ts';
import { type Command } from '../command.ts';
import { runChecks, type Check } from '../checks.ts';

const marks: Readonly<Record<Check['status'], string>> = { ok: '✓', warning: '!', failed: '✗' };

/** `doctor`: what this installation needs, what it has, and how to cure what is amiss. */
export const doctorCommand: Command = {
  name: 'doctor',
  usage: '',
  summary: 'Check this installation and say how to cure what is amiss',
  options: {},
  examples: ['doctor', 'doctor --json'],
  async run({ out, options, api }) {
    const checks = await runChecks({ readConfig, nodeVersion: process.versions.node, api });
    const isWell = checks.every(({ status }) => status !== 'failed');
    if (options['json'] === true) {
      out.json({ isWell, checks });
      return isWell ? 0 : 1;
    }
    const width = Math.max(...checks.map(({ name }) => name.length));
    for (const { name, status, detail, fix } of checks) {
      out.print(`${marks[status]} ${name.padEnd(width)}  ${detail}`);
      if (fix !== null) out.print(`  ${' '.repeat(width)}  ${out.dim(fix)}`);
    }
    out.print();
    out.print(isWell ? 'All is well.' : 'Something is amiss; see the lines marked ✗.');
    return isWell ? 0 : 1;
  },
};
