import { existsSync } from 'node:fs';
import path from 'node:path';
import { binaries, giveUp, machineEnvironment, pinnedNode, root, run } from './process.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const bundles = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

function onPath() {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return folders.flatMap((folder) => names.map((name) => path.join(folder, name)));
}

async function playwrightsOwn() {
  const { chromium } = await import('playwright-core');
  return chromium.executablePath();
}

async function find() {
  const asked = process.env.CHROMIUM_PATH;
  if (asked) {
    return existsSync(asked)
      ? asked
      : giveUp(`CHROMIUM_PATH names ${asked}, which does not exist. Correct or unset it.`);
  }
  return [...onPath(), ...bundles, await playwrightsOwn()].find((file) => existsSync(file)) ?? null;
}

async function installDebianPackage() {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  process.stderr.write('Installing Chromium for the browser tests (Debian package) ...\n');
  const options = {
    env: { ...machineEnvironment(), DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 2],
  };
  await run('apt-get', ['update', '-qq'], options);
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], options);
}

async function installPlaywrightsOwn() {
  process.stderr.write("Downloading Playwright's Chromium for the browser tests ...\n");
  await run(pinnedNode(), [path.join(binaries, 'playwright-core'), 'install', 'chromium'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
}

/** The path of a Chromium that the browser tests may drive; installs one where it can. */
export async function ensureChromium() {
  for (const install of [null, installDebianPackage, installPlaywrightsOwn]) {
    if (install) await install();
    const found = await find();
    if (found) return found;
  }
  return giveUp(
    'The browser tests need Chromium, and it could not be installed here. Do one of these, then run the same command again:\n' +
      '  - Debian or Ubuntu: sudo apt-get install chromium\n' +
      '  - any system with internet access: npx playwright-core install chromium\n' +
      '  - set CHROMIUM_PATH to a Chromium or Chrome that you have',
  );
}
