import { walkXml } from './xml.ts';

/** A format of three empty parts shows neither numbers nor text. */
const emptyFormat = /^\s*;\s*;(?:\s*;)?\s*$/;

/** The first colour of a theme is that of the sheet itself. */
const isWhite = ({ rgb, theme, indexed }: Readonly<Record<string, string>>) =>
  /^(?:ff)?f[c-f]f[c-f]f[c-f]$/i.test(rgb ?? '') || theme === '0' || indexed === '9';

/**
 * The styles of cells that show nothing: by their format, or white without a ground of their own.
 * @param formats number formats by style.
 */
export function readUnseenStyles(bytes: Buffer | null, formats: readonly string[]): ReadonlySet<number> {
  const unseen = new Set<number>();
  if (bytes === null) return unseen;
  const whiteFonts = new Set<number>();
  const plainFills = new Set<number>();
  let [fonts, fills, styles] = [-1, -1, -1];
  let part = '';
  walkXml(bytes, {
    open(name, attributes) {
      if (/^(?:fonts|fills|cellXfs|cellStyleXfs|dxfs)$/.test(name)) part = name;
      if (part === 'fonts' && name === 'font') fonts += 1;
      if (part === 'fonts' && name === 'color' && isWhite(attributes)) whiteFonts.add(fonts);
      if (part === 'fills' && name === 'fill') fills += 1;
      if (part === 'fills' && name === 'patternFill' && (attributes['patternType'] ?? 'none') === 'none')
        plainFills.add(fills);
      if (part === 'cellXfs' && name === 'xf') {
        styles += 1;
        const { fontId, fillId } = attributes;
        const isLost = whiteFonts.has(Number(fontId ?? 0)) && plainFills.has(Number(fillId ?? 0));
        if (isLost || emptyFormat.test(formats[styles] ?? '')) unseen.add(styles);
      }
    },
  });
  return unseen;
}
