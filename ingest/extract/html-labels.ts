import { inlineText } from './html-text.ts';
import type { HtmlElement } from './html-tree.ts';
import type { Block } from './types.ts';

/** Headings of parts that are about other pages: matched as a whole. */
const otherPagesHeading =
  /^(?:(?:read |see |find |watch |view |show )?more(?: (?:from|in|on|about|like|by|stories|news|articles|posts|videos|to|for)\b.{0,40}| .{0,24})?|related(?: (?:articles?|content|pages?|links?|posts?|stories|topics?|tags?|videos?|news|products?|items|coverage|reading|searches|questions))?|(?:recommended|suggested|sponsored|promoted|featured|popular|latest|top|trending|most (?:read|popular|viewed|shared|recent)|editor'?s)(?: (?:articles?|content|posts?|stories|videos?|news|for you|picks?|reading|links?|now|today|headlines))*|you (?:may|might|could) (?:also )?(?:like|be interested.{0,20}|enjoy|want.{0,20})|(?:up|read|watch|what to read|what to watch|see) next|don'?t miss|in case you missed it|around the web|from the web|from our partners|comments?(?: \(?\d+\)?)?|leave a (?:reply|comment)|\d+ comments?|join the (?:conversation|discussion)|share(?: this)?(?: (?:article|story|page|post))?|tags|topics|categories|filed under|follow us.{0,20}|stay (?:connected|in touch|up to date).{0,20}|sign up.{0,40}|subscribe.{0,40}|(?:our )?newsletters?|about the authors?|advertisement|contents|on this page|in this article|table of contents|navigation|menu|search|was this (?:page|article|answer|information) (?:helpful|useful).{0,5}|did you find.{0,40}|still need help.{0,5})[\s:.…!?»>+-]*$/i;

/** Lines that lead elsewhere or tell of the page itself; matched at the start of a short paragraph. */
const referralLine =
  /^(?:related|read (?:more|also|next)|also read|see also|more|watch|listen|click here|go to|follow|sign up|subscribe|share|tweet|advertisement|continue reading|story continues|scroll (?:down|on)|post (?:a )?comment|sharing is caring|loading)\b/i;
const dateLine =
  /^(?:(?:first |last |originally )?(?:published|posted|updated|modified|created|edited|reviewed)|date)\b.{0,60}\d/i;
const creditLine =
  /^\(?(?:image|photo|picture|video|media|file)s?\s*(?:credit|copyright|source|by|courtesy)?\s*[:©/]|^©|getty images\)?$/i;

const headingTag = /^h[1-6]$/;

/** Whether a heading announces other pages or page furniture. */
export function isFurnitureHeading(text: string): boolean {
  return text.length <= 70 && otherPagesHeading.test(text.trim());
}

function startsWith(element: HtmlElement, heading: HtmlElement): boolean {
  for (let at: HtmlElement = heading; at !== element;) {
    const { parent } = at;
    if (parent === null) return false;
    const before = parent.children.slice(0, parent.children.indexOf(at));
    if (before.some((child) => (typeof child === 'string' ? child.trim() !== '' : child.textLength > 0)))
      return false;
    at = parent;
  }
  return true;
}

/** The largest part that begins with this heading and does not hold `keep`. */
function partOf(heading: HtmlElement, keep: HtmlElement): HtmlElement {
  let part = heading;
  for (let up = heading.parent; up !== null && !holds(up, keep) && startsWith(up, heading); up = up.parent)
    part = up;
  return part;
}

function holds(element: HtmlElement, other: HtmlElement): boolean {
  for (let up: HtmlElement | null = other; up !== null; up = up.parent) if (up === element) return true;
  return false;
}

/** Parts of a page that open with a heading such as "Related articles" and do not hold the main text. */
export function furnitureParts(root: HtmlElement, main: HtmlElement): Set<HtmlElement> {
  const parts = new Set<HtmlElement>();
  const walk = (element: HtmlElement) => {
    for (const child of element.children) {
      if (typeof child === 'string') continue;
      if (headingTag.test(child.tag) && isFurnitureHeading(inlineText(child))) parts.add(partOf(child, main));
      else walk(child);
    }
  };
  walk(root);
  return parts;
}

const wordsOf = (text: string) => text.split(/\s+/).length;

const yearPattern = /\b(?:19|20)\d\d\b/;
const clockPattern = /\b\d{1,2}[:.]\d\d\b/;

/** A short paragraph that says when it was written, whose picture it shows, or where else to go. */
function isFurnitureLine(entry: Block, linkShare: number): boolean {
  if (entry.type !== 'paragraph' || wordsOf(entry.text) > 22) return false;
  if (dateLine.test(entry.text) || creditLine.test(entry.text)) return true;
  if (wordsOf(entry.text) <= 14 && yearPattern.test(entry.text) && clockPattern.test(entry.text)) return true;
  return referralLine.test(entry.text) && (linkShare > 0.4 || wordsOf(entry.text) <= 3);
}

/** A block with the share of its letters that stands in links. */
export interface LinkedBlock extends Block {
  linkShare: number;
  /** True when all of its text is what images say. */
  isImage: boolean;
}

/** A page with this many words besides can do without lists that only lead elsewhere. */
const enoughWords = 150;

/** Links to other pages, without a word about them: whole lists, or headings with no text of their own. */
function isReferral(entry: LinkedBlock, next: LinkedBlock | undefined): boolean {
  if (entry.linkShare < 0.95) return false;
  if (entry.type === 'heading')
    return next === undefined || (next.type === 'heading' && next.level <= entry.level);
  const lines = entry.text.split('\n').length;
  return entry.type === 'list' && lines >= 2 && wordsOf(entry.text) / lines >= 4;
}

const galleryCount = /^\d{1,3} ?(?:of|\/) ?\d{1,3}(?=\D)/;

/** Drops furniture among the blocks: such lines, sections under such headings, and repeated paragraphs. */
export function dropFurniture(blocks: readonly LinkedBlock[]): Block[] {
  const kept: Block[] = [];
  const seen = new Set<string>();
  const plainWords = blocks.reduce((sum, { text, linkShare }) => sum + wordsOf(text) * (1 - linkShare), 0);
  const hasEnough = plainWords >= enoughWords;
  let isAfterReferral = false;
  blocks.forEach((linked, index) => {
    const { linkShare, isImage, ...entry } = linked;
    const near = kept.slice(-4).some((other) => other.text === entry.text);
    const isRepeated = wordsOf(entry.text) > 6 && (isImage ? seen.has(entry.text) : near);
    const isLinkList = isAfterReferral && entry.type === 'list' && linkShare > 0.8;
    const isElsewhere = hasEnough && isReferral(linked, blocks[index + 1]);
    const isGallery = entry.type === 'paragraph' && galleryCount.test(entry.text);
    isAfterReferral =
      isFurnitureLine(entry, linkShare) || (entry.type === 'heading' && isFurnitureHeading(entry.text));
    if (isRepeated || isLinkList || isElsewhere || isGallery || isAfterReferral) return;
    seen.add(entry.text);
    kept.push(entry);
  });
  return kept;
}
