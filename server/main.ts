/** Starts Deskbell. Prints one line on stdout when it accepts requests; everything else goes to stderr. */
import process from 'node:process';
import { runProcess } from './run-process.ts';

const oldestMajor = 24;
if (Number(process.versions.node.split('.')[0]) < oldestMajor) {
  process.stderr.write(
    `Deskbell's server needs Node ${oldestMajor} or newer; this is ${process.version}.\nStart it with npm start, which brings the right one.\n`,
  );
  process.exit(1);
}

await runProcess((config) => config);
