import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build, type Plugin, type UserConfig } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));
const target = ['chrome111', 'firefox114', 'safari16.4'];

/** The chat in the iframe: `frame.html` and hashed assets, addressed relative to `/widget/frame`. */
export const frameBuild = (outDir: string): UserConfig => ({
  root,
  base: './',
  plugins: [svelte({ compilerOptions: { fragments: 'tree' } })],
  build: {
    outDir,
    emptyOutDir: true,
    target,
    sourcemap: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: path.join(root, 'frame.html') },
  },
});

/** The script on the host page: one classic script under a fixed name. */
export const loaderBuild = (outDir: string): UserConfig => ({
  root,
  build: {
    outDir,
    emptyOutDir: false,
    target,
    sourcemap: false,
    lib: {
      entry: path.join(root, 'loader.ts'),
      formats: ['iife'],
      name: 'deskbellLoader',
      fileName: () => 'widget.js',
    },
  },
});

const outDir = path.join(root, '..', 'dist', 'widget');

/** Builds the loader after the frame, into the same folder. */
const withLoader: Plugin = {
  name: 'deskbell-loader',
  apply: 'build',
  closeBundle: async () => {
    await build({ logLevel: 'warn', ...loaderBuild(outDir), configFile: false });
  },
};
const frame = frameBuild(outDir);
export default { ...frame, plugins: [...(frame.plugins ?? []), withLoader] };
