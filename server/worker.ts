/** Starts a process that only works off jobs (crawls, imports), beside web processes on the same database. */
import { runProcess } from './run-process.ts';

await runProcess((config) => ({ ...config, role: 'worker' }));
