import { OPS } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { boxOf, identity, keepsUpright, multiply, readBox, readMatrix } from './pdf-geometry.ts';
import type { Canvas } from './pdf-paint.ts';
import { readColour } from './pdf-state.ts';
import {
  beginWalk,
  clipTo,
  drawPath,
  drawPicture,
  drawShading,
  moveLine,
  restore,
  save,
  setGState,
  showText,
  type Walk,
  type WalkedPage,
} from './pdf-walk.ts';

export interface OperatorPage extends WalkedPage {
  fnArray: readonly number[];
  argsArray: readonly unknown[];
}

/** What a page paints: its texts with what hides them, its pictures, and how many pixels those have. */
export type Painted = Pick<Canvas, 'runs' | 'pictures'> & { pixels: number };

type Action = (walk: Walk, args: readonly unknown[]) => void;

const number = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : 0);

const stateActions: Readonly<Record<number, Action>> = {
  [OPS.save]: save,
  [OPS.restore]: restore,
  [OPS.transform]: ({ state }, args) => (state.ctm = multiply(state.ctm, readMatrix(args) ?? identity)),
  [OPS.setGState]: (walk, [entries]) => setGState(walk, entries),
  [OPS.setLineWidth]: ({ state }, [value]) => (state.lineWidth = number(value)),
  [OPS.setFillRGBColor]: ({ state }, [colour]) => (state.fill = readColour(colour)),
  [OPS.setStrokeRGBColor]: ({ state }, [colour]) => (state.stroke = readColour(colour)),
  [OPS.setFillColorN]: ({ state }) => (state.fill = null),
  [OPS.setStrokeColorN]: ({ state }) => (state.stroke = null),
  [OPS.clip]: (walk) => (walk.isClipping = true),
  [OPS.eoClip]: (walk) => (walk.isClipping = true),
  [OPS.beginMarkedContent]: ({ layers }) => layers.push(true),
  [OPS.beginMarkedContentProps]: ({ layers, isShown }, [tag, group]) =>
    layers.push(tag !== 'OC' || isShown(group)),
  [OPS.endMarkedContent]: ({ layers }) => layers.pop(),
  [OPS.paintFormXObjectBegin]: (walk, [matrix, box]) => {
    save(walk);
    walk.state.ctm = multiply(walk.state.ctm, readMatrix(matrix) ?? identity);
    const own = readBox(box);
    if (own !== null) clipTo(walk, boxOf(walk.state.ctm, own), keepsUpright(walk.state.ctm));
  },
  [OPS.paintFormXObjectEnd]: restore,
  [OPS.beginGroup]: (walk) => {
    save(walk);
    walk.state.groupAlpha *= walk.state.fillAlpha;
    walk.state.fillAlpha = walk.state.strokeAlpha = 1;
  },
  [OPS.endGroup]: restore,
};

const textActions: Readonly<Record<number, Action>> = {
  [OPS.beginText]: (walk) => (walk.text = walk.line = identity),
  [OPS.setFont]: ({ state }, [font, size]) => {
    state.font = String(font);
    state.fontSize = number(size);
  },
  [OPS.setCharSpacing]: ({ state }, [value]) => (state.charSpacing = number(value)),
  [OPS.setWordSpacing]: ({ state }, [value]) => (state.wordSpacing = number(value)),
  [OPS.setHScale]: ({ state }, [value]) => (state.stretch = number(value) / 100),
  [OPS.setLeading]: ({ state }, [value]) => (state.leading = number(value)),
  [OPS.setTextRise]: ({ state }, [value]) => (state.rise = number(value)),
  [OPS.setTextRenderingMode]: ({ state }, [value]) => (state.mode = number(value)),
  [OPS.moveText]: (walk, [x, y]) => moveLine(walk, number(x), number(y)),
  [OPS.setLeadingMoveText]: (walk, [x, y]) => {
    walk.state.leading = -number(y);
    moveLine(walk, number(x), number(y));
  },
  [OPS.nextLine]: (walk) => moveLine(walk, 0, -walk.state.leading),
  [OPS.setTextMatrix]: (walk, [matrix]) => (walk.text = walk.line = readMatrix(matrix) ?? identity),
  [OPS.showText]: (walk, [glyphs]) => showText(walk, glyphs),
};

const drawPixels: Action = (walk, [, width, height]) => {
  walk.pixels += number(width) * number(height);
  drawPicture(walk, true);
};

const paintActions: Readonly<Record<number, Action>> = {
  [OPS.constructPath]: drawPath,
  [OPS.shadingFill]: drawShading,
  [OPS.paintImageXObject]: drawPixels,
  [OPS.paintInlineImageXObject]: (walk) => drawPicture(walk, true),
  [OPS.paintImageMaskXObject]: (walk) => drawPicture(walk, false),
  [OPS.paintSolidColorImageMask]: (walk) => drawPicture(walk, false),
};

const actions: Readonly<Record<number, Action>> = { ...stateActions, ...textActions, ...paintActions };

/** Follows a page's operators (Adobe's *PDF Reference*, chapters 4 and 5) without painting anything. */
export function readOperators({ fnArray, argsArray, ...page }: OperatorPage): Painted {
  const walk = beginWalk(page);
  for (const [index, operator] of fnArray.entries()) {
    const args = argsArray[index];
    actions[operator]?.(walk, Array.isArray(args) ? args : args instanceof Float32Array ? [...args] : []);
  }
  return { runs: walk.canvas.runs, pictures: walk.canvas.pictures, pixels: walk.pixels };
}
