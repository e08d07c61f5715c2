import { isHexColour, legibleOn, textOn } from '../colour.ts';

/** Where the accent must be readable as text, in light and in dark. */
const backgrounds = { light: '#faf9f7', dark: '#2a312e' } as const;

/**
 * Applies the site's accent to the page through the CSSOM (no style attribute, which the frame's policy forbids).
 * Text on it and links in it stay readable whatever the owner chose.
 */
export function applyAccent(style: CSSStyleDeclaration, accent: string, isDark: boolean): void {
  if (!isHexColour(accent)) return;
  style.setProperty('--color-accent', accent);
  style.setProperty('--color-accent-text', textOn(accent));
  style.setProperty('--color-link', legibleOn(accent, backgrounds[isDark ? 'dark' : 'light'], 4.5));
}
