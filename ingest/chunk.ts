import { RecursiveCharacterTextSplitter } from '@langchain/textsplitters';
import type { NewPassage } from '../server/domain/knowledge.ts';
import { splitTable } from './chunk-table.ts';
import type { Block } from './extract/types.ts';
import { countWords, splitSentences } from './words.ts';

export interface ChunkOptions {
  /** Passages are filled up to about this many words. */
  targetWords: number;
  /** Nothing is longer than this, but tables and code may be up to half as long again. */
  maxWords: number;
  /** Up to this many words of a passage are said again at the start of the next. */
  overlapWords: number;
}

export const defaultChunkOptions: ChunkOptions = { targetWords: 200, maxWords: 300, overlapWords: 40 };

/** Tables and code may be so much longer than other passages, so that they stay whole. */
const wholeFactor = 1.5;

/** A stretch of the document's text that is not cut further. */
interface Unit {
  start: number;
  end: number;
  words: number;
  type: Block['type'];
  headingPath: readonly string[];
  anchor: string | null;
  page: number | null;
  /** Rises at each top heading; passages never reach over it. */
  section: number;
  /** True for the first unit under a heading. */
  isAfterHeading: boolean;
}

interface Heading {
  level: number;
  text: string;
  anchor: string | null;
}

/** Bytes of one piece of text that has no sentences: about `words` words. */
const lettersPerWord = 6;

function blockText(entry: Block): string {
  if (entry.type === 'heading') return `${'#'.repeat(Math.min(Math.max(entry.level, 1), 6))} ${entry.text}`;
  return entry.type === 'code' ? `\`\`\`\n${entry.text}\n\`\`\`` : entry.text;
}

/** Every passage under a heading repeats it, so an endless one is cut. */
const maxHeading = 200;
const clip = (text: string) => (text.length <= maxHeading ? text : `${text.slice(0, maxHeading)}…`);

/** The level whose headings part a document: the highest one, not counting a single heading on top of all. */
function topLevel(blocks: readonly Block[]): number {
  const levels = blocks.filter((entry) => entry.type === 'heading').map((entry) => entry.level);
  const highest = Math.min(...levels, 7);
  const isSingle = levels.filter((level) => level === highest).length === 1;
  return isSingle && levels.length > 1 ? Math.min(...levels.filter((level) => level > highest)) : highest;
}

/** A text without usable sentences (code, tables, very long sentences), cut where LangChain finds it best. */
async function splitLong(text: string, words: number): Promise<string[]> {
  const splitter = new RecursiveCharacterTextSplitter({
    chunkSize: words * lettersPerWord,
    chunkOverlap: 0,
    separators: ['\n\n', '\n', '; ', ', ', ' ', ''],
  });
  return splitter.splitText(text);
}

/** Cuts one block into ranges that fit, at sentences where it has some. */
async function cutBlock(
  text: string,
  type: Block['type'],
  options: ChunkOptions,
): Promise<[number, number][]> {
  const limit = type === 'table' || type === 'code' ? options.maxWords * wholeFactor : options.maxWords;
  if (countWords(text) <= limit) return [[0, text.length]];
  const parts = type === 'paragraph' ? splitSentences(text) : text.split(/(?<=\n)/);
  const ranges: [number, number][] = [];
  let cursor = 0;
  for (const part of parts) {
    const pieces = countWords(part) > options.maxWords ? await splitLong(part, options.targetWords) : [part];
    for (const piece of pieces) {
      const start = text.indexOf(piece, cursor);
      if (start < 0 || piece.trim() === '') continue;
      cursor = start + piece.length;
      ranges.push([start, start + piece.trimEnd().length]);
    }
  }
  return ranges;
}

interface Composed {
  text: string;
  units: Unit[];
}

/** Joins the blocks to the document's text and notes where each cuttable unit stands. */
async function compose(blocks: readonly Block[], title: string, options: ChunkOptions): Promise<Composed> {
  const top = topLevel(blocks);
  const units: Unit[] = [];
  const path: Heading[] = [];
  let text = '';
  let section = 0;
  let isAfterHeading = false;
  for (const entry of blocks.flatMap((all) =>
    all.type === 'table' ? splitTable(all, options.maxWords * wholeFactor) : [all],
  )) {
    const own = blockText(entry);
    const start = text === '' ? 0 : text.length + 2;
    text = text === '' ? own : `${text}\n\n${own}`;
    if (entry.type === 'heading') {
      while (path.length > 0 && (path.at(-1)?.level ?? 0) >= entry.level) path.pop();
      path.push({ level: entry.level, text: clip(entry.text), anchor: entry.anchor });
      if (entry.level <= top) section += 1;
      isAfterHeading = true;
      continue;
    }
    const shown = path.filter((heading, index) => index > 0 || !title.startsWith(heading.text));
    const anchor = path.findLast((heading) => heading.anchor !== null)?.anchor ?? null;
    for (const [from, to] of await cutBlock(own, entry.type, options)) {
      units.push({
        start: start + from,
        end: start + to,
        words: countWords(own.slice(from, to)),
        type: entry.type,
        headingPath: shown.map((heading) => heading.text),
        anchor,
        page: entry.page,
        section,
        isAfterHeading,
      });
      isAfterHeading = false;
    }
  }
  return { text, units };
}

/** Whether `next` starts a passage of its own after `words` words that begin with `first`. */
function isBreak(first: Unit, words: number, next: Unit, options: ChunkOptions): boolean {
  if (next.section !== first.section) return true;
  if (next.page !== first.page && words >= options.targetWords / 2) return true;
  if (words + next.words > options.maxWords) return true;
  if (next.isAfterHeading && words >= options.targetWords / 2) return true;
  return words + next.words > options.targetWords * 1.2 && words >= options.targetWords / 3;
}

/** Where the last sentences of a passage begin that together have at most `limit` words; its end if there are none. */
function overlapStart(text: string, group: readonly Unit[], limit: number): number {
  const end = group.at(-1)?.end ?? 0;
  let start = end;
  let words = 0;
  for (const unit of group.toReversed()) {
    if (unit.type !== 'paragraph') return start;
    let at = unit.end;
    for (const sentence of splitSentences(text.slice(unit.start, unit.end)).toReversed()) {
      at -= sentence.length;
      words += countWords(sentence);
      if (words > limit || at <= (group[0]?.start ?? 0)) return start;
      start = at;
    }
    if (unit.isAfterHeading) return start;
  }
  return start;
}

/** Units that make one passage each. */
function group(units: readonly Unit[], options: ChunkOptions): Unit[][] {
  const groups: Unit[][] = [];
  let words = 0;
  for (const unit of units) {
    const current = groups.at(-1);
    const first = current?.[0];
    if (current === undefined || first === undefined || isBreak(first, words, unit, options)) {
      groups.push([unit]);
      words = unit.words;
    } else {
      current.push(unit);
      words += unit.words;
    }
  }
  return groups;
}

function pack(text: string, units: readonly Unit[], options: ChunkOptions): NewPassage[] {
  const groups = group(units, options);
  return groups.flatMap((own, position) => {
    const first = own[0];
    const end = own.at(-1)?.end;
    if (first === undefined || end === undefined) return [];
    const { headingPath, anchor, page } = first;
    const before = groups[position - 1];
    const isContinued =
      before?.[0]?.section === first.section && before[0].page === page && !first.isAfterHeading;
    const canOverlap = isContinued && (first.type === 'paragraph' || first.type === 'list');
    const repeated = canOverlap ? overlapStart(text, before, options.overlapWords) : first.start;
    const start = canOverlap && repeated < (before.at(-1)?.end ?? 0) ? repeated : first.start;
    return [{ position, text: text.slice(start, end), headingPath, anchor, page, start, end }];
  });
}

/** A document's text with the passages cut from it; each passage's text is `text.slice(start, end)`. */
export interface Chunked {
  text: string;
  passages: NewPassage[];
}

/**
 * Cuts a document into passages of about `targetWords` words, at headings and paragraphs: never across a top
 * heading or a page, tables and code whole where they fit, long blocks at sentences, the last sentences of a
 * passage repeated in the next where a section had to be cut; a long table becomes several, each with the head.
 */
export async function chunk(
  blocks: readonly Block[],
  title: string,
  options: ChunkOptions = defaultChunkOptions,
): Promise<Chunked> {
  const { text, units } = await compose(blocks, title, options);
  return { text, passages: pack(text, units, options) };
}
