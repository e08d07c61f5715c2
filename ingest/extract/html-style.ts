const hiding = /^(?:display:none|visibility:hidden)/;
const speck = /^font-size:(?:0|0?\.\d+(?:px|pt)|[01](?:\.\d+)?(?:px|pt))(?:$|!)/;

const declarationsOf = (style: string): string[] =>
  style
    .toLowerCase()
    .split(';')
    .map((declaration) => declaration.replaceAll(/\s+/g, ''));

/**
 * Whether an element's own style hides it with all that is in it. Opacity does not: site builders begin with none and
 * fade their content in.
 */
export function isHidingStyle(style: string): boolean {
  return declarationsOf(style).some((declaration) => hiding.test(declaration));
}

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

/** Whether letters in this style cannot be seen: specks, or in the colour of their ground. */
export function isLostStyle(style: string): boolean {
  const declarations = declarationsOf(style);
  if (declarations.some((declaration) => speck.test(declaration))) return true;
  const colours = (name: RegExp) =>
    declarations
      .filter((declaration) => name.test(declaration))
      .map((declaration) => colourOf(declaration.replace(name, '')));
  const letters = colours(/^color:/).at(-1) ?? null;
  return letters !== null && colours(/^background(?:-color)?:/).at(-1) === letters;
}
