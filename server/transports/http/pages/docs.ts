import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Marked } from 'marked';
import { escapeHtml, renderPage } from './html.ts';

/** Reading order; files that are not named here come last, by name. */
const order = [
  'quick-start',
  'embedding',
  'how-answers-work',
  'command-line',
  'api',
  'deploying',
  'security',
  'troubleshooting',
];

interface DocsPage {
  slug: string;
  title: string;
  html: string;
}

/** The documentation, rendered from `docs/*.md`. */
export interface Docs {
  /** The page as HTML; the first one for an empty slug; null when there is none. */
  render(slug: string): Promise<string | null>;
}

function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/<[^>]+>|&[a-z0-9#]+;/g, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '');
}

function createMarkdown(): Marked {
  return new Marked({
    gfm: true,
    renderer: {
      heading({ tokens, depth }) {
        const html = this.parser.parseInline(tokens);
        return `<h${depth} id="${slugOf(html)}">${html}</h${depth}>\n`;
      },
      link({ href, tokens }) {
        // links between the files work on GitHub and here
        const own = href.replace(/^([a-z-]+)\.md(#.*)?$/, '/docs/$1$2');
        return `<a href="${escapeHtml(own)}">${this.parser.parseInline(tokens)}</a>`;
      },
    },
  });
}

/** Wide tables scroll in a box of their own, so that the page never does. */
function scrollableTables(html: string): string {
  return html
    .replaceAll('<table>', '<div class="table" tabindex="0" role="region" aria-label="Table"><table>')
    .replaceAll('</table>', '</table></div>');
}

async function loadPages(folder: string): Promise<DocsPage[]> {
  const markdown = createMarkdown();
  const files = (await readdir(folder)).filter((file) => /^[a-z-]+\.md$/.test(file));
  const rank = (file: string): number => {
    const place = order.indexOf(file.slice(0, -3));
    return place === -1 ? order.length : place;
  };
  files.sort((left, right) => rank(left) - rank(right) || left.localeCompare(right));
  return Promise.all(
    files.map(async (file) => {
      const source = await readFile(path.join(folder, file), 'utf8');
      const title = /^# (.+)$/m.exec(source)?.[1] ?? file;
      return { slug: file.slice(0, -3), title, html: scrollableTables(await markdown.parse(source)) };
    }),
  );
}

/** @see Docs. The files are our own and read once. */
export function createDocs(folder: string): Docs {
  let pages: Promise<DocsPage[]> | null = null;
  return {
    async render(slug) {
      pages ??= loadPages(folder);
      const all = await pages;
      const page = slug === '' ? all[0] : all.find((candidate) => candidate.slug === slug);
      if (page === undefined) return null;
      const index = all
        .map(({ slug: to, title }) => {
          const current = to === page.slug ? ' aria-current="page"' : '';
          return `<li><a href="/docs/${to}"${current}>${escapeHtml(title)}</a></li>`;
        })
        .join('');
      return renderPage({
        title: `${page.title} · Deskbell docs`,
        description: `Deskbell documentation: ${page.title}`,
        kind: 'docs',
        body: `<div class="docs-grid"><nav class="index" aria-label="Documentation"><ul>${index}<li><a href="/api/v1/openapi.json">openapi.json</a></li></ul></nav><main id="main" class="prose">${page.html}</main></div>`,
      });
    },
  };
}
