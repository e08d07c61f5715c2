import { OPS } from 'pdfjs-dist/legacy/build/pdf.mjs';
import {
  boxOf,
  identity,
  intersect,
  keepsUpright,
  multiply,
  place,
  readBox,
  readNumbers,
  type Box,
  type Matrix,
} from './pdf-geometry.ts';
import { measureGlyphs } from './pdf-glyphs.ts';
import { createCanvas, isRectangle, leastGround, type Canvas } from './pdf-paint.ts';
import { initialState, type PaintState } from './pdf-state.ts';

/** What is known of a page besides its operators. */
export interface WalkedPage {
  view: Box;
  /** Whether a layer (optional content group) is shown. */
  isShown(group: unknown): boolean;
  /** The factor from a font's units to its size, and whether it is written downwards. */
  fontOf(name: string): { unit: number; isVertical: boolean };
}

/** A walk over a page's operators: where it stands, and what it has painted. */
export interface Walk extends WalkedPage {
  canvas: Canvas;
  state: PaintState;
  saved: PaintState[];
  /** Marked contents that are open; false: a layer that is off. */
  layers: boolean[];
  text: Matrix;
  line: Matrix;
  isClipping: boolean;
  /** Of all pictures. */
  pixels: number;
}

export function beginWalk(page: WalkedPage): Walk {
  return {
    ...page,
    canvas: createCanvas(page.view),
    state: initialState(page.view),
    saved: [],
    layers: [],
    text: identity,
    line: identity,
    isClipping: false,
    pixels: 0,
  };
}

export function save(walk: Walk): void {
  walk.saved.push({ ...walk.state });
}

export function restore(walk: Walk): void {
  walk.state = walk.saved.pop() ?? walk.state;
  walk.canvas.endClip();
}

export function clipTo({ state }: Walk, box: Box, isExact: boolean): void {
  state.clip = intersect(state.clip, box);
  state.isClipExact &&= isExact;
}

export function moveLine(walk: Walk, x: number, y: number): void {
  walk.text = walk.line = multiply(walk.line, [1, 0, 0, 1, x, y]);
}

const isOn = ({ layers }: Walk) => layers.every((isShown) => isShown);

/** Writes the words of glyphs where the pen stands, and moves it. */
export function showText(walk: Walk, glyphs: unknown): void {
  const { state } = walk;
  const { unit, isVertical } = walk.fontOf(state.font);
  const { words, advance } = measureGlyphs(glyphs, state, unit);
  const whole = multiply(state.ctm, walk.text);
  walk.text = multiply(walk.text, isVertical ? [1, 0, 0, 1, 0, -advance] : [1, 0, 0, 1, advance, 0]);
  if (isVertical) return;
  const { fontSize, rise } = state;
  const size = Math.abs(fontSize) * Math.hypot(whole[2], whole[3]);
  for (const { text, from, to } of words) {
    const [x, y] = place(whole, from, rise);
    const [endX, endY] = place(whole, to, rise);
    const own: Box = [Math.min(from, to), rise - fontSize * 0.2, Math.max(from, to), rise + fontSize * 0.7];
    const width = Math.hypot(endX - x, endY - y);
    const run = { text, x: Math.min(x, endX), y, width, size, box: boxOf(whole, own) };
    walk.canvas.write(run, state, !isOn(walk));
  }
}

const filling: ReadonlySet<unknown> = new Set([
  OPS.fill,
  OPS.eoFill,
  OPS.fillStroke,
  OPS.eoFillStroke,
  OPS.closeFillStroke,
  OPS.closeEOFillStroke,
]);
const stroking: ReadonlySet<unknown> = new Set([OPS.stroke, OPS.closeStroke]);

/** Fills, strokes or clips a path. */
export function drawPath(walk: Walk, [operator, data, extent]: readonly unknown[]): void {
  const { state, canvas } = walk;
  const isClipping = walk.isClipping;
  walk.isClipping = false;
  const own = readBox(extent);
  if (own === null) return;
  const points = readNumbers(Array.isArray(data) ? data[0] : null);
  const isExact = keepsUpright(state.ctm) && isRectangle(points, own);
  const box = boxOf(state.ctm, own);
  if (isOn(walk) && filling.has(operator)) canvas.paint(box, state, { isPicture: false, isExact });
  if (isOn(walk) && stroking.has(operator)) {
    // a line as broad as a row of text is a ground for it
    const half = (state.lineWidth * Math.hypot(state.ctm[0], state.ctm[1])) / 2;
    const broad: Box = [box[0] - half, box[1] - half, box[2] + half, box[3] + half];
    if (half * 2 >= leastGround) canvas.paint(broad, state, { isPicture: false, isExact: false });
  }
  if (isClipping) clipTo(walk, box, isExact);
}

const unitBox: Box = [0, 0, 1, 1];

/** Paints a picture into the unit square; `isWhole`: nothing shines through. */
export function drawPicture(walk: Walk, isWhole: boolean): void {
  const { ctm } = walk.state;
  const kind = { isPicture: true, isExact: isWhole && keepsUpright(ctm) };
  if (isOn(walk)) walk.canvas.paint(boxOf(ctm, unitBox), walk.state, kind);
}

/** Paints the whole clip in a gradient. */
export function drawShading({ canvas, state }: Walk): void {
  canvas.paint(state.clip, state, { isPicture: false, isExact: false });
}

/** Sets what a dictionary of the graphics state says. */
export function setGState({ state }: Walk, entries: unknown): void {
  for (const entry of Array.isArray(entries) ? entries : []) {
    const [key, value]: unknown[] = Array.isArray(entry) ? entry : [];
    if (typeof value === 'number') {
      if (key === 'ca') state.fillAlpha = value;
      if (key === 'CA') state.strokeAlpha = value;
      if (key === 'LW') state.lineWidth = value;
    }
    // before a picture with a mask of its own pdf.js sets SMask to false
    if (key === 'SMask') state.isMixed = true;
    if (key === 'BM') state.isMixed = value !== 'source-over' && value !== 'Normal';
    if (key === 'Font' && Array.isArray(value))
      [state.font, state.fontSize] = [String(value[0]), Number(value[1])];
  }
}
