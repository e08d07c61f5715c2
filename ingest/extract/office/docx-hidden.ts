import { walkXml } from './xml.ts';

type Attributes = Readonly<Record<string, string>>;

/** What a style says about being seen; undefined: nothing. */
interface Look {
  isVanished?: boolean;
  isWhite?: boolean;
  isTiny?: boolean;
  /** It has a ground of its own, so that nothing can be said of its colour. */
  hasGround?: boolean;
}

/** Half points: letters of up to a point and a half are a speck. */
const tinyHalfPoints = 3;
const isOn = ({ 'w:val': value = 'true' }: Attributes) => !/^(?:0|false|off|none)$/.test(value);

function readLook(look: Look, name: string, attributes: Attributes): void {
  const value = attributes['w:val'] ?? '';
  if (name === 'w:vanish' || name === 'w:specVanish') look.isVanished = isOn(attributes);
  if (name === 'w:color') look.isWhite = /^f[c-f]f[c-f]f[c-f]$/i.test(value);
  if (name === 'w:sz') look.isTiny = Number(value) > 0 && Number(value) <= tinyHalfPoints;
  if (name === 'w:highlight' && value !== 'none') look.hasGround = true;
  if (name === 'w:shd' && !/^(?:auto|ffffff|)$/i.test(attributes['w:fill'] ?? '')) look.hasGround = true;
}

const maxAncestors = 20;

/** How each style looks, with what it takes from those that it is based on. */
export function readLooks(bytes: Buffer | null): Map<string, Look> {
  const own = new Map<string, { look: Look; parent: string }>();
  let style = { look: {}, parent: '' };
  if (bytes === null) return new Map();
  walkXml(bytes, {
    open(name, attributes) {
      if (name === 'w:style') {
        style = { look: {}, parent: '' };
        own.set(attributes['w:styleId'] ?? '', style);
      } else if (name === 'w:basedOn') style.parent = attributes['w:val'] ?? '';
      else readLook(style.look, name, attributes);
    },
  });
  const looks = new Map<string, Look>();
  for (const [id, { look, parent }] of own) {
    const line = [look];
    let above = own.get(parent);
    while (above !== undefined && line.length < maxAncestors) {
      line.unshift(above.look);
      above = own.get(above.parent);
    }
    looks.set(id, Object.assign({}, ...line));
  }
  return looks;
}

/** Parts whose ground comes from elsewhere: a table's style, a drawn shape. */
const grounded = new Set(['w:tbl', 'w:txbxContent']);

/**
 * Tells which runs of a Word document nobody sees: marked as hidden, of a point and a half or less, or white where
 * the page's own white is the only ground.
 */
export function createHiddenRuns(looks: ReadonlyMap<string, Look>, hasPageColour: boolean) {
  let grounds = hasPageColour ? 1 : 0;
  const paragraphs: Look[] = [];
  let run: Look | null = null;
  let hasHidden = false;
  return {
    open(name: string, attributes: Attributes): void {
      if (grounded.has(name)) grounds += 1;
      if (name === 'w:p') paragraphs.push({});
      const paragraph = paragraphs.at(-1);
      if (name === 'w:r') run = { ...paragraph };
      const style = name === 'w:rStyle' || name === 'w:pStyle' ? looks.get(attributes['w:val'] ?? '') : {};
      if (run !== null) {
        Object.assign(run, style);
        readLook(run, name, attributes);
      } else if (paragraph !== undefined) {
        Object.assign(paragraph, style);
        // the letters of the paragraph's own mark say nothing about its runs
        if (name === 'w:shd') readLook(paragraph, name, attributes);
      }
    },
    close(name: string): void {
      if (grounded.has(name)) grounds -= 1;
      if (name === 'w:p') paragraphs.pop();
      if (name === 'w:r') run = null;
    },
    /** Whether the open run is not seen. */
    isHidden(): boolean {
      if (run === null) return false;
      const isLost = run.isWhite === true && run.hasGround !== true && grounds === 0;
      const isHidden = run.isVanished === true || run.isTiny === true || isLost;
      hasHidden ||= isHidden;
      return isHidden;
    },
    hasHidden: () => hasHidden,
  };
}

export type HiddenRuns = ReturnType<typeof createHiddenRuns>;
