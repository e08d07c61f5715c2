const hiding: readonly RegExp[] = [
  /^display:none/,
  /^visibility:hidden/,
  /^opacity:0?\.?0*(?:$|%|!)/,
  /^font-size:(?:0|0?\.\d+(?:px|pt)|[01](?:\.\d+)?(?:px|pt))(?:$|!)/,
];

/** A colour as it is compared; null where it is none of its own. */
function colourOf(value: string): string | null {
  const text = value.replace(/!important$/, '');
  if (text === 'white') return '#ffffff';
  if (text === 'black') return '#000000';
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/.exec(text);
  if (short !== null)
    return `#${short
      .slice(1)
      .map((digit) => digit + digit)
      .join('')}`;
  return /^#[0-9a-f]{6}$|^rgb\(/.test(text) ? text : null;
}

/** Whether an element's own style leaves nothing to see: hidden, transparent, a speck, or in the colour of its ground. */
export function isUnseenStyle(style: string): boolean {
  const declarations = style
    .toLowerCase()
    .split(';')
    .map((declaration) => declaration.replaceAll(/\s+/g, ''));
  if (declarations.some((declaration) => hiding.some((pattern) => pattern.test(declaration)))) return true;
  const colours = (name: RegExp) =>
    declarations
      .filter((declaration) => name.test(declaration))
      .map((declaration) => colourOf(declaration.replace(name, '')));
  const letters = colours(/^color:/).at(-1) ?? null;
  return letters !== null && colours(/^background(?:-color)?:/).at(-1) === letters;
}
