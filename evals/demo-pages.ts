import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { extractMarkdown } from '../ingest/extract/markdown.ts';
import type { CorpusRow } from './data.ts';

const folder = fileURLToPath(new URL('../demo/pages/', import.meta.url));

/** The demo shop's pages, read as the pipeline reads Markdown; a page's id is its slug. */
export async function readDemoPages(): Promise<CorpusRow[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.md')).sort();
  return Promise.all(
    files.map(async (file) => {
      const markdown = await readFile(path.join(folder, file), 'utf8');
      const { title, blocks } = extractMarkdown(markdown, null);
      const text = blocks.map((block) => block.text).join('\n\n');
      return { id: file.replace(/\.md$/u, ''), title: title ?? file, url: null, text, markdown, lang: 'en' };
    }),
  );
}
