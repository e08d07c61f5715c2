import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './build.mjs';
import { ensureChromium } from './chromium.mjs';
import { ensureInstalled } from './install.mjs';
import { binaries, giveUp, pinnedEnvironment, pinnedNode, root, run } from './process.mjs';

const pinnedMajor = 24;

/** Runs one of our TypeScript entries: in this process where Node is new enough, else in a child. */
async function runEntry(file, args) {
  const entry = path.join(root, file);
  if (Number(process.versions.node.split('.')[0]) >= pinnedMajor) {
    process.argv = [process.execPath, entry, ...args];
    await import(pathToFileURL(entry).href);
    return;
  }
  process.exitCode = await run(pinnedNode(), [entry, ...args]);
}

function runTool(name, args, extra = {}) {
  return run(pinnedNode(), [path.join(binaries, name), ...args], { env: pinnedEnvironment(extra) });
}

async function test(args) {
  await ensureBuilt();
  const chromium = await ensureChromium();
  process.exitCode = await runTool('vitest', ['run', ...args], { CHROMIUM_PATH: chromium });
}

async function check() {
  const steps = [
    ['format', 'prettier', ['--check', '--log-level=warn', '.']],
    ['lint', 'eslint', ['--max-warnings=0', '.']],
    ['types', 'tsc', ['-p', '.']],
    ['widget types', 'svelte-check', ['--tsconfig', 'widget/tsconfig.json', '--fail-on-warnings']],
    ['console types', 'svelte-check', ['--tsconfig', 'console/tsconfig.json', '--fail-on-warnings']],
    ['architecture', 'vitest', ['run', '--project', 'node', 'tests/house']],
  ];
  const failed = [];
  for (const [name, tool, args] of steps) {
    process.stderr.write(`check: ${name}\n`);
    if ((await runTool(tool, args)) !== 0) failed.push(name);
  }
  if (failed.length > 0) giveUp(`check failed: ${failed.join(', ')}`);
}

const commands = {
  start: async (args) => {
    await ensureBuilt();
    await runEntry('server/main.ts', args);
  },
  test,
  check,
  build: () => ensureBuilt(),
  format: async () => {
    process.exitCode = await runTool('prettier', ['--write', '--log-level=warn', '.']);
  },
  deskbell: async (args) => {
    await ensureBuilt();
    await runEntry('server/cli.ts', args);
  },
  eval: (args) => runEntry('evals/run.ts', args),
  bench: (args) => runEntry('bench/run.ts', args),
};

/** Runs one npm script by its name, after installing what is missing. */
export async function runCommand(name, args) {
  const command = commands[name];
  if (!command) giveUp(`Unknown command "${name}". Use one of: ${Object.keys(commands).join(', ')}.`);
  await ensureInstalled();
  await command(args);
}
