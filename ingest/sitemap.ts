import { gunzipSync } from 'node:zlib';
import { Parser } from 'htmlparser2';
import { decodeText } from './extract/charset.ts';

/** sitemaps.org: at most 50,000 addresses in a sitemap. */
const maxEntries = 50_000;
const maxDecodedBytes = 50 * 1024 * 1024;

export interface Sitemap {
  pages: string[];
  sitemaps: string[];
}

function unpack(bytes: Uint8Array): Uint8Array {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return isGzip ? gunzipSync(bytes, { maxOutputLength: maxDecodedBytes }) : bytes;
}

/** One address per line is a valid sitemap too. */
function plainList(text: string): string[] {
  return text
    .split(/\s+/)
    .filter((line) => /^https?:\/\//i.test(line))
    .slice(0, maxEntries);
}

/**
 * Reads a sitemap, a sitemap index (sitemaps.org 0.9), an RSS or Atom feed, or a plain list; gzip or not.
 * Malformed XML gives what could be read.
 * @throws RangeError when it inflates beyond 50 MB.
 */
export function readSitemap(bytes: Uint8Array, url: string): Sitemap {
  const text = decodeText(unpack(bytes), null);
  if (!text.includes('<')) return { pages: plainList(text), sitemaps: [] };
  const pages = new Set<string>();
  const sitemaps = new Set<string>();
  const path: string[] = [];
  let value = '';
  const add = (address: string, target: Set<string>) => {
    const parsed = URL.parse(address.trim(), url);
    if (parsed !== null && target.size < maxEntries) target.add(parsed.href);
  };
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        path.push(name.replace(/^.*:/, ''));
        value = '';
        const isEntryLink = path.at(-1) === 'link' && path.at(-2) === 'entry';
        if (isEntryLink && attributes['href'] !== undefined) add(attributes['href'], pages);
      },
      ontext(data) {
        value += data;
      },
      onclosetag() {
        const [parent, own] = path.slice(-2);
        if (own === 'loc' && parent === 'url') add(value, pages);
        if (own === 'loc' && parent === 'sitemap') add(value, sitemaps);
        if (own === 'link' && parent === 'item') add(value, pages);
        path.pop();
        value = '';
      },
    },
    { xmlMode: true },
  );
  parser.write(text);
  parser.end();
  return { pages: [...pages], sitemaps: [...sitemaps] };
}
