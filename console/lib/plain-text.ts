import type { Inline } from '../../server/protocol/markdown-inline.ts';
import { parseMarkdown, type Block } from '../../server/protocol/markdown.ts';

const ofInline = (nodes: readonly Inline[]): string =>
  nodes
    .map((node) => {
      switch (node.type) {
        case 'text':
        case 'code':
          return node.text;
        case 'break':
          return ' ';
        case 'citation':
          return '';
        default:
          return ofInline(node.children);
      }
    })
    .join('');

const ofBlock = (block: Block): string => {
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return ofInline(block.children);
    case 'list':
      return block.items.map((item) => ofBlocks(item)).join(' · ');
    case 'quote':
      return ofBlocks(block.children);
    case 'table':
      return [block.head, ...block.rows].map((row) => row.map(ofInline).join(', ')).join('; ');
    case 'code':
      return block.text;
    case 'rule':
      return '';
  }
};

const ofBlocks = (blocks: readonly Block[]): string => blocks.map(ofBlock).filter(Boolean).join(' ');

/** A message's words in one line, without its marks, for lists and notifications. */
export const plainText = (markdown: string): string =>
  ofBlocks(parseMarkdown(markdown, { isStreaming: true }))
    .replace(/\s+/g, ' ')
    .replace(/ ([.,;:])/g, '$1')
    .trim();
