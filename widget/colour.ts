/** sRGB channel (0..255) to linear light (WCAG 2.2, relative luminance). */
function linear(channel: number): number {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

function channels(hex: string): [number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** Relative luminance of `#rrggbb`, 0 (black) to 1 (white). */
export function luminance(hex: string): number {
  const [red, green, blue] = channels(hex);
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** WCAG contrast ratio of two colours, 1 to 21. */
export function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** Whether a text is a colour as `#rrggbb`. */
export function isHexColour(value: string): boolean {
  return /^#[0-9a-f]{6}$/iu.test(value);
}

/** White where it reaches 4.5:1 on the colour, else black, which then does. */
export function textOn(background: string): '#ffffff' | '#000000' {
  return contrast(background, '#ffffff') >= 4.5 ? '#ffffff' : '#000000';
}

/** The colour moved towards `target` in steps of 4 % until it contrasts with `background` by `ratio`. */
export function legibleOn(colour: string, background: string, ratio: number): string {
  const target = luminance(background) > 0.4 ? 0 : 255;
  const from = channels(colour);
  for (let step = 0; step <= 25; step += 1) {
    const mixed = from.map((channel) => Math.round(channel + ((target - channel) * step) / 25));
    const hex = `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
    if (contrast(hex, background) >= ratio) return hex;
  }
  return target === 0 ? '#000000' : '#ffffff';
}
