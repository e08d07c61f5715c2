import type { PaintState } from './pdf-state.ts';

interface Glyph {
  unicode: string;
  width: number;
  isSpace: boolean;
}

function readGlyph(value: unknown): Glyph | null {
  if (typeof value !== 'object' || value === null || !('unicode' in value) || !('width' in value))
    return null;
  const { unicode, width } = value;
  if (typeof unicode !== 'string' || typeof width !== 'number') return null;
  return { unicode, width, isSpace: 'isSpace' in value && value.isSpace === true };
}

/** From this much of the letters' height on a shift between glyphs parts words, in thousandths. */
const wordShift = 200;

/** A word: what it says, where it begins, and how far it goes, before the text's matrix. */
export interface Word {
  text: string;
  from: number;
  to: number;
}

/**
 * The words of an array of glyphs and shifts, and how far it moves the pen, before the text's matrix.
 * @param unit from the font's units to the size, .001 for most.
 */
export function measureGlyphs(
  glyphs: unknown,
  { fontSize, charSpacing, wordSpacing, stretch }: PaintState,
  unit: number,
): { words: Word[]; advance: number } {
  const words: Word[] = [];
  let open: Word | null = null;
  let at = 0;
  for (const entry of Array.isArray(glyphs) ? glyphs : []) {
    if (typeof entry === 'number') {
      at -= (entry * fontSize * stretch) / 1000;
      if (entry < -wordShift) open = null;
      continue;
    }
    const glyph = readGlyph(entry);
    if (glyph === null) continue;
    const from = at;
    at += (glyph.width * unit * fontSize + charSpacing + (glyph.isSpace ? wordSpacing : 0)) * stretch;
    if (glyph.unicode.trim() === '') open = null;
    else if (open === null) words.push((open = { text: glyph.unicode, from, to: at }));
    else {
      open.text += glyph.unicode;
      open.to = at;
    }
  }
  return { words, advance: at };
}
