import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const binaries = path.join(root, 'node_modules', '.bin');

/** Node 24 as the lock file pins it; the machine's own Node before the first install. */
export function pinnedNode() {
  const pinned = path.join(
    root,
    'node_modules',
    'node',
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  return existsSync(pinned) ? pinned : process.execPath;
}

/** PATH with our own binaries first, so that every tool runs on the pinned Node. */
export function pinnedEnvironment(extra = {}) {
  return { ...process.env, PATH: `${binaries}${path.delimiter}${process.env.PATH ?? ''}`, ...extra };
}

/** PATH without any `node_modules/.bin`: what the machine itself offers (npm must not run from what it replaces). */
export function machineEnvironment() {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return {
    ...process.env,
    PATH: folders
      .filter((folder) => !folder.includes(path.join('node_modules', '.bin')))
      .join(path.delimiter),
  };
}

/**
 * Runs a program to its end and gives its exit code. Signals that reach this process go on to the child,
 * which decides how to stop.
 */
export function run(program, args, { env = pinnedEnvironment(), stdio = 'inherit', cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio });
    const forward = (signal) => child.kill(signal);
    // The terminal sends Ctrl-C to the whole group, the child included; here it only must not end the wait.
    const ignore = () => {};
    process.on('SIGTERM', forward);
    process.on('SIGHUP', forward);
    process.on('SIGINT', ignore);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      process.off('SIGTERM', forward);
      process.off('SIGHUP', forward);
      process.off('SIGINT', ignore);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}

/** Says why it cannot go on and what to do, then ends with code 1. */
export function giveUp(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
