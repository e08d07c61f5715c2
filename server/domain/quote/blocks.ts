/** A range of a passage's text, end exclusive. */
export interface Span {
  start: number;
  end: number;
}

/** A piece of a passage that is laid out as one thing. `units` are its sentences, items or rows, in order. */
export interface Block extends Span {
  type: 'heading' | 'paragraph' | 'list' | 'table' | 'code';
  units: readonly Span[];
  /** Header and rule of a table. */
  head: Span | null;
}

interface Line extends Span {
  text: string;
  /** It stands between two steps and belongs to the first of them. */
  isWithin?: boolean;
}

interface Group {
  type: Block['type'];
  lines: Line[];
}

const itemPattern = /^\s*(?:[-*+•·–▪◦]\s+|\(?\d{1,2}[.)]\s+|\(?[a-z][.)]\s+)/u;
const headingPattern = /^#{1,6}\s/u;
const tablePattern = /^\s*\|.*\|\s*$/u;
const tableRulePattern = /^\s*\|?[\s:|-]*-[\s:|-]*\|?\s*$/u;
const fencePattern = /^\s*(?:```|~~~)/u;

function readLines(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  while (start <= text.length) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    lines.push({ start, end, text: text.slice(start, end) });
    start = end + 1;
  }
  return lines;
}

type LineType = Block['type'] | 'blank';

function lineType(line: Line): LineType {
  if (line.text.trim() === '') return 'blank';
  if (fencePattern.test(line.text)) return 'code';
  if (headingPattern.test(line.text)) return 'heading';
  if (tablePattern.test(line.text)) return 'table';
  return itemPattern.test(line.text) ? 'list' : 'paragraph';
}

const maxHeadingWords = 10;

/** A short line that ends like no sentence, or a question, with text below it. */
function isPlainHeading(line: Line, next: Line | undefined): boolean {
  const text = line.text.trim();
  if (next === undefined || text === '' || lineType(line) !== 'paragraph') return false;
  if (/[?？]$/u.test(text)) return (text.match(/[.!?。！？](?:\s|$)/gu)?.length ?? 0) <= 1;
  const isShort = text.split(/\s+/u).length <= maxHeadingWords;
  return isShort && !/[.!:;,。！：]$/u.test(text) && !/^\p{Ll}/u.test(next.text.trim());
}

/**
 * Splits passage text (Markdown or plain) into blocks by its lines. Ranges refer to `text`, so that whatever is
 * shown is word for word. A list may have blank lines and indented continuations between its items,
 * numbered steps whatever belongs to them.
 */
export function readBlocks(text: string): Block[] {
  const groups: Group[] = [];
  let isAfterBlank = false;
  let isInFence = false;
  const lines = readLines(text);
  for (const [index, line] of lines.entries()) {
    const last = groups.at(-1);
    const isFirst = isAfterBlank || last === undefined || last.type === 'heading';
    const next = lines.slice(index + 1).find((later) => later.text.trim() !== '');
    const type = isInFence ? 'code' : isFirst && isPlainHeading(line, next) ? 'heading' : lineType(line);
    if (fencePattern.test(line.text)) {
      if (isInFence) last?.lines.push(line);
      else groups.push({ type: 'code', lines: [line] });
      isInFence = !isInFence;
      continue;
    }
    if (type === 'blank') {
      isAfterBlank = true;
      continue;
    }
    const continues =
      last !== undefined &&
      type !== 'heading' &&
      (type === 'list' || type === 'table' || type === 'code'
        ? last.type === type && !(type === 'list' && isAfterBlank && startsOther(last, line))
        : !isAfterBlank && last.type !== 'heading' && last.type !== 'table' && last.type !== 'code');
    if (continues) last.lines.push(line);
    else groups.push({ type, lines: [line] });
    isAfterBlank = false;
  }
  return joinSteps(groups).map(({ type, lines }) => toBlock(text, type, lines));
}

/** Bullets that are not set in, behind steps and a blank line, are another list; so are steps behind bullets. */
function startsOther({ lines }: Group, { text }: Line): boolean {
  const isNumbered = (line: string | undefined) => /^\(?\d{1,2}[.)]\s/u.test(line ?? '');
  return /^\S/u.test(text) && isNumbered(lines[0]?.text) !== isNumbered(text);
}

/** Steps are one list, whatever stands between them: code to run, a note, a table. */
function joinSteps(groups: readonly Group[]): Group[] {
  const joined: Group[] = [];
  for (let index = 0; index < groups.length; index += 1) {
    const group = groups[index];
    if (group === undefined) break;
    joined.push(group);
    for (let next = nextStep(groups, index); next !== null; next = nextStep(groups, index)) {
      const between = groups.slice(index + 1, next).flatMap(({ lines }) => lines);
      group.lines.push(
        ...between.map((line) => ({ ...line, isWithin: true })),
        ...(groups[next]?.lines ?? []),
      );
      index = next;
    }
  }
  return joined;
}

/** Where the list that ends at `index` goes on with its next number, before another heading of Markdown; null where not. */
function nextStep(groups: readonly Group[], index: number): number | null {
  const list = groups[index];
  if (list?.type !== 'list') return null;
  const last = list.lines.findLast((line) => line.isWithin !== true && itemPattern.test(line.text));
  const number = numberOf(last);
  if (number === null) return null;
  const after = groups.slice(index + 1);
  const end = after.findIndex(({ lines }) => headingPattern.test(lines[0]?.text ?? ''));
  const found = after
    .slice(0, end === -1 ? after.length : end)
    .findIndex(({ type, lines }) => type === 'list' && numberOf(lines[0]) !== null);
  const next = found === -1 ? undefined : after[found];
  return numberOf(next?.lines[0]) === number + 1 ? index + 1 + found : null;
}

/** The number that a line begins with. */
function numberOf(line: Line | undefined): number | null {
  const digits = /^\s*\(?(\d{1,2})[.)]\s/u.exec(line?.text ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}

function toBlock(text: string, type: Block['type'], lines: readonly Line[]): Block {
  const first = lines[0];
  const last = lines.at(-1);
  if (first === undefined || last === undefined) throw new Error('a block has lines');
  const span = trimSpan(text, { start: first.start, end: last.end });
  switch (type) {
    case 'heading':
    case 'code':
      return { type, ...span, units: [span], head: null };
    case 'paragraph':
      return { type, ...span, units: readSentences(text, span), head: null };
    case 'list':
      return { type, ...span, units: readItems(text, lines), head: null };
    case 'table': {
      const rule = lines.findIndex((line) => tableRulePattern.test(line.text));
      const head = rule > 0 ? { start: first.start, end: lines[rule]?.end ?? first.end } : null;
      const rows = lines.slice(rule + 1).map((line) => trimSpan(text, line));
      return { type, ...span, units: rows, head };
    }
  }
}

function readItems(text: string, lines: readonly Line[]): Span[] {
  const items: Span[] = [];
  for (const line of lines) {
    const last = items.at(-1);
    const isItem = line.isWithin !== true && itemPattern.test(line.text);
    if (last === undefined || isItem) items.push({ start: line.start, end: line.end });
    else last.end = line.end;
  }
  return items.map((item) => trimSpan(text, item));
}

export function trimSpan(text: string, { start, end }: Span): Span {
  let from = start;
  let to = end;
  while (from < to && /\s/u.test(text.charAt(from))) from += 1;
  while (to > from && /\s/u.test(text.charAt(to - 1))) to -= 1;
  return { start: from, end: to };
}

/** "Yes." and "No." say nothing alone: they stay with the sentence after them. */
const stubLength = 8;

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });
/** After these the sentence goes on, whatever the segmenter says. */
const abbreviation =
  /(?:^|[\s("'])(?:\p{Lu}|Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|No|Nr|vs|etc|e\.g|i\.e|approx|ca|bzw|z\.\s?B|d\.\s?h|inkl|exkl|art|p|pp|fig|vol|ed|Inc|Ltd|Co|Corp|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|U\.S|U\.K|Abs|Str|Tel|max|min)\.\s*$/u;

/** Sentences of a paragraph; line breaks inside it do not end one unless they stand after an end mark. */
export function readSentences(text: string, span: Span): Span[] {
  const sentences: Span[] = [];
  const body = text.slice(span.start, span.end).replaceAll('\n', ' ');
  let isOpen = false;
  for (const { segment, index } of segmenter.segment(body)) {
    const start = span.start + index;
    const end = start + segment.length;
    const last = sentences.at(-1);
    const isStub = last !== undefined && last.end - last.start <= stubLength;
    if (last !== undefined && (isOpen || isStub || /^[\p{Ll}\d)\]%,;]/u.test(segment))) last.end = end;
    else sentences.push({ start, end });
    isOpen = abbreviation.test(segment);
  }
  return sentences.map((sentence) => trimSpan(text, sentence)).filter(({ start, end }) => end > start);
}
