import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { giveUp, pinnedEnvironment, pinnedNode, root, run } from './process.mjs';

const frontEnds = ['widget', 'console'];

function* filesBelow(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(file);
    else yield file;
  }
}

/** A hash over everything that goes into a front end. */
function fingerprint(frontEnd) {
  const hash = createHash('sha256').update(readFileSync(path.join(root, 'package-lock.json')));
  for (const folder of [frontEnd, path.join('server', 'protocol')]) {
    for (const file of filesBelow(path.join(root, folder))) {
      if (file.endsWith('.test.ts') || file.endsWith('.md')) continue;
      hash.update(path.relative(root, file)).update(readFileSync(file));
    }
  }
  return hash.digest('hex');
}

/** Builds each front end whose sources changed since its last build. */
export async function ensureBuilt() {
  for (const frontEnd of frontEnds) {
    const stamp = path.join(root, 'dist', `.${frontEnd}-stamp`);
    const wanted = fingerprint(frontEnd);
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) continue;
    process.stderr.write(`Building the ${frontEnd} ...\n`);
    const code = await run(pinnedNode(), [path.join(root, 'scripts', 'build.mjs'), frontEnd], {
      env: pinnedEnvironment({ NODE_ENV: 'production' }),
      stdio: ['ignore', 2, 2],
    });
    if (code !== 0) giveUp(`Building the ${frontEnd} failed; the lines above say where.`);
    mkdirSync(path.dirname(stamp), { recursive: true });
    writeFileSync(stamp, wanted);
  }
}
