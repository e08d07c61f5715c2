import type { Analyzer } from '../analysis/analyze.ts';
import type { RetrievedPassage } from '../knowledge.ts';
import type { QuestionWording } from './question-wording.ts';
import { trimSpan, type Span } from './blocks.ts';
import { readQuestionKind, type QuestionKind } from './question-kind.ts';
import {
  coverOfAliases,
  plainKinds,
  scoreUnits,
  textOf,
  visibleKinds,
  type ReadPassage,
  type Unit,
} from './score.ts';

/** Word for word from one passage. */
export interface QuotePart {
  passageIndex: number;
  text: string;
  /** Prose goes on one line with the mark behind it; lists and tables keep their lines. */
  layout: 'prose' | 'lines';
}

export interface Quote {
  kind: QuestionKind;
  parts: readonly QuotePart[];
  /** Share of the question's weight that the best sentence holds, 0..1. */
  support: number;
  /** The best sentence holds nothing of the kind that was asked for: no number, no time, nobody. */
  lacksKind: boolean;
}

/** "Yes." to the question of the heading above is no answer to another question. */
const reply =
  /^(?:yes|no|ja|nein|oui|non|sí|sì|sim|não|nee|nej|nei|tak|nie|да|нет|так|ні|evet|hayır|はい|いいえ|是的?|不是)[.!。！]\s*/iu;
/** A heading that holds this much of the question asks the same. */
const sameQuestionCoverage = 0.6;

/** Limits of what is shown, in characters. */
const maxProse = 700;
const maxBlock = 1500;
/** Further sentences must be at least this good, over the best one. */
const companionShare = 0.6;
/** The same, beside a sentence that has the very thing that was asked for. */
const decidedShare = 0.8;
/** Such a sentence holds this much of the question, too. */
const decidedCoverage = 0.75;
/** With this much of the question a sentence is its answer: what stands elsewhere must add to it. */
const answeredCoverage = 0.5;
const maxSentences = 3;
/** An answer to a question of the owner's is supported this well by its passage, whatever the words there. */
const aliasShare = 0.9;
/** A block shorter than this is not all that is shown. */
const roomyLength = 350;

/** Kinds of questions that want a whole block rather than sentences. */
const wantsBlock: ReadonlySet<QuestionKind> = new Set([
  'procedure',
  'list',
  'situation',
  'yes-no',
  'contact',
]);

/**
 * Picks what answers a question from `passages` (best first): for facts up to three sentences in reading order, for
 * procedures and lists the whole block. Null when the passages hold nothing to quote.
 */
export function quote(
  analyzer: Analyzer,
  { put, own, standalone: question, language }: QuestionWording,
  passages: readonly RetrievedPassage[],
): Quote | null {
  const kind = readQuestionKind(put);
  const { read, units } = scoreUnits(analyzer, { question, own, kind, language }, passages);
  const sorted = answering(units, kind).toSorted((a, b) => b.score - a.score);
  const top = sorted[0];
  if (top === undefined) return null;
  const best = own === question ? top : ownRow(read, top, sorted);
  const ranked = [best, ...sorted.filter((unit) => unit !== best)];
  const supported = Math.max(
    ...ranked.slice(0, maxSentences).map(({ coverage }) => coverage),
    aliasShare * coverOfAliases(analyzer, question, language, passages[best.passageIndex]),
  );
  const support = plainKinds.has(kind) && best.lacksKind ? 0 : supported;
  const block = quoteBlock(read, best, kind);
  const share = isDecided(best, kind) ? decidedShare : companionShare;
  const wanted = isAnswered(best, kind) ? withNews(best, ranked) : ranked;
  const parts =
    block === null ? quoteSentences(read, wanted, share) : withCompanions(read, wanted, block, share);
  return parts.length === 0 ? null : { kind, parts, support, lacksKind: best.lacksKind };
}

/** Whoever asks for a number to call is answered by what holds one, wherever its words stand best. */
function answering(units: readonly Unit[], kind: QuestionKind): readonly Unit[] {
  const having = plainKinds.has(kind) ? units.filter((unit) => !unit.lacksKind) : [];
  return having.length > 0 ? having : units;
}

/** "And for children?" asks for the row of the same table that its own words name, not for the one named before. */
function ownRow(read: readonly ReadPassage[], top: Unit, ranked: readonly Unit[]): Unit {
  if (read[top.passageIndex]?.blocks[top.blockIndex]?.type !== 'table') return top;
  return ranked.reduce(
    (best, unit) => (isBeside(unit, top) && unit.ownCoverage > best.ownCoverage ? unit : best),
    top,
  );
}

const isBeside = (unit: Unit, other: Unit) =>
  unit.passageIndex === other.passageIndex && unit.blockIndex === other.blockIndex;

/** Whether the best unit holds the fact that was asked for. */
const isAnswered = (best: Unit, kind: QuestionKind): boolean =>
  visibleKinds.has(kind) && !best.lacksKind && best.coverage >= answeredCoverage;

/** The best unit, what goes on where it stands, and others that hold words of the question that it lacks. */
function withNews(best: Unit, ranked: readonly Unit[]): Unit[] {
  return ranked.filter(
    (unit) => unit === best || isBeside(unit, best) || [...unit.held].some((stem) => !best.held.has(stem)),
  );
}

/** Whether one sentence answers a question whose answer can be seen, such as an amount: more would distract. */
function isDecided(best: Unit, kind: QuestionKind): boolean {
  return visibleKinds.has(kind) && !best.lacksKind && best.coverage >= decidedCoverage;
}

/** The list or table around the best unit, or the paragraph of a procedure; null where sentences serve better. */
function quoteBlock(read: readonly ReadPassage[], best: Unit, kind: QuestionKind): QuotePart[] | null {
  const source = read[best.passageIndex];
  const block = source?.blocks[best.blockIndex];
  if (source === undefined || block === undefined) return null;
  const part = (spans: readonly Span[]): QuotePart => ({
    passageIndex: best.passageIndex,
    text: spans.map((span) => textOf(source.passage, span)).join('\n'),
    layout: 'lines',
  });
  const fits = (span: Span) => span.end - span.start <= maxBlock;
  if (block.type === 'table') {
    const head = block.head === null ? [] : [block.head];
    return wantsBlock.has(kind) && fits(block) ? [part([block])] : [part([...head, best])];
  }
  if (block.type === 'list') {
    const before = source.blocks[best.blockIndex - 1];
    const lead =
      before?.type === 'paragraph' && /[:：]$/u.test(textOf(source.passage, before)) ? before : null;
    const leadIn = lead?.units.at(-1);
    if ((wantsBlock.has(kind) || isNumbered(textOf(source.passage, block))) && fits(block)) {
      return [part(leadIn === undefined ? [block] : [leadIn, block])];
    }
    return null;
  }
  const after = source.blocks[best.blockIndex + 1];
  const endsOpen = /[:：]$/u.test(textOf(source.passage, block));
  if (endsOpen && (after?.type === 'list' || after?.type === 'table') && fits(after))
    return [part([best, after])];
  if (!wantsBlock.has(kind)) return null;
  const span = withoutReply(source.passage.text, fits(block) ? block : windowAround(block, best), best);
  return [{ ...part([span]), layout: 'prose' }];
}

/** The span without a reply that belongs to another question than the visitor's. */
function withoutReply(text: string, span: Span, { headingCoverage }: Unit): Span {
  if (headingCoverage >= sameQuestionCoverage) return span;
  const stub = reply.exec(text.slice(span.start, span.end))?.[0] ?? '';
  return stub.length < span.end - span.start ? { ...span, start: span.start + stub.length } : span;
}

const isNumbered = (text: string): boolean => /^\s*\(?\d{1,2}[.)]\s/mu.test(text);

/** As many sentences of `block` around `best` as fit. */
function windowAround(block: { units: readonly Span[] }, best: Span): Span {
  const index = block.units.findIndex(({ start }) => start === best.start);
  let first = index;
  let last = index;
  const range = (from: number, to: number) => ({
    start: block.units[from]?.start ?? best.start,
    end: block.units[to]?.end ?? best.end,
  });
  for (let hasGrown = true; hasGrown;) {
    hasGrown = false;
    for (const [from, to] of [
      [first, last + 1],
      [first - 1, last],
    ] as const) {
      const next = range(from, to);
      if (from < 0 || to >= block.units.length || next.end - next.start > maxBlock) continue;
      first = from;
      last = to;
      hasGrown = true;
    }
  }
  return range(first, last);
}

/** A short block leaves room for further sentences that fit well, from elsewhere; numbered steps are complete. */
function withCompanions(
  read: readonly ReadPassage[],
  ranked: readonly Unit[],
  block: QuotePart[],
  share: number,
): QuotePart[] {
  const best = ranked[0];
  const length = block.reduce((sum, { text }) => sum + text.length, 0);
  const others = ranked.filter(
    (unit) =>
      (unit.passageIndex !== best?.passageIndex || unit.blockIndex !== best.blockIndex) &&
      !isStepOf(unit, read),
  );
  const [second] = others;
  const isComplete = block.some(({ text }) => isNumbered(text));
  if (best === undefined || second === undefined || length > roomyLength || isComplete) return block;
  const companions = chooseSentences(
    others.slice(0, maxSentences - 1),
    share * best.score,
    maxProse - length,
  );
  return [...block, ...mergeAdjacent(companions, read)];
}

function quoteSentences(read: readonly ReadPassage[], ranked: readonly Unit[], share: number): QuotePart[] {
  const best = ranked[0];
  if (best === undefined) return [];
  const wanted = ranked.filter((unit) => unit === best || !isStepOf(unit, read));
  return mergeAdjacent(chooseSentences(wanted.slice(0, maxSentences), share * best.score, maxProse), read);
}

/** One step of several says nothing without the others. */
function isStepOf(unit: Unit, read: readonly ReadPassage[]): boolean {
  const source = read[unit.passageIndex];
  return source?.blocks[unit.blockIndex]?.type === 'list' && isNumbered(textOf(source.passage, unit));
}

/**
 * Those of `units` (best first) that are good enough and fit; the first one always, if it is. The passage of the best
 * one comes first, in reading order.
 */
function chooseSentences(units: readonly Unit[], lowest: number, room: number): Unit[] {
  let length = 0;
  const chosen = units.filter((unit) => {
    if (unit.score < lowest) return false;
    length += unit.end - unit.start;
    return length <= room || (unit === units[0] && room === maxProse);
  });
  const rank = new Map<number, number>();
  for (const { passageIndex } of chosen) if (!rank.has(passageIndex)) rank.set(passageIndex, rank.size);
  const rankOf = ({ passageIndex }: Unit) => rank.get(passageIndex) ?? rank.size;
  return chosen.toSorted((a, b) => rankOf(a) - rankOf(b) || a.position - b.position);
}

/** One part per run of neighbouring units of a passage, so that a mark stands once behind each run. */
function mergeAdjacent(units: readonly Unit[], read: readonly ReadPassage[]): QuotePart[] {
  const runs: Unit[] = [];
  for (const unit of units) {
    const last = runs.at(-1);
    const isNext =
      last?.passageIndex === unit.passageIndex &&
      last.blockIndex === unit.blockIndex &&
      last.position + 1 === unit.position;
    if (isNext) runs[runs.length - 1] = { ...unit, start: last.start };
    else runs.push(unit);
  }
  return runs.flatMap((run) => {
    const source = read[run.passageIndex];
    if (source === undefined) return [];
    const { passage } = source;
    const block = source.blocks[run.blockIndex];
    const text = textOf(passage, withoutReply(passage.text, trimSpan(passage.text, run), run));
    // a row says nothing without the head of its table
    const head = block?.head ? `${textOf(passage, block.head)}\n` : '';
    const layout = block?.type === 'paragraph' ? 'prose' : 'lines';
    return [{ passageIndex: run.passageIndex, text: head + text, layout }];
  });
}
