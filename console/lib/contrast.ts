const channel = (value: number): number => {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};

/** Relative luminance of `#rrggbb` (WCAG 2.2), 0..1; null when it is not such a colour. */
export const luminance = (color: string): number | null => {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color);
  if (match === null) return null;
  const [red = 0, green = 0, blue = 0] = match.slice(1).map((part) => channel(parseInt(part, 16)));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

/** Contrast ratio of two colours (WCAG 2.2), 1..21; null when one is not a colour. */
export const contrast = (left: string, right: string): number | null => {
  const one = luminance(left);
  const other = luminance(right);
  if (one === null || other === null) return null;
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
};

export interface ContrastNote {
  /** The lettering that reads best on the colour. */
  text: '#ffffff' | '#15161a';
  ratio: number;
  isEnough: boolean;
}

/** How text reads on an accent colour; 4.5:1 is what WCAG 2.2 AA asks of text. Null when it is no colour. */
export const noteOn = (accent: string): ContrastNote | null => {
  const onWhite = contrast(accent, '#ffffff');
  const onDark = contrast(accent, '#15161a');
  if (onWhite === null || onDark === null) return null;
  const isWhite = onWhite >= 4.5 || onWhite >= onDark;
  const ratio = isWhite ? onWhite : onDark;
  return { text: isWhite ? '#ffffff' : '#15161a', ratio, isEnough: ratio >= 4.5 };
};
