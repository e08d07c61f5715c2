import { demoPages, renderDemoPage } from '../demo/site.ts';
import { extractHtml } from '../ingest/extract/html.ts';
import type { CorpusRow } from './data.ts';

/** The demo shop's pages as the crawl reads them, its start page among them; a page's id is its slug. */
export function readDemoPages(): CorpusRow[] {
  return ['', ...demoPages().map(({ slug }) => slug)].map((slug) => {
    const html = renderDemoPage(slug, { widgetSrc: '/widget.js', siteId: 'demo' });
    if (html === null) throw new Error(`the demo has no page ${slug}`);
    const { title, blocks } = extractHtml(html, null);
    const text = blocks.map((block) => block.text).join('\n\n');
    return {
      id: slug === '' ? 'home' : slug,
      title: title ?? slug,
      url: null,
      text,
      ownPage: html,
      lang: 'en',
    };
  });
}
