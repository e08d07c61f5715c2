import type { Citation } from './entities.ts';
import { safeHref } from './markdown-inline.ts';

/** So many words name a place in a page well enough. */
const maxWords = 8;
/** The same for scripts that are written without spaces, in characters. */
const maxUnspaced = 24;

/** A line of a passage without the marks that Markdown adds; of a table's row the longest cell. */
function plainLine(line: string): string {
  const text = line.trim();
  if (/^(?:```|\|[\s:|-]*$)/.test(text)) return '';
  if (!text.startsWith('|')) return text.replace(/^(?:[-*+]|\d+\.|#{1,6})\s+/, '').replace(/…$/, '');
  const cells = text.split(/(?<!\\)\|/).map((cell) => cell.replaceAll('\\|', '|').trim());
  return cells.reduce((longest, cell) => (cell.length > longest.length ? cell : longest), '');
}

function firstWords(text: string): string {
  const words = text.split(/\s+/).slice(0, maxWords).join(' ');
  if (words.length <= maxUnspaced * 4 || words.split(' ').length >= maxWords) return words;
  let cut = '';
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'word' }).segment(words)) {
    if (cut.length + segment.length > maxUnspaced) break;
    cut += segment;
  }
  return cut;
}

/** Words of one block of the page: a text fragment is not found over the border of two. */
function placeWords(quote: string): string {
  const lines = quote.split('\n').map(plainLine).filter(Boolean);
  const long = lines.find((line) => line.split(/\s+/).length >= 3 || line.length > maxUnspaced);
  return firstWords(long ?? lines[0] ?? '');
}

/**
 * The address that opens a citation at its place: at the quoted words by a text fragment
 * (https://wicg.github.io/scroll-to-text-fragment/), which falls back to the heading's anchor; a PDF at its page.
 * Null where the citation leads nowhere.
 */
export function citationHref({ url, quote }: Pick<Citation, 'url' | 'quote'>): string | null {
  const href = url === null ? null : safeHref(url);
  if (href === null || !/^https?:/.test(href) || /#(?:page=\d+$|[/!])/.test(href)) return href;
  const words = placeWords(quote);
  if (words === '') return href;
  const fragment = encodeURIComponent(words).replaceAll('-', '%2D');
  return `${href}${href.includes('#') ? '' : '#'}:~:text=${fragment}`;
}
