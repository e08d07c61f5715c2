type Attributes = Readonly<Record<string, string>>;

/** Points: letters smaller than this are a speck. */
const tinyPoints = 2;

/** Tells what of an OpenDocument file nobody sees, by its automatic styles and by marks in the text. */
export function createHiddenParts() {
  const unseen = new Set<string>();
  let style = '';
  let isWhite = false;
  let hasGround = false;
  let tables = 0;
  let hasHidden = false;

  /** Reads what a style says about being seen. */
  const readStyle = (name: string, attributes: Attributes) => {
    if (name === 'style:style') {
      style = attributes['style:name'] ?? '';
      isWhite = hasGround = false;
    }
    if (style === '') return;
    const ground = attributes['fo:background-color'];
    if (ground !== undefined && ground !== 'transparent') hasGround = true;
    if (name === 'style:text-properties') {
      if (/^#f[c-f]f[c-f]f[c-f]$/i.test(attributes['fo:color'] ?? '')) isWhite = true;
      const size = /^([\d.]+)pt$/.exec(attributes['fo:font-size'] ?? '')?.[1];
      if (attributes['text:display'] === 'none' || Number(size ?? tinyPoints) < tinyPoints) unseen.add(style);
    }
    if (name === 'style:table-properties' && attributes['table:display'] === 'false') unseen.add(style);
  };

  const isUnseen = (name: string, attributes: Attributes): boolean => {
    if (name === 'presentation:notes') return true;
    if (/^text:hidden-(?:text|paragraph)$/.test(name)) return attributes['text:is-hidden'] !== 'false';
    if (name === 'text:section' && attributes['text:display'] === 'none') return true;
    if (/^table:table-(?:row|column)$/.test(name))
      return /^(?:collapse|filter)$/.test(attributes['table:visibility'] ?? '');
    const used = attributes['text:style-name'] ?? attributes['table:style-name'] ?? '';
    const isLost = tables === 0 && unseen.has(`white ${used}`);
    return /^(?:text:(?:span|p|h)|table:table)$/.test(name) && (unseen.has(used) || isLost);
  };

  return {
    /** Whether nothing within this element is seen. */
    open(name: string, attributes: Attributes): boolean {
      readStyle(name, attributes);
      const isHidden = isUnseen(name, attributes);
      // speaker notes are left out of every file
      hasHidden ||= isHidden && name !== 'presentation:notes' && name !== 'table:table-column';
      if (name === 'table:table' && !isHidden) tables += 1;
      return isHidden;
    },
    close(name: string): void {
      if (name === 'style:style') {
        if (isWhite && !hasGround) unseen.add(`white ${style}`);
        style = '';
      }
      if (name === 'table:table') tables -= 1;
    },
    hasHidden: () => hasHidden,
  };
}
