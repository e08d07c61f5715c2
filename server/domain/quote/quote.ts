import type { Analyzer } from '../analysis/analyze.ts';
import type { RetrievedPassage } from '../knowledge.ts';
import { quoteBlock } from './block-parts.ts';
import { readQuestionKind, type QuestionKind } from './question-kind.ts';
import type { QuestionWording } from './question-wording.ts';
import {
  coverOfAliases,
  plainKinds,
  scoreUnits,
  visibleKinds,
  type ReadPassage,
  type Unit,
} from './score.ts';
import { maxSentences, quoteSentences, withCompanions } from './sentence-parts.ts';

/** Word for word from one passage. */
export interface QuotePart {
  passageIndex: number;
  text: string;
  /** Prose goes on one line with the mark behind it; lists, tables and code keep their lines. */
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

/** Further sentences must be at least this good, over the best one. */
const companionShare = 0.6;
/** The same, beside a sentence that has the very thing that was asked for. */
const decidedShare = 0.8;
/** Such a sentence holds this much of the question, too. */
const decidedCoverage = 0.75;
/** With this much of the question a sentence is its answer: what stands elsewhere must add to it. */
const answeredCoverage = 0.5;
/** An answer to a question of the owner's is supported this well by its passage, whatever the words there. */
const aliasShare = 0.9;
/** What standing near the best sentence adds to the score of another: who reads one reads on. */
const nearBy = { next: 0.2, sameBlock: 0.15, sameSection: 0.1, samePassage: 0.05 } as const;

/**
 * Picks what answers a question from `passages` (best first): for facts up to three sentences in reading order, for
 * procedures and lists the whole block with the code that goes with it. Null when the passages hold nothing to quote.
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
  const near = byNearness(ranked, best);
  const wanted = isAnswered(best, kind) ? withNews(best, near) : near;
  const lowest = (isDecided(best, kind) ? decidedShare : companionShare) * best.score;
  const block = quoteBlock(read, best, kind);
  const parts =
    block === null ? quoteSentences(read, wanted, lowest) : withCompanions(read, wanted, { block, lowest });
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

/** The best unit, then the others by their scores and by how near to it they stand. */
function byNearness(ranked: readonly Unit[], best: Unit): Unit[] {
  return ranked
    .map((unit) => (unit === best ? unit : { ...unit, score: unit.score + nearness(unit, best) }))
    .toSorted((a, b) => Number(b === best) - Number(a === best) || b.score - a.score);
}

function nearness(unit: Unit, best: Unit): number {
  if (unit.passageIndex !== best.passageIndex) return 0;
  if (unit.blockIndex !== best.blockIndex)
    return unit.section === best.section ? nearBy.sameSection : nearBy.samePassage;
  return Math.abs(unit.position - best.position) === 1 ? nearBy.next : nearBy.sameBlock;
}

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
