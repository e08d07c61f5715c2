import { describe, expect, it } from 'vitest';
import { demoPages, renderDemoPage, renderDemoSitemap } from './site.ts';

const options = { widgetSrc: '/widget.js', siteId: 'demo' };

describe('the demo shop', () => {
  it('has at least 30 pages with a title, a section and a summary', () => {
    const pages = demoPages();
    expect(pages.length).toBeGreaterThanOrEqual(30);
    expect(new Set(pages.map(({ slug }) => slug)).size).toBe(pages.length);
  });

  it('puts every page into a section that has pages', () => {
    expect(renderDemoPage('/', options)).not.toContain('<ul class="shop-cards"></ul>');
  });

  it('carries the snippet that owners paste, on every page', () => {
    for (const path of ['/', ...demoPages().map(({ slug }) => `/${slug}`)]) {
      expect(renderDemoPage(path, options)).toContain(
        '<script async src="/widget.js" data-site="demo"></script>',
      );
    }
  });

  it('links only to pages that exist', () => {
    const slugs = new Set(demoPages().map(({ slug }) => slug));
    const dead = demoPages().flatMap(({ slug, markdown }) =>
      [...markdown.matchAll(/\]\(\/demo\/([^)#]*)/g)]
        .map((match) => match[1] ?? '')
        .filter((target) => target !== '' && !slugs.has(target))
        .map((target) => `${slug} -> ${target}`),
    );
    expect(dead).toEqual([]);
  });

  it('answers null for a page that does not exist', () => {
    expect(renderDemoPage('/no-such-page', options)).toBeNull();
  });

  it('lists every page in its sitemap', () => {
    const sitemap = renderDemoSitemap('http://localhost:3000');
    for (const { slug } of demoPages())
      expect(sitemap).toContain(`<loc>http://localhost:3000/demo/${slug}</loc>`);
  });
});
