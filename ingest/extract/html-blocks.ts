import { definitionText, isFlowList, listText } from './html-lists.ts';
import { tableText } from './html-table.ts';
import { findAll, findFirst, headingTag, inlineText, linesOf, rawText } from './html-text.ts';
import { isBlockTag, type HtmlElement } from './html-tree.ts';
import type { LinkedBlock } from './html-labels.ts';
import { block, squeeze, type Block } from './types.ts';

function anchorInside(element: HtmlElement): string | null {
  for (const child of element.children) {
    if (typeof child === 'string') continue;
    const id = child.attributes['id'] ?? (child.tag === 'a' ? child.attributes['name'] : undefined);
    if (id !== undefined && id !== '') return id;
    const deeper = anchorInside(child);
    if (deeper !== null) return deeper;
  }
  return null;
}

/** The id that a link can jump to: the heading's, one inside it, or that of the section it opens. */
function anchorOf(heading: HtmlElement): string | null {
  const own = heading.attributes['id'] ?? anchorInside(heading);
  if (own !== null) return own;
  const { parent } = heading;
  const first = parent?.children.find((child) => typeof child !== 'string' || child.trim() !== '');
  return first === heading ? (parent?.attributes['id'] ?? null) : null;
}

function headingBlock(element: HtmlElement): Block {
  const text = inlineText(element).replace(/\s*[¶#§🔗]+$/u, '');
  return block('heading', text, { level: Number(element.tag.slice(1)), anchor: anchorOf(element) });
}

/** Longer than this, in letters, a question or term is no heading. */
const maxQuestion = 160;

/** Questions that open their answer, and terms over long explanations, stand below every heading. */
function isQuestion({ tag, textLength }: HtmlElement, text: string): boolean {
  if (textLength > maxQuestion || text === '') return false;
  return tag === 'dt' || (tag === 'summary' && /[?？؟]$/.test(text));
}

const lineTags = new Set(['code', 'samp', 'kbd', 'tt', 'br']);

/** Lines of code in a paragraph: nothing else in it, and broken by hand. */
function codeLines(element: HtmlElement): string | null {
  if (element.tag !== 'p' && element.tag !== 'div') return null;
  const isCode = element.children.every((child) =>
    typeof child === 'string' ? child.trim() === '' : lineTags.has(child.tag),
  );
  if (!isCode || findFirst(element, 'br') === null) return null;
  return linesOf(element);
}

/** The block that an element is as a whole; null for one that is a flow of blocks. */
function wholeBlock(element: HtmlElement, shouldSkip: (element: HtmlElement) => boolean): Block | null {
  const { tag } = element;
  if (headingTag.test(tag)) return headingBlock(element);
  if ((tag === 'dt' || tag === 'summary') && isQuestion(element, inlineText(element)))
    return block('heading', inlineText(element), { level: 6, anchor: element.attributes['id'] ?? null });
  if (tag === 'pre') return block('code', rawText(element, true).replace(/^\n+|\s+$/g, ''));
  const lines = codeLines(element);
  if (lines !== null) return block('code', lines);
  if (tag === 'table') {
    const text = tableText(element);
    return text === null ? null : block('table', text);
  }
  if (isFlowList(element)) return null;
  if (tag === 'ul' || tag === 'ol') return block('list', listText(element, shouldSkip));
  if (tag === 'dl') return block('list', definitionText(element, shouldSkip));
  return null;
}

const isJump = (link: HtmlElement) => (link.attributes['href'] ?? '').startsWith('#');

/** A list of the page's own headings. */
function isJumpList(element: HtmlElement): boolean {
  if ((element.tag !== 'ul' && element.tag !== 'ol') || element.linkLength < element.textLength * 0.9)
    return false;
  const found = findAll(element, (inner) => inner.tag === 'a');
  return found.length > 0 && found.every(isJump);
}

/** A paragraph that is nothing but a link within the page ("top", "back to contents"). */
function isJumpLink(element: HtmlElement): boolean {
  if (isJumpList(element)) return true;
  if (element.textLength > 40 || element.linkLength < element.textLength) return false;
  const links = element.children.filter((child) => typeof child !== 'string');
  return links.length === 1 && links[0]?.tag === 'a' && isJump(links[0]);
}

const linkShareOf = (element: HtmlElement) =>
  element.textLength === 0 ? 0 : Math.min(element.linkLength / element.textLength, 1);

/** Writes the content of an element as blocks, in reading order, without what `shouldSkip` names. */
export function toBlocks(root: HtmlElement, shouldSkip: (element: HtmlElement) => boolean): LinkedBlock[] {
  const blocks: LinkedBlock[] = [];
  let line = '';
  let linked = 0;
  /** Letters that do not come from images. */
  let written = 0;

  const push = (next: Block, linkShare: number, isImage = false) => {
    if (next.text !== '') blocks.push({ ...next, linkShare, isImage });
  };
  const flush = () => {
    const text = squeeze(line);
    push(block('paragraph', text), text === '' ? 0 : Math.min(linked / text.length, 1), written === 0);
    line = '';
    linked = 0;
    written = 0;
  };

  function walkBlock(element: HtmlElement): void {
    flush();
    const whole = isJumpLink(element) ? undefined : wholeBlock(element, shouldSkip);
    if (whole) push(whole, linkShareOf(element));
    else if (whole === null) walkChildren(element);
    flush();
  }

  function walkChildren(element: HtmlElement): void {
    for (const child of element.children) {
      if (typeof child === 'string') {
        line += child;
        written += child.trim().length;
      } else if (shouldSkip(child)) continue;
      else if (isBlockTag(child.tag)) walkBlock(child);
      else if (child.holdsBlock) walkChildren(child);
      else {
        line += rawText(child, false);
        linked += child.linkLength;
        written += child.textLength;
      }
    }
  }

  walkBlock(root);
  return blocks;
}
