import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * `npm run bench` lists the benches; `npm run bench -- <name> [options]` runs one. Each bench is a file of
 * this folder that runs when imported, prints a table, and with `--json` one JSON document.
 */
const folder = fileURLToPath(new URL('.', import.meta.url));
const helpers = new Set(['run.ts']);
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !helpers.has(file))
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();

const [name] = process.argv.slice(2);
if (name === undefined || !names.includes(name)) {
  console.log(`Benches: ${names.join(', ')}\nRun one with: npm run bench -- <name>`);
  if (name !== undefined) process.exitCode = 1;
} else {
  process.argv.splice(2, 1);
  await import(`./${name}.ts`);
}
