import {
  endsOpen,
  isNumbered,
  maxProse,
  roomyLength,
  withoutReply,
  type QuotedBlock,
} from './block-parts.ts';
import { trimSpan } from './blocks.ts';
import type { QuotePart } from './quote.ts';
import { textOf, type ReadPassage, type Unit } from './score.ts';

/** More sentences than this are not chosen. */
export const maxSentences = 3;
/** A short block leaves room for further sentences that fit well, from elsewhere; numbered steps are complete. */
export function withCompanions(
  read: readonly ReadPassage[],
  ranked: readonly Unit[],
  { block, lowest }: { block: QuotedBlock; lowest: number },
): QuotePart[] {
  const { part, first, last } = block;
  const isShown = ({ passageIndex, blockIndex }: Unit) =>
    passageIndex === part.passageIndex && blockIndex >= first && blockIndex <= last;
  if (part.text.length > roomyLength || isNumbered(part.text)) return [part];
  const others = ranked.filter((unit) => !isShown(unit) && !needsOthers(unit, read));
  const companions = chooseSentences(others.slice(0, maxSentences - 1), lowest, maxProse - part.text.length);
  return [part, ...mergeAdjacent(companions, read)];
}

/** Up to three sentences, `ranked` best first, none with a score below `lowest`. */
export function quoteSentences(
  read: readonly ReadPassage[],
  ranked: readonly Unit[],
  lowest: number,
): QuotePart[] {
  const best = ranked[0];
  if (best === undefined) return [];
  const wanted = ranked.filter((unit) => unit === best || !needsOthers(unit, read));
  return mergeAdjacent(chooseSentences(wanted.slice(0, maxSentences), lowest, maxProse), read);
}

/** One step of several says nothing without the others, a sentence that ends in a colon nothing without the rest. */
function needsOthers(unit: Unit, read: readonly ReadPassage[]): boolean {
  const source = read[unit.passageIndex];
  if (source === undefined) return true;
  const text = textOf(source.passage, unit);
  return endsOpen(text) || (source.blocks[unit.blockIndex]?.type === 'list' && isNumbered(text));
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
