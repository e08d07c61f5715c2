import type { Block, Span } from './blocks.ts';
import type { QuestionKind } from './question-kind.ts';
import type { QuotePart } from './quote.ts';
import { textOf, type ReadPassage, type Unit } from './score.ts';

/** Limits of what is shown, in characters: of running text, and of what stands in blocks. */
export const maxProse = 700;
const maxBlock = 1500;
/** What is shorter than this is not all that is shown. */
export const roomyLength = 350;

/** "Yes." to the question of the heading above is no answer to another question. */
const reply =
  /^(?:yes|no|ja|nein|oui|non|sí|sì|sim|não|nee|nej|nei|tak|nie|да|нет|так|ні|evet|hayır|はい|いいえ|是的?|不是)[.!。！]\s*/iu;
/** A heading that holds this much of the question asks the same. */
const sameQuestionCoverage = 0.6;

/** Kinds of questions that want a whole block rather than sentences. */
const wantsBlock: ReadonlySet<QuestionKind> = new Set([
  'procedure',
  'list',
  'situation',
  'yes-no',
  'contact',
  'topic',
]);

/** Kinds whose answer goes on behind its first paragraph. */
const readOn: ReadonlySet<QuestionKind> = new Set(['procedure', 'topic']);

export const isNumbered = (text: string): boolean => /^\s*\(?\d{1,2}[.)]\s/mu.test(text);
/** "For the server's logs use," says nothing without what stands below it. */
export const endsOpen = (text: string): boolean => /[:：,，]$/u.test(text);
const lengthOf = ({ start, end }: Span): number => end - start;

/** A part that shows blocks of its passage, from `first` to `last`. */
export interface QuotedBlock {
  part: QuotePart;
  first: number;
  last: number;
}

/** The list or table around the best unit, or the paragraph of a procedure; null where sentences serve better. */
export function quoteBlock(read: readonly ReadPassage[], best: Unit, kind: QuestionKind): QuotedBlock | null {
  const source = read[best.passageIndex];
  const block = source?.blocks[best.blockIndex];
  if (source === undefined || block === undefined) return null;
  const spans = spansOf(source, block, best, kind);
  if (spans === null) return null;
  const after = spansAfter(source, best.blockIndex, spans, kind);
  const text = [...spans, ...after].map((span) => textOf(source.passage, span)).join('\n');
  const layout = block.type === 'paragraph' && after.length === 0 ? 'prose' : 'lines';
  return {
    part: { passageIndex: best.passageIndex, text, layout },
    first: best.blockIndex - (block.type === 'list' ? spans.length - 1 : 0),
    last: best.blockIndex + after.length,
  };
}

/** What is shown of the block itself, and of the line before it. */
function spansOf(source: ReadPassage, block: Block, best: Unit, kind: QuestionKind): Span[] | null {
  const text = textOf(source.passage, block);
  const isWhole = wantsBlock.has(kind) && lengthOf(block) <= maxBlock;
  switch (block.type) {
    case 'table':
      return isWhole ? [block] : [...(block.head === null ? [] : [block.head]), best];
    case 'list': {
      if (!isWhole && !isNumbered(text)) return null;
      const before = source.blocks[best.blockIndex - 1];
      const leads = before?.type === 'paragraph' && endsOpen(textOf(source.passage, before));
      const leadIn = leads ? before.units.at(-1) : undefined;
      const shown = lengthOf(block) <= maxBlock ? block : windowAround(block, best);
      return [...(leadIn === undefined ? [] : [leadIn]), shown];
    }
    case 'paragraph':
      if (!wantsBlock.has(kind)) return opens(source, best.blockIndex) ? [{ ...best, end: block.end }] : null;
      return [withoutReply(source.passage.text, isWhole ? block : windowAround(block, best), best)];
    default:
      return null;
  }
}

/** Whether a paragraph ends in a colon, with what it announces behind it. */
function opens({ passage, blocks }: ReadPassage, blockIndex: number): boolean {
  const [block, after] = [blocks[blockIndex], blocks[blockIndex + 1]];
  if (block === undefined || after === undefined || !endsOpen(textOf(passage, block))) return false;
  return after.type !== 'paragraph' && after.type !== 'heading' && lengthOf(after) <= maxBlock;
}

/** What belongs to `shown` behind it: what a colon announces, code, and how a short paragraph of what to do goes on. */
function spansAfter(
  { passage, blocks }: ReadPassage,
  blockIndex: number,
  shown: readonly Span[],
  kind: QuestionKind,
): Span[] {
  const after: Span[] = [];
  let readsOn = readOn.has(kind) && blocks[blockIndex]?.type === 'paragraph';
  let length = shown.reduce((sum, span) => sum + lengthOf(span), 0);
  let isOpen = opens({ passage, blocks }, blockIndex);
  for (const next of blocks.slice(blockIndex + 1)) {
    const goesOn = isOpen || readsOn || (next.type === 'code' && wantsBlock.has(kind));
    const hasRoom = next.type !== 'paragraph' || length <= roomyLength;
    length += lengthOf(next);
    if (next.type === 'heading' || !goesOn || !hasRoom || length > maxBlock) break;
    after.push(next);
    readsOn &&= !isOpen;
    isOpen = endsOpen(textOf(passage, next));
  }
  return after;
}

/** The span without a reply that belongs to another question than the visitor's. */
export function withoutReply(text: string, span: Span, { headingCoverage }: Unit): Span {
  if (headingCoverage >= sameQuestionCoverage) return span;
  const stub = reply.exec(text.slice(span.start, span.end))?.[0] ?? '';
  return stub.length < span.end - span.start ? { ...span, start: span.start + stub.length } : span;
}

/** As many units of `block` around `best` as fit, behind it first. */
function windowAround(block: { units: readonly Span[] }, best: Span): Span {
  const index = block.units.findIndex(({ start }) => start === best.start);
  let shown: Span = best;
  let [first, last] = [index, index];
  const grow = (from: number, to: number): boolean => {
    const [start, end] = [block.units[from]?.start, block.units[to]?.end];
    if (start === undefined || end === undefined || end - start > maxBlock) return false;
    [first, last, shown] = [from, to, { start, end }];
    return true;
  };
  for (let hasGrown = true; hasGrown;) {
    const after = grow(first, last + 1);
    const before = grow(first - 1, last);
    hasGrown = after || before;
  }
  return shown;
}
