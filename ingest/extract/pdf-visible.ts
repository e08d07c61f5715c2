import { areaOf, intersect, type Box } from './pdf-geometry.ts';
import type { TextBox } from './pdf-layout.ts';
import type { Painted } from './pdf-operators.ts';
import type { Run, Unseen } from './pdf-paint.ts';

/** How much of a page its pictures cover at least where it is a scan. */
const scanShare = 0.6;
/** How many of a scan's letters at most are seen as text: stamps and page numbers. */
const scanText = 0.15;
/** Pictures may hide these, or the text layer of a scan, which says what its picture shows. */
const scanLayers: ReadonlySet<Unseen> = new Set<Unseen>(['invisible', 'covered', 'colour']);

const lettersOf = (runs: readonly Run[]) => runs.reduce((sum, { text }) => sum + text.length, 0);

/**
 * Whether a page is a scan with a text layer. Pictures that were not looked at (`hasUnread`) are believed to be
 * its scan where all its text is invisible.
 */
function isScan({ runs, pictures }: Painted, view: Box, hasUnread: boolean): boolean {
  const seen = runs.filter(({ unseen }) => unseen === null);
  if (lettersOf(seen) > lettersOf(runs) * scanText) return false;
  const covered = pictures.reduce((sum, picture) => sum + areaOf(intersect(picture, view)), 0);
  return hasUnread || covered >= areaOf(view) * scanShare;
}

/** Whether a run and an item of the text content stand at the same place. */
function overlaps(run: Run, { x, y, width, size }: TextBox): boolean {
  if (Math.abs(run.y - y) > Math.max(run.size, size) * 0.5) return false;
  const shared = Math.min(run.x + run.width, x + width) - Math.max(run.x, x);
  return shared > Math.min(run.width, width) * 0.3;
}

/**
 * Leaves out what nobody sees on the page: text in the colour of its ground, specks, what lies outside the page or
 * under something, and layers that are off. Text that stands in a scan's layer stays. Of an item that is seen in
 * part only the runs that are seen remain.
 * @returns the boxes that stay, and whether any was left out.
 */
export function keepVisible(
  boxes: readonly TextBox[],
  painted: Painted,
  { view, hasUnread }: { view: Box; hasUnread: boolean },
): { boxes: TextBox[]; hasHidden: boolean } {
  const believed = isScan(painted, view, hasUnread) ? scanLayers : new Set<Unseen>();
  const isHidden = ({ unseen }: Run) => unseen !== null && !believed.has(unseen);
  const hidden = painted.runs.filter(isHidden);
  if (hidden.length === 0) return { boxes: [...boxes], hasHidden: false };
  const written = new Set<Run>();
  let hasHidden = false;
  const kept = boxes.flatMap((box): TextBox[] => {
    if (!hidden.some((run) => overlaps(run, box))) return [box];
    hasHidden = true;
    const seen = painted.runs.filter((run) => !isHidden(run) && !written.has(run) && overlaps(run, box));
    return seen.map((run) => {
      written.add(run);
      const { text, x, y, width, size } = run;
      return { text, x, y, width, size };
    });
  });
  return { boxes: kept, hasHidden };
}
