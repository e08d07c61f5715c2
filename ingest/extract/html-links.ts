import type { HtmlElement } from './html-tree.ts';

/** More links than this of one page are not followed. */
const maxLinks = 2_000;

/** Longer addresses are nobody's; a long `base` would make a small page's links fill the memory. */
const maxUrl = 4_000;

/** Resolves a link as the page means it, without its fragment; null for anything but http and https. */
export function resolveLink(href: string, base: string | null): string | null {
  if (href.length > maxUrl || (base?.length ?? 0) > maxUrl) return null;
  const url = base === null ? URL.parse(href) : URL.parse(href, base);
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  url.hash = '';
  return url.href;
}

/** Addresses that the page links to and does not mark `nofollow`, in order, without repeats. */
export function collectLinks(root: HtmlElement, base: string | null): string[] {
  const links = new Set<string>();
  const walk = (element: HtmlElement) => {
    for (const child of element.children) {
      if (typeof child === 'string') continue;
      if ((child.tag === 'a' || child.tag === 'area') && links.size < maxLinks) {
        const href = child.attributes['href'];
        const isNofollow = /\bnofollow\b/i.test(child.attributes['rel'] ?? '');
        const link = href === undefined || isNofollow ? null : resolveLink(href.trim(), base);
        if (link !== null) links.add(link);
      }
      walk(child);
    }
  };
  walk(root);
  return [...links];
}
