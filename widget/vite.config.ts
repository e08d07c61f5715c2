import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { finishBuild, frameBuild } from './build.ts';

const outDir = fileURLToPath(new URL('../dist/widget', import.meta.url));
const frame = frameBuild(outDir);
const finish: Plugin = { name: 'deskbell-loader', apply: 'build', closeBundle: () => finishBuild(outDir) };

/** `dist/widget`: `frame.html`, `assets/*` with hashed names, and `widget.js`. */
export default { ...frame, plugins: [...(frame.plugins ?? []), finish] };
