import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { minify } from 'terser';
import { build, type InlineConfig, type Plugin } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));
const target = ['chrome111', 'firefox114', 'safari16.4'];

/** Scoped class names of five letters: they stand in scripts and styles alike, some 400 times. */
const shortHash = ({ hash, css }: { hash: (text: string) => string; css: string }): string =>
  `d${hash(css).slice(0, 4)}`;

/**
 * Vite's loader of dynamic imports fetches their styles and imports beforehand. Ours have neither: a further
 * language, or the way around a blocked WebSocket.
 */
const plainImports: Plugin = {
  name: 'plain-imports',
  enforce: 'pre',
  load: (id) =>
    id.endsWith('vite/preload-helper.js') ? 'export const __vitePreload = (load) => load();' : null,
};

/**
 * The chat in the iframe: the page and hashed assets, addressed relative to `/widget/frame`. `fragments: 'tree'`
 * builds elements by DOM calls, so that a policy with Trusted Types lets them through.
 */
export function frameBuild(outDir: string, page = 'frame.html'): InlineConfig {
  return {
    root,
    base: './',
    configFile: false,
    logLevel: 'warn',
    plugins: [
      plainImports,
      svelte({ configFile: false, compilerOptions: { fragments: 'tree', cssHash: shortHash } }),
    ],
    build: {
      outDir,
      emptyOutDir: true,
      target,
      sourcemap: false,
      assetsInlineLimit: 0,
      modulePreload: false,
      reportCompressedSize: false,
      rolldownOptions: { input: path.join(root, page) },
    },
  };
}

/** The script on the host page: one classic script under a fixed name. */
export function loaderBuild(outDir: string): InlineConfig {
  return {
    root,
    configFile: false,
    logLevel: 'warn',
    build: {
      outDir,
      emptyOutDir: false,
      target,
      sourcemap: false,
      reportCompressedSize: false,
      lib: {
        entry: path.join(root, 'loader.ts'),
        formats: ['iife'],
        name: 'deskbellLoader',
        fileName: () => 'widget.js',
      },
    },
  };
}

const [zip, brotli] = [promisify(gzip), promisify(brotliCompress)];

/** A second minifier finds two more per cent in what Vite's own has put together. */
async function minifyAgain(folder: string): Promise<void> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.js'));
  for (const name of names) {
    const file = path.join(folder, name);
    const options = { module: name !== 'widget.js', ecma: 2020, compress: { passes: 3 } } as const;
    const { code } = await minify(await readFile(file, 'utf8'), options);
    if (code !== undefined) await writeFile(file, code);
  }
}

/** Puts a `.gz` and a `.br` beside each script and style sheet, for the server to send instead. */
export async function compressFiles(folder: string): Promise<void> {
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => /\.(?:js|css)$/u.test(name)).map((name) => path.join(folder, name));
  await Promise.all(
    files.map(async (file) => {
      const content = await readFile(file);
      await Promise.all([
        writeFile(`${file}.gz`, await zip(content, { level: 9 })),
        writeFile(`${file}.br`, await brotli(content)),
      ]);
    }),
  );
}

/** Builds the loader after the frame, into the same folder, and makes both small. */
export async function finishBuild(outDir: string): Promise<void> {
  await build(loaderBuild(outDir));
  await minifyAgain(outDir);
  await compressFiles(outDir);
}
