import { readFileSync, readdirSync } from 'node:fs';
import { marked } from 'marked';

/** One help page of the demo shop. */
export interface DemoPage {
  slug: string;
  title: string;
  section: string;
  summary: string;
  markdown: string;
}

export interface RenderOptions {
  /** Address of the widget's loader, such as `/widget.js`. */
  widgetSrc: string;
  siteId: string;
}

const shopName = 'Fernhill Outdoors';
const pagesFolder = new URL('./pages/', import.meta.url);

function parsePage(file: string): DemoPage {
  const source = readFileSync(new URL(file, pagesFolder), 'utf8');
  const parts = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(source);
  if (!parts) throw new Error(`demo/pages/${file} has no front matter`);
  const fields = new Map(
    (parts[1] ?? '').split('\n').map((line) => {
      const colon = line.indexOf(':');
      return [
        line.slice(0, colon).trim(),
        line
          .slice(colon + 1)
          .trim()
          .replace(/^"|"$/g, ''),
      ];
    }),
  );
  const field = (name: string) => {
    const value = fields.get(name);
    if (!value) throw new Error(`demo/pages/${file} has no ${name}`);
    return value;
  };
  return {
    slug: field('slug'),
    title: field('title'),
    section: field('section'),
    summary: field('summary'),
    markdown: parts[2] ?? '',
  };
}

let pages: readonly DemoPage[] | null = null;

/** Every help page, in order of file name. Read once. */
export function demoPages(): readonly DemoPage[] {
  pages ??= readdirSync(pagesFolder)
    .filter((file) => file.endsWith('.md'))
    .sort()
    .map(parsePage);
  return pages;
}

function escape(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}

const sectionOrder = [
  'Delivery',
  'Orders',
  'Returns and refunds',
  'Warranty and repairs',
  'Sizes and fit',
  'Payment',
  'Your account',
  'Stores and services',
  'Care',
  'Safety and rules',
  'Privacy',
  'About us',
];

function sections(): Map<string, DemoPage[]> {
  const grouped = new Map<string, DemoPage[]>(sectionOrder.map((section) => [section, []]));
  for (const page of demoPages()) grouped.set(page.section, [...(grouped.get(page.section) ?? []), page]);
  return grouped;
}

function navigation(current: string | null): string {
  return [...sections()]
    .map(([section, list]) => {
      const links = list.map(({ slug, title }) => {
        const mark = slug === current ? ' aria-current="page"' : '';
        return `<li><a href="/demo/${slug}"${mark}>${escape(title)}</a></li>`;
      });
      return `<h2>${escape(section)}</h2><ul>${links.join('')}</ul>`;
    })
    .join('');
}

function layout(
  title: string,
  summary: string,
  current: string | null,
  main: string,
  options: RenderOptions,
): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<meta name="description" content="${escape(summary)}">
<link rel="stylesheet" href="/demo/style.css">
</head>
<body>
<header class="shop-header"><a class="shop-name" href="/demo/">${shopName}</a><nav aria-label="Shop"><a href="/demo/">Help centre</a><a href="/">About this demo</a></nav></header>
<div class="shop-layout">
<nav class="shop-sections" aria-label="Help pages">${navigation(current)}</nav>
<main>${main}</main>
</div>
<footer class="shop-footer">${shopName} is an invented shop. Its pages are here so that you can ask about them.</footer>
<script async src="${escape(options.widgetSrc)}" data-site="${escape(options.siteId)}"></script>
</body>
</html>
`;
}

function renderHome(options: RenderOptions): string {
  const groups = [...sections()].map(([section, list]) => {
    const cards = list.map(
      ({ slug, title, summary }) =>
        `<li><a href="/demo/${slug}"><strong>${escape(title)}</strong> <span>${escape(summary)}</span></a></li>`,
    );
    return `<section><h2>${escape(section)}</h2><nav aria-label="${escape(section)}"><ul class="shop-cards">${cards.join('')}</ul></nav></section>`;
  });
  const intro = `<h1>How can we help?</h1><p class="shop-lead">Read a page, or ask in the chat at the bottom right.</p>`;
  return layout(
    `Help centre | ${shopName}`,
    `Help pages of ${shopName}.`,
    null,
    intro + groups.join(''),
    options,
  );
}

/**
 * One page of the demo shop as HTML. `path` is what follows `/demo`: empty or `/` is the start page.
 * Null when there is no such page.
 */
export function renderDemoPage(path: string, options: RenderOptions): string | null {
  const slug = path.replace(/^\/|\/$/g, '');
  if (slug === '') return renderHome(options);
  const page = demoPages().find((candidate) => candidate.slug === slug);
  if (!page) return null;
  const body = marked.parse(page.markdown, { async: false });
  const article = `<article><h1>${escape(page.title)}</h1>${body}</article>`;
  return layout(`${page.title} | ${shopName}`, page.summary, page.slug, article, options);
}

/** The demo's sitemap; `origin` such as `http://localhost:3000`. */
export function renderDemoSitemap(origin: string): string {
  const addresses = ['/demo/', ...demoPages().map(({ slug }) => `/demo/${slug}`)];
  const entries = addresses.map((address) => `<url><loc>${escape(origin + address)}</loc></url>`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${entries.join('')}</urlset>\n`;
}
