import process from 'node:process';
import { commands } from './cli/commands.ts';
import { connect } from './cli/connect.ts';
import { createOutput } from './cli/output.ts';
import { runCommandLine } from './cli/run.ts';
import { readCommandLine, readConfig } from './config.ts';

const settings = readCommandLine();
const out = createOutput({
  stdout: process.stdout,
  stderr: process.stderr,
  hasColor: settings.hasColor,
});

// a reader that has enough, such as head, is not an error
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await runCommandLine(process.argv.slice(2), {
  commands,
  out,
  stdin: process.stdin,
  connect: () =>
    connect({
      remote: settings,
      config: readConfig,
      // loaded only when a server must be started, so that asking a running one is quick
      createApp: async (config) => (await import('./app.ts')).createApp(config),
    }),
});
