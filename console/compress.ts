import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const toBrotli = promisify(brotliCompress);
const toGzip = promisify(gzip);

/** Writes a `.br` and a `.gz` beside every script, style sheet and picture of lines; the server sends those. */
export const compressed = (folder: string): Plugin => ({
  name: 'deskbell-compressed',
  apply: 'build',
  closeBundle: async () => {
    const names = await readdir(folder, { recursive: true });
    await Promise.all(
      names
        .filter((name) => /\.(js|css|svg)$/.test(name))
        .map(async (name) => {
          const file = path.join(folder, name);
          const content = await readFile(file);
          const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
          await writeFile(`${file}.br`, await toBrotli(content, { params }));
          await writeFile(`${file}.gz`, await toGzip(content, { level: 9 }));
        }),
    );
  },
});
