import { isBlockTag, walkElements, type HtmlElement, type HtmlNode } from './html-tree.ts';
import { squeeze } from './types.ts';

/** With its ending, or as such names are made: `azure_create_vm`, `azure-create-vm`. */
const fileName = /^(?:\S+\.(?:jpe?g|png|gif|webp|svg|avif)|[\w.]+_[\w.-]+|[a-z\d]+(?:-[a-z\d]+){2,})$/i;

/** What an image says; nothing where that is a file name or is said again by the figure's caption. */
function altText(image: HtmlElement): string {
  const alt = squeeze(image.attributes['alt'] ?? '');
  if (fileName.test(alt) || /^(?:image|photo|logo|icon|avatar)$/i.test(alt)) return '';
  for (let up = image.parent; up !== null; up = up.parent) {
    if (up.tag === 'figure') return findFirst(up, 'figcaption') === null ? alt : '';
  }
  return alt;
}

/** The text of a node as it stands; `isPre` keeps line breaks. Images give their `alt`. */
export function rawText(node: HtmlNode, isPre: boolean): string {
  if (typeof node === 'string') return node;
  if (node.tag === 'br') return isPre ? '\n' : ' ';
  if (node.tag === 'img') return ` ${altText(node)} `;
  const inner = node.children.map((child) => rawText(child, isPre)).join('');
  return isBlockTag(node.tag) && !isPre ? ` ${inner} ` : inner;
}

/** The text of an element as the lines that its `br` elements make. */
export function linesOf(element: HtmlElement): string {
  const text = (node: HtmlNode): string => {
    if (typeof node === 'string') return node.replace(/\s+/g, ' ');
    return node.tag === 'br' ? '\n' : node.children.map(text).join('');
  };
  return text(element)
    .split('\n')
    .map((line) => line.trim().replace(/\u00a0/g, ' '))
    .join('\n')
    .trim();
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

/** All elements below `element` that `accept` takes, in document order. */
export function findAll(element: HtmlElement, accept: (element: HtmlElement) => boolean): HtmlElement[] {
  const found: HtmlElement[] = [];
  walkElements(element, (inner) => {
    if (accept(inner)) found.push(inner);
  });
  return found;
}

/** The first element below `element` that `accept` takes, in document order. */
export function findElement(
  element: HtmlElement,
  accept: (element: HtmlElement) => boolean,
): HtmlElement | null {
  for (const child of element.children) {
    if (typeof child === 'string') continue;
    const found = accept(child) ? child : findElement(child, accept);
    if (found !== null) return found;
  }
  return null;
}

/** The first element with that tag in document order. */
export function findFirst(element: HtmlElement, tag: string): HtmlElement | null {
  return findElement(element, (inner) => inner.tag === tag);
}

/** Tags of headings. */
export const headingTag = /^h[1-6]$/;

/** A text as most site generators make ids of it. */
export function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}
