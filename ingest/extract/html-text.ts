import { isBlockTag, type HtmlElement, type HtmlNode } from './html-tree.ts';
import { squeeze } from './types.ts';

/** The text of a node as it stands; `isPre` keeps line breaks. Images give their `alt`. */
export function rawText(node: HtmlNode, isPre: boolean): string {
  if (typeof node === 'string') return node;
  if (node.tag === 'br') return isPre ? '\n' : ' ';
  if (node.tag === 'img') return ` ${node.attributes['alt'] ?? ''} `;
  const inner = node.children.map((child) => rawText(child, isPre)).join('');
  return isBlockTag(node.tag) && !isPre ? ` ${inner} ` : inner;
}

/** The text of a node as one line. */
export function inlineText(node: HtmlNode): string {
  return squeeze(rawText(node, false));
}

/** Elements with one of `tags` below `element`; does not look inside of those, nor into nested tables. */
export function collect(
  element: HtmlElement,
  tags: ReadonlySet<string>,
  found: HtmlElement[] = [],
): HtmlElement[] {
  for (const child of element.children) {
    if (typeof child === 'string') continue;
    if (tags.has(child.tag)) found.push(child);
    else if (child.tag !== 'table') collect(child, tags, found);
  }
  return found;
}

/** The first element with that tag in document order. */
export function findFirst(element: HtmlElement, tag: string): HtmlElement | null {
  for (const child of element.children) {
    if (typeof child === 'string') continue;
    const found = child.tag === tag ? child : findFirst(child, tag);
    if (found !== null) return found;
  }
  return null;
}
