import { toBlocks } from './html-blocks.ts';
import { createHiddenJudge } from './html-hidden.ts';
import { findFirst, inlineText } from './html-text.ts';
import { dropFurniture } from './html-labels.ts';
import { collectLinks, resolveLink } from './html-links.ts';
import { findMain } from './html-main.ts';
import { parseHtml, type HtmlDocument } from './html-tree.ts';
import { wallOf } from './html-wall.ts';
import { spacedWords, squeeze, type Block, type Extracted } from './types.ts';

/** A page that is shown longer than this, in seconds, is meant to be read. */
const maxRefreshSeconds = 5;

/** Where `meta refresh` leads; null for a page that only loads itself anew, or after a while. */
function refreshOf(content: string | null, base: string | null, url: string | null): string | null {
  const parts = /^\s*(\d+)(?:\.\d*)?\s*[;,\s]\s*(?:url\s*=\s*)?(?:"([^"]*)|'([^']*)|(.*))/is.exec(
    content ?? '',
  );
  const address = (parts?.[2] ?? parts?.[3] ?? parts?.[4] ?? '').trim();
  if (address === '' || Number(parts?.[1]) > maxRefreshSeconds) return null;
  const target = resolveLink(address, base);
  return target === null || target === url ? null : target;
}

function titleOf(page: HtmlDocument): string | null {
  const heading = findFirst(page.root, 'h1');
  const candidates = [page.title, page.meta.get('og:title'), heading === null ? null : inlineText(heading)];
  for (const candidate of candidates) {
    const title = squeeze(candidate ?? '');
    if (title !== '') return title;
  }
  return null;
}

function wordCount(blocks: readonly Block[]): number {
  return blocks.reduce((sum, { text }) => sum + spacedWords(text), 0);
}

/** Main content; where that comes out suspiciously thin, the whole body without what is clearly navigation. */
function mainBlocks(page: HtmlDocument): Block[] {
  const body = findFirst(page.root, 'body') ?? page.root;
  const main = findMain(body);
  const blocks = dropFurniture(toBlocks(main.root, main.shouldSkip));
  if (wordCount(blocks) >= 25) return blocks;
  const wide = dropFurniture(toBlocks(body, main.shouldSkip));
  const best = wordCount(wide) > wordCount(blocks) * 2 ? wide : blocks;
  // A page of links alone is better than nothing.
  return best.length > 0 ? best : dropFurniture(toBlocks(body, createHiddenJudge(body)));
}

/** An article's heading often stands outside of its body: put it in front. */
function withHeading(page: HtmlDocument, blocks: Block[]): Block[] {
  if (blocks.some((entry) => entry.type === 'heading' && entry.level === 1)) return blocks;
  const heading = findFirst(page.root, 'h1');
  const text = heading === null ? '' : inlineText(heading);
  if (text === '' || blocks.length === 0) return blocks;
  return [{ type: 'heading', text, level: 1, anchor: null, page: null }, ...blocks];
}

function frontOf(page: HtmlDocument, blocks: readonly Block[]): Extracted['wall'] {
  const headings = blocks.filter(({ type }) => type === 'heading').map(({ text }) => text);
  const text = blocks.map((entry) => entry.text).join('\n');
  const { title, hasPasswordField } = page;
  return wallOf({ title, headings, text, words: wordCount(blocks), hasPasswordField });
}

/**
 * Reads an HTML page: its main content as blocks, and what it says about itself.
 * @param html Decoded text of the page, of any quality.
 * @param url The page's own address, for relative links; null when it has none.
 */
export function extractHtml(html: string, url: string | null): Extracted {
  const page = parseHtml(html);
  const base = page.base === null ? url : (resolveLink(page.base, url) ?? url);
  const robots = `${page.meta.get('robots') ?? ''},${page.meta.get('deskbell') ?? ''}`.toLowerCase();
  const blocks = withHeading(page, mainBlocks(page));
  return {
    title: titleOf(page),
    declaredLanguage: page.language ?? page.meta.get('content-language') ?? null,
    blocks,
    links: collectLinks(page.root, base),
    canonical: page.canonical === null ? null : resolveLink(page.canonical, base),
    refresh: refreshOf(page.refresh, base, url),
    isNoindex: /\b(?:noindex|none)\b/.test(robots),
    isNofollow: /\b(?:nofollow|none)\b/.test(robots),
    wall: frontOf(page, blocks),
    notes: [],
    pagesWithoutText: [],
  };
}
