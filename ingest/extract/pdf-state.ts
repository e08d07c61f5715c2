import { identity, type Box, type Matrix } from './pdf-geometry.ts';

/** Red, green and blue, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** What PDF's graphics state holds of what decides whether a text is seen. */
export interface PaintState {
  ctm: Matrix;
  clip: Box;
  /** False where the clip is no upright box: then `clip` is the box around it. */
  isClipExact: boolean;
  /** Null: a pattern, or none at all. */
  fill: Colour | null;
  stroke: Colour | null;
  fillAlpha: number;
  strokeAlpha: number;
  /** Of the groups around. */
  groupAlpha: number;
  /** Mixes with what lies below, or has a mask: covers nothing. */
  isMixed: boolean;
  lineWidth: number;
  font: string;
  fontSize: number;
  charSpacing: number;
  wordSpacing: number;
  /** 1 is as wide as the font. */
  stretch: number;
  leading: number;
  rise: number;
  /** PDF's text rendering mode, 0 to 7. */
  mode: number;
}

/** The state in which a page begins, seen through this window. */
export function initialState(view: Box): PaintState {
  return {
    ctm: identity,
    clip: view,
    isClipExact: true,
    fill: [0, 0, 0],
    stroke: [0, 0, 0],
    fillAlpha: 1,
    strokeAlpha: 1,
    groupAlpha: 1,
    isMixed: false,
    lineWidth: 1,
    font: '',
    fontSize: 0,
    charSpacing: 0,
    wordSpacing: 0,
    stretch: 1,
    leading: 0,
    rise: 0,
    mode: 0,
  };
}

/** `#rrggbb`; null for anything else. */
export function readColour(value: unknown): Colour | null {
  const hex = typeof value === 'string' ? /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(value) : null;
  const part = (at: number) => Number.parseInt(hex?.[at] ?? '', 16);
  return hex === null ? null : [part(1), part(2), part(3)];
}

const byte = 255;
/** Channels that differ less than this of 255 are not told apart as letters on a ground. */
const leastDifference = 20;

/** Whether letters of this colour are seen on that ground. */
export function isSeenOn(colour: Colour, alpha: number, ground: Colour): boolean {
  const difference = colour.map((channel, at) => Math.abs(channel - (ground[at] ?? byte)) * alpha);
  return Math.max(...difference) > leastDifference;
}
