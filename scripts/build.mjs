/** Builds one front end: `node scripts/build.mjs widget|console`. Each has its own `vite.config.ts`. */
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const frontEnd = process.argv[2] ?? '';
const configFile = path.join(root, frontEnd, 'vite.config.ts');

const { default: config } = await import(pathToFileURL(configFile).href);
for (const one of Array.isArray(config) ? config : [config]) {
  await build({ logLevel: 'warn', ...one, configFile: false });
}
