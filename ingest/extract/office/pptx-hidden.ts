type Attributes = Readonly<Record<string, string>>;

/** A slide's size, in the units of its file. */
export interface SlideSize {
  width: number;
  height: number;
}

/** Hundredths of a point: letters smaller than two points are a speck. */
const tinyHundredths = 200;
const shapes = new Set(['p:sp', 'p:grpSp', 'p:graphicFrame', 'p:pic', 'p:cxnSp']);

/** Tells what of a slide nobody sees: slides and shapes that are hidden, shapes beside the slide, specks. */
export function createHiddenShapes({ width, height }: SlideSize) {
  const open: boolean[] = [];
  let isSlideHidden = false;
  let isTiny = false;
  let at = { x: 0, y: 0 };
  let hasHidden = false;
  const isBeside = (right: number, bottom: number) =>
    at.x >= width || at.y >= height || at.x + right <= 0 || at.y + bottom <= 0;
  return {
    open(name: string, attributes: Attributes): void {
      if (name === 'p:sld') isSlideHidden = /^(?:0|false)$/.test(attributes['show'] ?? '');
      if (shapes.has(name)) open.push(false);
      if (name === 'p:cNvPr' && /^(?:1|true)$/.test(attributes['hidden'] ?? '')) open[open.length - 1] = true;
      if (name === 'a:off') at = { x: Number(attributes['x'] ?? 0), y: Number(attributes['y'] ?? 0) };
      // shapes of a group are placed within the group
      const { cx, cy } = attributes;
      if (name === 'a:ext' && cx !== undefined && open.length === 1 && isBeside(Number(cx), Number(cy ?? 0)))
        open[0] = true;
      if (name === 'a:r') isTiny = false;
      if (name === 'a:rPr') isTiny = Number(attributes['sz'] ?? tinyHundredths) < tinyHundredths;
    },
    close(name: string): void {
      if (shapes.has(name)) open.pop();
      if (name === 'a:r') isTiny = false;
    },
    /** Whether text that stands here is not seen. */
    isHidden(): boolean {
      const isHidden = isSlideHidden || isTiny || open.includes(true);
      hasHidden ||= isHidden;
      return isHidden;
    },
    hasHidden: () => hasHidden,
  };
}

export type HiddenShapes = ReturnType<typeof createHiddenShapes>;
