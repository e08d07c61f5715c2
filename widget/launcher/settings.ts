import { isHexColour } from '../colour.ts';

/** Corner of the window that the launcher sits in. */
export const positions = ['bottom-right', 'bottom-left', 'top-right', 'top-left'] as const;
export type Position = (typeof positions)[number];

export interface LauncherSettings {
  site: string;
  /** Origin of the chat server: the one the script came from. */
  origin: string;
  /** Address of the iframe's document. */
  frameUrl: string;
  position: Position;
  /** `#rrggbb`. */
  colour: string;
  opensAtStart: boolean;
}

export interface ScriptTag {
  src: string;
  dataset: Readonly<Record<string, string | undefined>>;
}

const defaultColour = '#1f6f5c';

/**
 * Reads the attributes of the one-line snippet. A tag manager that drops `data-` attributes may use
 * `widget.js?site=<id>` instead. Null when the tag names no site or has no address: then nothing is mounted.
 */
export function readSettings(
  script: ScriptTag,
  host: { origin: string; language: string },
): LauncherSettings | null {
  if (!URL.canParse(script.src)) return null;
  const address = new URL(script.src);
  const { site = address.searchParams.get('site') ?? '', position, color = '', open } = script.dataset;
  if (site === '') return null;
  const frame = new URL('./widget/frame', address);
  frame.search = new URLSearchParams({ site, host: host.origin, lang: host.language }).toString();
  return {
    site,
    origin: address.origin,
    frameUrl: frame.href,
    position: positions.find((known) => known === position) ?? 'bottom-right',
    colour: isHexColour(color) ? color : defaultColour,
    opensAtStart: open === 'true' || open === '',
  };
}
