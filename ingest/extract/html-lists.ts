import type { HtmlElement, HtmlNode } from './html-tree.ts';
import { collect, inlineText, rawText } from './html-text.ts';
import { squeeze } from './types.ts';

type Skip = (element: HtmlElement) => boolean;

const sectionTags = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'pre', 'table']);
const partTags = new Set(['p', 'ul', 'ol', 'dl']);

/** Lists whose items hold sections (cards, accordions, answers of several parts) are read as a flow of blocks. */
export function isFlowList(list: HtmlElement): boolean {
  if (collect(list, sectionTags).length > 0) return true;
  if (list.tag !== 'dl') return false;
  return collect(list, new Set(['dd'])).some((answer) => collect(answer, partTags).length > 1);
}

const isList = (node: HtmlNode) => typeof node !== 'string' && (node.tag === 'ul' || node.tag === 'ol');

/** A list as lines: `- item` or `1. item`, two spaces of indent per level. */
export function listText(list: HtmlElement, shouldSkip: Skip): string {
  const lines: string[] = [];
  const walk = (at: HtmlElement, depth: number) => {
    let number = Number(at.attributes['start'] ?? 1) || 1;
    for (const child of at.children) {
      if (typeof child === 'string' || shouldSkip(child)) continue;
      if (isList(child)) walk(child, depth + 1);
      if (child.tag !== 'li') continue;
      const own = child.children.filter(
        (node) => !isList(node) && (typeof node === 'string' || !shouldSkip(node)),
      );
      const text = squeeze(own.map((node) => rawText(node, false)).join(''));
      const mark = at.tag === 'ol' ? `${String(number)}.` : '-';
      if (text !== '') lines.push(`${'  '.repeat(depth)}${mark} ${text}`);
      for (const inner of child.children)
        if (typeof inner !== 'string' && isList(inner)) walk(inner, depth + 1);
      number += 1;
    }
  };
  walk(list, 0);
  return lines.join('\n');
}

/** A definition list as lines: `Term: definition`; further definitions of a term on lines of their own. */
export function definitionText(list: HtmlElement, shouldSkip: Skip): string {
  const lines: string[] = [];
  let term = '';
  const flush = () => {
    if (term !== '') lines.push(term);
    term = '';
  };
  const walk = (at: HtmlElement) => {
    for (const child of at.children) {
      if (typeof child === 'string' || shouldSkip(child)) continue;
      if (child.tag === 'dt') {
        term = term === '' ? inlineText(child) : `${term}, ${inlineText(child)}`;
      } else if (child.tag === 'dd') {
        const text = inlineText(child);
        lines.push(term === '' ? text : `${term}: ${text}`);
        term = '';
      } else walk(child);
    }
  };
  walk(list);
  flush();
  return lines.filter((text) => text !== '').join('\n');
}
