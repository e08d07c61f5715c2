import { areaOf, holdsMiddle, intersect, type Box } from './pdf-geometry.ts';
import { isSeenOn, type Colour, type PaintState } from './pdf-state.ts';

/** Why nobody sees a run of text on the page. */
export type Unseen = 'layer' | 'tiny' | 'outside' | 'colour' | 'invisible' | 'covered';

/** A word: its text, and where it stands in the page's own points. */
export interface Run {
  text: string;
  x: number;
  y: number;
  width: number;
  size: number;
  box: Box;
  /** Null: it is seen. */
  unseen: Unseen | null;
}

/** A ground that was painted: in one colour, or (null) in nobody knows which. */
interface Ground {
  box: Box;
  colour: Colour | null;
}

/** Text with less of its height in points is a speck, whatever the page's size. */
const specks = { points: 2, shareOfPage: 1 / 300 };
/** Grounds of a page that are remembered, the newest: maps and drawings have very many. */
const maxGrounds = 4_000;
/** Ornaments and lines hide nothing and are no ground. */
export const leastGround = 4;
const white: Colour = [255, 255, 255];
/** How much of a text must lie under something for it to be covered. */
const coveredShare = 0.9;

/** PDF's text rendering modes: 3 paints nothing, 7 only cuts out what is painted next. */
const modes = { stroke: 1, both: 2, none: 3, clip: 7 };

export interface Canvas {
  runs: Run[];
  /** Boxes of what was painted as a picture. */
  pictures: Box[];
  /** Writes a text; `isHidden`: in a layer that is off. */
  write(run: Omit<Run, 'unseen'>, state: PaintState, isHidden: boolean): void;
  /** Fills a box in the state's colour, or as a picture; `isExact`: all of the box and nothing else. */
  paint(box: Box, state: PaintState, kind: { isPicture: boolean; isExact: boolean }): void;
  /** The state was restored: letters that were to cut something out cut no more. */
  endClip(): void;
}

/** Gathers what a page paints, in order, and tells which text is seen on it. */
export function createCanvas(view: Box): Canvas {
  const runs: Run[] = [];
  const pictures: Box[] = [];
  let grounds: Ground[] = [];
  let cuts: Run[] = [];
  const leastSize = Math.min(specks.points, (view[3] - view[1]) * specks.shareOfPage);

  const isSeen = (box: Box, state: PaintState): boolean => {
    const ground = grounds.findLast((each) => holdsMiddle(each.box, box)) ?? { colour: white };
    const inks = [
      ...(state.mode === modes.stroke ? [] : [[state.fill, state.fillAlpha] as const]),
      ...(state.mode === modes.stroke || state.mode === modes.both
        ? [[state.stroke, state.strokeAlpha] as const]
        : []),
    ];
    return inks.some(([colour, alpha]) => {
      const strength = alpha * state.groupAlpha;
      // what no one colour tells counts as seen, unless nothing of it comes through
      if (colour === null || ground.colour === null) return strength > 0.05;
      return isSeenOn(colour, strength, ground.colour);
    });
  };

  const whyUnseen = (run: Omit<Run, 'unseen'>, state: PaintState, isHidden: boolean): Unseen | null => {
    const { box, size, width, text } = run;
    if (isHidden) return 'layer';
    const letters = Math.max(1, text.trim().length);
    if (Math.min(size, (width / letters) * 4) < leastSize) return 'tiny';
    if (areaOf(intersect(box, state.clip)) < areaOf(box) * (1 - coveredShare)) return 'outside';
    if (state.mode === modes.none || state.mode === modes.clip) return 'invisible';
    return isSeen(box, state) ? null : 'colour';
  };

  return {
    runs,
    pictures,
    write(run, state, isHidden) {
      const written = { ...run, unseen: whyUnseen(run, state, isHidden) };
      runs.push(written);
      if (written.unseen === 'invisible' && state.mode === modes.clip) cuts.push(written);
    },
    paint(whole, state, { isPicture, isExact }) {
      for (const run of cuts.splice(0)) run.unseen = null;
      const box = intersect(whole, state.clip);
      if (box[2] - box[0] < leastGround || box[3] - box[1] < leastGround) return;
      if (isPicture) pictures.push(box);
      const isWhole = isExact && state.isClipExact && !state.isMixed;
      const isOpaque = isWhole && state.groupAlpha * (isPicture ? 1 : state.fillAlpha) > 0.95;
      const isPlain = isOpaque && !isPicture;
      if (isOpaque && (isPicture || state.fill !== null)) {
        for (const run of runs)
          if (run.unseen === null && areaOf(intersect(run.box, box)) >= areaOf(run.box) * coveredShare)
            run.unseen = 'covered';
      }
      grounds.push({ box, colour: isPlain ? state.fill : null });
      if (grounds.length > maxGrounds) grounds = grounds.slice(maxGrounds / 2);
    },
    endClip() {
      cuts = [];
    },
  };
}

/** pdf.js's codes within a path. */
const draw = { moveTo: 0, lineTo: 1, close: 4 };

/** Whether a path is one upright rectangle. */
export function isRectangle(path: readonly number[], box: Box): boolean {
  const [left, bottom, right, top] = box;
  const isCorner = (x: number | undefined, y: number | undefined) =>
    (x === left || x === right) && (y === bottom || y === top);
  let lines = 0;
  for (let at = 0; at < path.length;) {
    const code = path[at];
    if (code === draw.close) {
      at += 1;
      continue;
    }
    const isFirst = at === 0 && code === draw.moveTo;
    if (!isFirst && code !== draw.lineTo) return false;
    if (!isCorner(path[at + 1], path[at + 2])) return false;
    if (!isFirst) lines += 1;
    at += 3;
  }
  return lines === 3 || lines === 4;
}
