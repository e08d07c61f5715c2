import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { giveUp, machineEnvironment, root, run } from './process.mjs';

/** What `npm` recorded of its last install, by package path; empty when there was none. */
function installedPackages() {
  const file = path.join(root, 'node_modules', '.package-lock.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}

/** True when something that the lock file asks for is missing or of another version. */
export function isInstallStale() {
  const locked = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = installedPackages();
  return Object.entries(locked).some(
    ([name, entry]) => name !== '' && entry.optional !== true && installed[name]?.version !== entry.version,
  );
}

/** Installs what the lock file asks for, when that is missing or stale. */
export async function ensureInstalled() {
  if (!isInstallStale()) return;
  process.stderr.write('Installing what package-lock.json asks for (once, about half a minute) ...\n');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const quiet = ['--no-fund', '--no-audit', '--loglevel=error'];
  const code = await run(npm, ['ci', ...quiet], {
    env: machineEnvironment(),
    stdio: ['ignore', 2, 2],
  }).catch(() =>
    giveUp('npm was not found. Install Node together with npm, then run the same command again.'),
  );
  if (code !== 0 || isInstallStale()) {
    giveUp(
      'Installing failed; the lines above say why. Check the network and the disk, then run the same command again.',
    );
  }
}
